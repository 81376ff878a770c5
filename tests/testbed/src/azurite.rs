//! Azurite: Microsoft's emulator of Azure Storage, blobs alone.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use crate::peer;
use crate::process::{Process, free_port};
use crate::recorded_signature::base64;

/// Its one account.
pub const ACCOUNT: &str = "difystore";
/// The key of that account, in base64.
pub const KEY: &str = "Y2FuYXJ5LWFjY291bnQta2V5LTdmM2E=";

/// A running server.
pub struct Azurite {
    /// Where it listens on 127.0.0.1.
    pub port: u16,
    scheme: &'static str,
    /// For signals.
    pub process: Process,
    _folder: TempDir,
}

impl Azurite {
    /// A server without a container, running.
    #[must_use]
    pub fn start() -> Self {
        Self::run(None)
    }

    /// The same for TLS only, which takes tokens of Entra ID and looks at their claims; both are PEM.
    #[must_use]
    pub fn with_tokens(certificate: &str, key: &str) -> Self {
        Self::run(Some((certificate, key)))
    }

    fn run(tls: Option<(&str, &str)>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let port = free_port();
        let mut command = Command::new("node");
        command.arg(peer("azurite").join("node_modules/azurite/dist/src/blob/main.js"));
        command.args(["--blobHost", "127.0.0.1", "--blobPort", &port.to_string(), "--location"]);
        command.arg(folder.path()).args([
            "--silent",
            "--skipApiVersionCheck",
            "--disableTelemetry",
            "--disableProductStyleUrl",
        ]);
        if let Some((certificate, key)) = tls {
            let (cert, pem) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
            fs::write(&cert, certificate).expect("a file");
            fs::write(&pem, key).expect("a file");
            command.args(["--oauth", "basic", "--cert"]).arg(cert).arg("--key").arg(pem);
        }
        command.env("AZURITE_ACCOUNTS", format!("{ACCOUNT}:{KEY}")).env("HOME", folder.path());
        let mut process = Process::spawn("azurite", folder.path(), command);
        process.wait_for_port(port);
        Self { port, scheme: if tls.is_some() { "https" } else { "http" }, process, _folder: folder }
    }

    /// Its URL by address, with the account in the path.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}://127.0.0.1:{}/{ACCOUNT}", self.scheme, self.port)
    }

    /// The api's variables for a container of it.
    #[must_use]
    pub fn variables(&self, container: &str) -> Vec<(&'static str, String)> {
        variables(&self.url(), container)
    }

    /// The daemon's connection string.
    #[must_use]
    pub fn connection_string(&self) -> String {
        format!(
            "DefaultEndpointsProtocol={};AccountName={ACCOUNT};AccountKey={KEY};BlobEndpoint={};",
            self.scheme,
            self.url()
        )
    }
}

/// The api's variables for a container of any server of this kind.
#[must_use]
pub fn variables(url: &str, container: &str) -> Vec<(&'static str, String)> {
    vec![
        ("STORAGE_TYPE", "azure-blob".to_owned()),
        ("AZURE_BLOB_ACCOUNT_URL", url.to_owned()),
        ("AZURE_BLOB_CONTAINER_NAME", container.to_owned()),
        ("AZURE_BLOB_ACCOUNT_NAME", ACCOUNT.to_owned()),
        ("AZURE_BLOB_ACCOUNT_KEY", KEY.to_owned()),
    ]
}

/// What `AZURE_CLIENT_ID` and its like are in tests; the emulator looks at their form.
pub const TENANT: &str = "4a1b6d1e-2c33-4d55-8e77-9f00aa11bb22";

/// A token with the claims that Azurite wants to see; it does not look at its signature.
#[must_use]
pub fn token(seconds: i64) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(now.as_secs()).unwrap_or_default();
    let claims = serde_json::json!({
        "aud": "https://storage.azure.com",
        "iss": format!("https://sts.windows.net/{TENANT}/"),
        "nbf": now - 7200,
        "iat": now - 7200,
        "exp": now + seconds,
    });
    let encode = |text: &str| base64url(text.as_bytes());
    format!("{}.{}.{}", encode(r#"{"alg":"RS256","typ":"JWT"}"#), encode(&claims.to_string()), encode("sign"))
}

fn base64url(bytes: &[u8]) -> String {
    base64(bytes).replace('+', "-").replace('/', "_").replace('=', "")
}
