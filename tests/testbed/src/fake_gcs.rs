//! fake-gcs-server: an emulator of Google Cloud Storage. It looks at no token.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use crate::peer;
use crate::process::{Process, free_port};

/// A running server.
pub struct FakeGcs {
    /// Where it listens on 127.0.0.1.
    pub port: u16,
    /// For signals.
    pub process: Process,
    _folder: TempDir,
}

impl FakeGcs {
    /// A server without a bucket, running.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let port = free_port();
        let mut command = Command::new(peer("fake-gcs-server").join("fake-gcs-server"));
        command.args(["-backend", "memory", "-scheme", "http", "-host", "127.0.0.1", "-port"]);
        command.arg(port.to_string()).args(["-public-host", &format!("127.0.0.1:{port}")]);
        command.env_clear().env("HOME", folder.path());
        let mut process = Process::spawn("fake-gcs-server", folder.path(), command);
        process.wait_for_port(port);
        Self { port, process, _folder: folder }
    }

    /// Its URL by address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// A service account with a key of its own.
pub struct ServiceAccount {
    folder: TempDir,
}

impl Default for ServiceAccount {
    fn default() -> Self {
        Self::new()
    }
}

impl ServiceAccount {
    /// Makes a key.
    ///
    /// # Panics
    /// If openssl cannot.
    #[must_use]
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let made = Self::openssl(
            &folder,
            "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem && openssl pkey -in key.pem -pubout -out public.pem",
        );
        assert!(made, "openssl makes no key");
        Self { folder }
    }

    /// The private key.
    ///
    /// # Panics
    /// If it cannot be read.
    #[must_use]
    pub fn key(&self) -> String {
        fs::read_to_string(self.folder.path().join("key.pem")).expect("a key")
    }

    /// The JSON file of the key, with another token server.
    #[must_use]
    pub fn json(&self, token_uri: &str) -> String {
        serde_json::json!({
            "type": "service_account",
            "project_id": "dify-test",
            "private_key_id": "7f3a",
            "private_key": self.key(),
            "client_email": "dify@dify-test.iam.gserviceaccount.com",
            "client_id": "1",
            "token_uri": token_uri,
        })
        .to_string()
    }

    /// Whether an assertion was signed with this key.
    ///
    /// # Panics
    /// If files cannot be written.
    #[must_use]
    pub fn signed(&self, assertion: &str) -> bool {
        let Some((text, signature)) = assertion.rsplit_once('.') else { return false };
        fs::write(self.folder.path().join("text"), text).expect("a file");
        fs::write(self.folder.path().join("signature"), format!("{signature}==")).expect("a file");
        Self::openssl(
            &self.folder,
            "tr '_-' '/+' < signature | base64 -di > raw 2>/dev/null; \
             openssl dgst -sha256 -verify public.pem -signature raw text",
        )
    }

    fn openssl(folder: &TempDir, script: &str) -> bool {
        let mut command = Command::new("sh");
        command.args(["-c", script]).current_dir(folder.path());
        command.output().expect("sh").status.success()
    }
}
