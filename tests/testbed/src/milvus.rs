//! Milvus standalone, in a network of its own: all its ports listen everywhere.

use std::process::Command;

use tempfile::TempDir;

use crate::isolated::Isolated;
use crate::peer::peer;

const GRPC: u16 = 19530;

/// A running Milvus that wants a password; `root` has [`Milvus::PASSWORD`].
pub struct Milvus {
    server: Isolated,
    _folder: TempDir,
}

impl Milvus {
    /// The password of `root`, which every new server has.
    pub const PASSWORD: &str = "Milvus";

    /// Starts one. It takes some ten seconds until it is ready, and is not waited for.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = Command::new("python3");
        command.args(["-c", "from milvus import main; main()"]);
        command.arg("--data").arg(folder.path().join("data"));
        command.args(["--authorization-enabled", "true"]).env("PYTHONPATH", peer("milvus"));
        let server = Isolated::start("milvus", folder.path(), &command, &[GRPC]);
        Self { server, _folder: folder }
    }

    /// The port of its gRPC API.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.server.port(GRPC)
    }
}
