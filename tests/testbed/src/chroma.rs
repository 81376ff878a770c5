//! Chroma, old and new.

use std::process::Command;

use tempfile::TempDir;

use crate::peer::peer;
use crate::process::{Process, free_port};

/// A running Chroma.
pub struct Chroma {
    /// The port of its HTTP API.
    pub port: u16,
    _process: Process,
    _folder: TempDir,
}

impl Chroma {
    /// The token of one that wants a token.
    pub const TOKEN: &str = "chroma-token";

    /// A present release, which knows no login.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn present() -> Self {
        Self::start("chroma", &[])
    }

    /// The release that Dify's client belongs to, with a login by token.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn with_token() -> Self {
        let provider = "chromadb.auth.token_authn.TokenAuthenticationServerProvider";
        let variables =
            [("CHROMA_SERVER_AUTHN_PROVIDER", provider), ("CHROMA_SERVER_AUTHN_CREDENTIALS", Self::TOKEN)];
        Self::start("chroma-0.5", &variables)
    }

    fn start(recipe: &str, variables: &[(&str, &str)]) -> Self {
        let (folder, port, server) = (tempfile::tempdir().expect("a folder"), free_port(), peer(recipe));
        let mut command = Command::new("python3");
        command.arg(server.join("bin/chroma")).args([
            "run",
            "--host",
            "127.0.0.1",
            "--port",
            &port.to_string(),
        ]);
        command.arg("--path").arg(folder.path().join("data")).current_dir(folder.path());
        command.env("PYTHONPATH", server).env("ANONYMIZED_TELEMETRY", "False");
        command.envs(variables.iter().copied());
        let mut process = Process::spawn(recipe, folder.path(), command);
        process.wait_for_port(port);
        Self { port, _process: process, _folder: folder }
    }
}
