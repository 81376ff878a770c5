//! The way out for the shells of agents.

use schemars::JsonSchema;
use serde::Serialize;

use super::container::{Container, OwnService, Probes};
use super::pod::Pod;
use super::scaling::Scaling;

/// A second squid, which runs wherever the local sandbox does.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgentSsrfProxy {
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub scaling: Scaling,
    /// Private networks that agents may reach after all, as in 10.1.2.0/24.
    #[schemars(inner(regex(pattern = r"^[0-9a-fA-F.:]+/[0-9]+$")))]
    pub allow_private_networks: Vec<String>,
    /// Names in private networks that agents may reach after all, as in .internal.example.com.
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

impl Default for AgentSsrfProxy {
    fn default() -> Self {
        Self {
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
