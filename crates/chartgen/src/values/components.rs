//! The components, each with its own section.

use schemars::JsonSchema;
use serde::Serialize;

use super::container::{Container, Probe, Probes};
use super::pod::{Files, Pod};
use super::scaling::{Keda, Scaling};

/// Answers the console, the apps and the service API.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Api {
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub scaling: Scaling,
    /// How much api, worker and beat log.
    pub log_level: LogLevel,
    /// Where files are kept without a store of objects; worker and beat mount it too.
    pub persistence: Files,
    /// How long a pod may take to finish its requests; streamed runs end with it.
    #[schemars(range(min = 0, max = 86400))]
    pub termination_grace_period_seconds: u32,
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

impl Default for Api {
    fn default() -> Self {
        Self {
            scaling: Scaling::default(),
            log_level: LogLevel::Info,
            persistence: Files::sized("5Gi"),
            termination_grace_period_seconds: 60,
            probes: Probes::default(),
            container: Container::default(),
            pod: Pod::sized("100m", "512Mi", "2Gi"),
        }
    }
}

/// How much is logged.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "the names are Python's own")]
pub enum LogLevel {
    Debug,
    Info,
    Warning,
    Error,
}

/// Runs tasks from the queues.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Worker {
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub scaling: Scaling,
    /// How long a pod may take to finish its tasks before they are cut off; the queues give it no new ones.
    #[schemars(range(min = 0, max = 86400))]
    pub termination_grace_period_seconds: u32,
    /// How many tasks one pod runs at once.
    #[schemars(range(min = 1, max = 1000))]
    pub concurrency: u32,
    /// The queues that it takes tasks from; empty means all that no pool takes.
    #[schemars(inner(regex(pattern = r"^[A-Za-z0-9_.-]+$")))]
    pub queues: Vec<String>,
    /// Queues that this release of Dify does not have, of a Dify that you changed.
    #[schemars(inner(regex(pattern = r"^[A-Za-z0-9_.-]+$")))]
    pub own_queues: Vec<String>,
    /// Lets KEDA choose how many, by how many tasks wait.
    pub keda: Keda,
    /// Asked until the worker has answered once, so that an upgrade does not stop the old one before. Needs Dify 1.14 or later.
    pub startup_probe: Probe,
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub container: Container,
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub pod: Pod,
}

impl Default for Worker {
    fn default() -> Self {
        Self {
            scaling: Scaling::default(),
            termination_grace_period_seconds: 300,
            concurrency: 1,
            queues: Vec::new(),
            own_queues: Vec::new(),
            keda: Keda::default(),
            startup_probe: Probe::new(10, 30, 90),
            container: Container::default(),
            pod: Pod::sized("100m", "512Mi", "2Gi"),
        }
    }
}

/// Puts periodic tasks into the queues.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Beat {
    /// How long a pod may take to finish what it does before it is cut off.
    #[schemars(range(min = 0, max = 86400))]
    pub termination_grace_period_seconds: u32,
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub container: Container,
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub pod: Pod,
}

impl Default for Beat {
    fn default() -> Self {
        Self {
            termination_grace_period_seconds: 30,
            container: Container::default(),
            pod: Pod::sized("50m", "256Mi", "1Gi"),
        }
    }
}

/// Serves the pages.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Web {
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub scaling: Scaling,
    /// How long a pod may take to finish what it does before it is cut off.
    #[schemars(range(min = 0, max = 86400))]
    pub termination_grace_period_seconds: u32,
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

impl Default for Web {
    fn default() -> Self {
        Self {
            scaling: Scaling::default(),
            termination_grace_period_seconds: 30,
            probes: Probes::default(),
            container: Container::default(),
            pod: Pod::sized("50m", "128Mi", "512Mi"),
        }
    }
}

/// nginx.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Proxy {
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub scaling: Scaling,
    /// The largest body of a request: uploads, plugin packages.
    #[schemars(regex(pattern = r"^[0-9]+[kKmMgG]?$"))]
    pub client_max_body_size: String,
    /// How many nginx processes; one per CPU of the node would be far too many on large nodes.
    #[schemars(range(min = 1, max = 256))]
    pub worker_processes: u32,
    /// How long a pod may take to finish what it does before it is cut off.
    #[schemars(range(min = 0, max = 86400))]
    pub termination_grace_period_seconds: u32,
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

impl Default for Proxy {
    fn default() -> Self {
        Self {
            scaling: Scaling::default(),
            client_max_body_size: "100m".to_owned(),
            worker_processes: 2,
            termination_grace_period_seconds: 60,
            probes: Probes::default(),
            container: Container::default(),
            pod: Pod::sized("10m", "16Mi", "128Mi"),
        }
    }
}

/// Runs the code of code nodes.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sandbox {
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub scaling: Scaling,
    /// Seconds that a piece of code may run.
    #[schemars(range(min = 1, max = 3600))]
    pub worker_timeout: u32,
    /// Whether code may open connections; they go through the SSRF proxy.
    pub enable_network: bool,
    /// How long a pod may take to finish what it does before it is cut off.
    #[schemars(range(min = 0, max = 86400))]
    pub termination_grace_period_seconds: u32,
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

impl Default for Sandbox {
    fn default() -> Self {
        Self {
            scaling: Scaling::default(),
            worker_timeout: 15,
            enable_network: true,
            termination_grace_period_seconds: 60,
            probes: Probes::default(),
            container: Container::default(),
            pod: Pod::sized("50m", "64Mi", "1Gi"),
        }
    }
}

/// squid.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SsrfProxy {
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub scaling: Scaling,
    /// Private networks that may be reached after all, as in 10.1.2.0/24.
    #[schemars(inner(regex(pattern = r"^[0-9a-fA-F.:]+/[0-9]+$")))]
    pub allow_private_networks: Vec<String>,
    /// Names in private networks that may be reached after all, as in .internal.example.com.
    pub allow_private_domains: Vec<String>,
    /// How long a pod may take to finish what it does before it is cut off.
    #[schemars(range(min = 0, max = 86400))]
    pub termination_grace_period_seconds: u32,
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

impl Default for SsrfProxy {
    fn default() -> Self {
        Self {
            scaling: Scaling::default(),
            allow_private_networks: Vec::new(),
            allow_private_domains: Vec::new(),
            termination_grace_period_seconds: 30,
            probes: Probes::default(),
            container: Container::default(),
            pod: Pod::sized("10m", "32Mi", "256Mi"),
        }
    }
}

/// Runs plugins.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PluginDaemon {
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub scaling: Scaling,
    /// The largest plugin package in bytes.
    #[schemars(range(min = 1, max = 1_073_741_824))]
    pub max_package_size: u32,
    /// Whether packages without a signature are refused.
    pub force_verifying_signature: bool,
    /// Where packages are kept without a store of objects.
    pub persistence: Files,
    /// How long a pod may take to finish what it does before it is cut off.
    #[schemars(range(min = 0, max = 86400))]
    pub termination_grace_period_seconds: u32,
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

impl Default for PluginDaemon {
    fn default() -> Self {
        Self {
            scaling: Scaling::default(),
            max_package_size: 52_428_800,
            force_verifying_signature: true,
            persistence: Files::sized("5Gi"),
            termination_grace_period_seconds: 60,
            probes: Probes::default(),
            container: Container::default(),
            pod: Pod::sized("50m", "128Mi", "2Gi"),
        }
    }
}

/// Runs agents.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgentBackend {
    /// Whether the agent backend and its sandbox run. It cannot follow a Redis behind Sentinels.
    pub enabled: bool,
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub scaling: Scaling,
    /// How long a pod may take to finish what it does before it is cut off.
    #[schemars(range(min = 0, max = 86400))]
    pub termination_grace_period_seconds: u32,
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

impl Default for AgentBackend {
    fn default() -> Self {
        Self {
            enabled: false,
            scaling: Scaling::default(),
            termination_grace_period_seconds: 60,
            probes: Probes::default(),
            container: Container::default(),
            pod: Pod::sized("50m", "128Mi", "1Gi"),
        }
    }
}

/// The shell that agents work in.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LocalSandbox {
    /// How long a pod may take to finish what it does before it is cut off.
    #[schemars(range(min = 0, max = 86400))]
    pub termination_grace_period_seconds: u32,
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

impl Default for LocalSandbox {
    fn default() -> Self {
        Self {
            termination_grace_period_seconds: 30,
            probes: Probes::default(),
            container: Container::default(),
            pod: Pod::sized("50m", "128Mi", "1Gi"),
        }
    }
}
