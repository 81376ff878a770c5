//! `OpenSearch`, with and without its plugins, and an old Elasticsearch.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::peer::peer;
use crate::process::{Process, free_port};

const PLUGINS: &str = "org.opensearch.knn.plugin.KNNPlugin,org.opensearch.security.OpenSearchSecurityPlugin";

/// A running node.
pub struct OpenSearch {
    /// The port of its HTTP API.
    pub port: u16,
    _process: Process,
    _folder: TempDir,
}

impl OpenSearch {
    /// One that holds vectors and wants a password; `admin` has the password `admin`, `readall` may little. For some
    /// seconds after its port is open it knows no user.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn start() -> Self {
        let (folder, server) = (tempfile::tempdir().expect("a folder"), peer("opensearch"));
        let config = folder.path().join("base/node_1/config");
        let users = config.join("opensearch-security");
        fs::create_dir_all(&users).expect("a folder");
        for file in ["node.pem", "key.pem"] {
            fs::copy(server.join(file), config.join(file)).expect("a certificate");
        }
        for file in fs::read_dir(server.join("security/config")).expect("its users").flatten() {
            fs::copy(file.path(), users.join(file.file_name())).expect("its users");
        }
        Self::run(folder, &server, "lib/*:knn/*:security/*", PLUGINS)
    }

    /// One without any plugin, that wants nothing.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn bare() -> Self {
        Self::run(tempfile::tempdir().expect("a folder"), &peer("opensearch"), "lib/*", "")
    }

    /// Elasticsearch 7.10.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn elasticsearch_7() -> Self {
        Self::run(tempfile::tempdir().expect("a folder"), &peer("elasticsearch-7"), "lib/*", "")
    }

    fn run(folder: TempDir, server: &Path, jars: &str, plugins: &str) -> Self {
        let port = free_port();
        let mut command = Command::new("java");
        command.args([
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            &format!("{jars}:."),
            "Run",
        ]);
        command.arg(folder.path().join("base")).args([&port.to_string(), plugins]).current_dir(server);
        let mut process = Process::spawn("opensearch", folder.path(), command);
        process.wait_for_port(port);
        Self { port, _process: process, _folder: folder }
    }
}
