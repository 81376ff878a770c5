//! The components, each with its own section.

use schemars::JsonSchema;
use serde::Serialize;

use super::container::{Container, OwnService, Probe, Probes};
use super::pod::{Files, Fragment, Pod};
use super::scaling::{Keda, Scaling};
use super::settings::Settings;

/// Answers the console, the apps and the service API.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Api {
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub scaling: Scaling,
    /// How much api, worker and beat log.
    pub log_level: LogLevel,
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub settings: Settings,
    /// Where files are kept without a store of objects; worker and beat mount it too.
    pub persistence: Files,
    /// How long a pod may take to finish its requests; streamed runs end with it.
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

impl Default for Api {
    fn default() -> Self {
        Self {
            scaling: Scaling::default(),
            log_level: LogLevel::Info,
            settings: Settings::default(),
            persistence: Files::sized("5Gi"),
            termination_grace_period_seconds: 60,
            service: OwnService::default(),
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
    /// Whether the chart runs workers. Somebody must: without one nothing is indexed and no workflow runs to its end.
    pub enabled: bool,
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
    /// Asked until the worker has answered once, so that an upgrade does not stop the old one before. Dify before 1.14 cannot be asked.
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
            enabled: true,
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
    /// Whether it runs. Without it nothing happens by the clock: schedules, clean-up.
    pub enabled: bool,
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
            enabled: true,
            termination_grace_period_seconds: 30,
            container: Container::default(),
            pod: Pod::sized("50m", "256Mi", "1Gi"),
        }
    }
}

/// nginx.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Proxy {
    /// Whether it runs. Without it the Ingress or the HTTPRoute leads straight to the components.
    pub enabled: bool,
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
            enabled: true,
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
    /// Whether it runs. Without it code nodes fail.
    pub enabled: bool,
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub scaling: Scaling,
    /// Seconds that a piece of code may run.
    #[schemars(range(min = 1, max = 3600))]
    pub worker_timeout: u32,
    /// How many pieces of code run at once in a pod.
    #[schemars(range(min = 1, max = 1000))]
    pub max_workers: u32,
    /// How many pieces of code a pod takes at once, those that wait with them.
    #[schemars(range(min = 1, max = 100_000))]
    pub max_requests: u32,
    /// Whether code may open connections; they go through the SSRF proxy.
    pub enable_network: bool,
    /// Python packages for code nodes, a line of a requirements file each, as in numpy==2.2.1. They are installed when a pod
    /// starts, by way of the SSRF proxy.
    #[schemars(inner(regex(pattern = r"^[^\s#][^\r\n]*$")))]
    pub python_packages: Vec<String>,
    /// Where they come from, as in https://pypi.example.com/simple; empty means the public place.
    #[schemars(regex(pattern = r"^(https?://[^\s]+)?$"))]
    pub pip_mirror_url: String,
    /// The numbers of the system calls that code may make, in place of the sandbox's own list: code that fails with "operation
    /// not permitted" makes another. Empty means the sandbox's own list.
    #[schemars(inner(range(min = 0, max = 1023)))]
    pub allowed_syscalls: Vec<u32>,
    /// How long a pod may take to finish what it does before it is cut off.
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

impl Default for Sandbox {
    fn default() -> Self {
        Self {
            enabled: true,
            scaling: Scaling::default(),
            worker_timeout: 15,
            max_workers: 4,
            max_requests: 50,
            enable_network: true,
            python_packages: Vec::new(),
            pip_mirror_url: String::new(),
            allowed_syscalls: Vec::new(),
            termination_grace_period_seconds: 60,
            service: OwnService::default(),
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
    /// Whether it runs. Without it requests whose address a user chose go wherever the cluster lets them.
    pub enabled: bool,
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub scaling: Scaling,
    /// Private networks that may be reached after all, as in 10.1.2.0/24.
    #[schemars(inner(regex(pattern = r"^[0-9a-fA-F.:]+/[0-9]+$")))]
    pub allow_private_networks: Vec<String>,
    /// Names in private networks that may be reached after all, as in .internal.example.com.
    #[schemars(inner(regex(pattern = r"^[A-Za-z0-9._-]+$")))]
    pub allow_private_domains: Vec<String>,
    /// How long a pod may take to finish what it does before it is cut off.
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

impl Default for SsrfProxy {
    fn default() -> Self {
        Self {
            enabled: true,
            scaling: Scaling::default(),
            allow_private_networks: Vec::new(),
            allow_private_domains: Vec::new(),
            termination_grace_period_seconds: 30,
            service: OwnService::default(),
            probes: Probes::default(),
            container: Container::default(),
            pod: Pod::sized("10m", "32Mi", "256Mi"),
        }
    }
}

/// Runs plugins.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct PluginDaemon {
    /// Whether it runs. Without it there are no plugins, and model providers are plugins.
    pub enabled: bool,
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub scaling: Scaling,
    /// The largest plugin package in bytes.
    #[schemars(range(min = 1, max = 1_073_741_824))]
    pub max_package_size: u32,
    /// Whether packages without a signature are refused.
    pub force_verifying_signature: bool,
    /// Where Python packages of plugins come from, as in https://pypi.example.com/simple; empty means the public place.
    #[schemars(regex(pattern = r"^(https?://[^\s]+)?$"))]
    pub pip_mirror_url: String,
    /// Install a plugin's packages without its lock file, which names public addresses: where only a mirror can be reached.
    /// Dify 1.14 and later.
    pub ignore_uv_lock: bool,
    /// Seconds that the installation of a plugin's packages may take.
    #[schemars(range(min = 10, max = 86400))]
    pub python_env_init_timeout: u32,
    /// Seconds that one call of a plugin may take; the api waits as long.
    #[schemars(range(min = 10, max = 86400))]
    pub max_execution_timeout: u32,
    /// Make the tables before the start, in an init container and one pod after the other: two daemons that make them at once
    /// fail. false for an image without /app/commandline. Dify 1.14 and later.
    pub migrate: bool,
    /// Where packages are kept without a store of objects.
    pub persistence: Files,
    /// The volume of the environments that plugins run in, as Kubernetes spells it. Empty means one that goes with the pod: after
    /// every restart the packages of every plugin are installed anew. {persistentVolumeClaim: {claimName: ...}} keeps them.
    pub working_volume: Fragment,
    /// How long a pod may take to finish what it does before it is cut off.
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

impl Default for PluginDaemon {
    fn default() -> Self {
        Self {
            enabled: true,
            scaling: Scaling::default(),
            max_package_size: 52_428_800,
            force_verifying_signature: true,
            pip_mirror_url: String::new(),
            ignore_uv_lock: false,
            python_env_init_timeout: 120,
            max_execution_timeout: 600,
            migrate: true,
            persistence: Files::sized("5Gi"),
            working_volume: Fragment::default(),
            termination_grace_period_seconds: 60,
            service: OwnService::default(),
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

impl Default for AgentBackend {
    fn default() -> Self {
        Self {
            enabled: false,
            scaling: Scaling::default(),
            termination_grace_period_seconds: 60,
            service: OwnService::default(),
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
    /// Whether it runs, if the agent backend does.
    pub enabled: bool,
    /// How long a pod may take to finish what it does before it is cut off.
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

impl Default for LocalSandbox {
    fn default() -> Self {
        Self {
            enabled: true,
            termination_grace_period_seconds: 30,
            service: OwnService::default(),
            probes: Probes::default(),
            container: Container::default(),
            pod: Pod::sized("50m", "128Mi", "1Gi"),
        }
    }
}
