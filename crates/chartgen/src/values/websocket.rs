//! The api's second self, which carries the editor's collaboration.

use schemars::JsonSchema;
use serde::Serialize;

use super::container::{Container, OwnService, Probes};
use super::pod::Pod;
use super::scaling::Scaling;

/// Lets several people edit one workflow at once, over websockets.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiWebsocket {
    /// Whether it runs (Dify 1.14.1 and later). It reads the api's variables and mounts the api's files.
    pub enabled: bool,
    /// Where browsers open their websocket, as in wss://dify.example.com. Empty means global.consoleApiDomain.
    #[schemars(regex(pattern = r"^(wss?://[^\s/]+)?$"))]
    pub socket_url: String,
    /// How many connections a pod may hold: one for each open editor.
    #[schemars(range(min = 1, max = 100_000))]
    pub worker_connections: u32,
    /// Seconds after which a process that says nothing is replaced.
    #[schemars(range(min = 1, max = 86400))]
    pub gunicorn_timeout: u32,
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub scaling: Scaling,
    /// How long a pod may take to finish what it does before it is cut off; editors connect anew.
    #[schemars(range(min = 0, max = 86400))]
    pub termination_grace_period_seconds: u32,
    /// Its Service, which is for the installation alone.
    pub service: OwnService,
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub probes: Probes,
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub container: Container,
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub pod: Pod,
}

impl Default for ApiWebsocket {
    fn default() -> Self {
        Self {
            enabled: false,
            socket_url: String::new(),
            worker_connections: 1000,
            gunicorn_timeout: 360,
            scaling: Scaling::default(),
            termination_grace_period_seconds: 30,
            service: OwnService::default(),
            probes: Probes::default(),
            container: Container::default(),
            pod: Pod::sized("100m", "512Mi", "2Gi"),
        }
    }
}
