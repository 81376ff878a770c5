//! Weaviate, in a network of its own: its gRPC port listens everywhere.

use std::process::Command;

use tempfile::TempDir;

use crate::isolated::Isolated;
use crate::peer::peer;

const HTTP: u16 = 8080;
const GRPC: u16 = 50051;

/// The key of a user who may do everything.
pub const KEY: &str = "weaviate-key";
/// The key of a user without any role; matters only with roles.
pub const BOUND_KEY: &str = "weaviate-bound-key";

/// A running Weaviate.
pub struct Weaviate {
    server: Isolated,
    _folder: TempDir,
}

impl Weaviate {
    /// Starts one that lets in who has a key, and, with roles, lets only the first key do anything. It may take seconds
    /// until it is ready.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn start(roles: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = Command::new(peer("weaviate").join("weaviate-server"));
        command.args(["--host", "127.0.0.1", "--port", "8080", "--scheme", "http"]).envs([
            ("AUTHENTICATION_APIKEY_ENABLED", "true"),
            ("AUTHENTICATION_APIKEY_ALLOWED_KEYS", &format!("{KEY},{BOUND_KEY}")),
            ("AUTHENTICATION_APIKEY_USERS", "owner,bound"),
            ("AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED", "false"),
            ("AUTHORIZATION_RBAC_ENABLED", if roles { "true" } else { "false" }),
            ("AUTHORIZATION_RBAC_ROOT_USERS", "owner"),
            ("PERSISTENCE_DATA_PATH", &folder.path().join("data").to_string_lossy()),
            // Else it takes an address of each kind, and stumbles over its own.
            ("CLUSTER_ADVERTISE_ADDR", "127.0.0.1"),
            ("CLUSTER_HOSTNAME", "node1"),
            ("RAFT_BOOTSTRAP_EXPECT", "1"),
            ("DISABLE_TELEMETRY", "true"),
        ]);
        let server = Isolated::start("weaviate", folder.path(), &command, &[HTTP, GRPC]);
        server.wait_for_port(HTTP);
        Self { server, _folder: folder }
    }

    /// The port of its HTTP API.
    #[must_use]
    pub fn http(&self) -> u16 {
        self.server.port(HTTP)
    }

    /// The port of its gRPC API.
    #[must_use]
    pub fn grpc(&self) -> u16 {
        self.server.port(GRPC)
    }
}
