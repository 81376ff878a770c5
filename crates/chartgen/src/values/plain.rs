//! The section of a component that has no settings of its own.

use schemars::JsonSchema;
use serde::Serialize;

use super::container::{Container, OwnService, Probes};
use super::pod::Pod;
use super::scaling::Scaling;

/// A component without settings of its own.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Plain {
    /// Whether it runs.
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

impl Plain {
    /// One that runs by default, and asks for so much CPU and memory, and at most for so much memory.
    #[must_use]
    pub fn sized(cpu: &str, memory: &str, most: &str) -> Self {
        Self {
            enabled: true,
            scaling: Scaling::default(),
            termination_grace_period_seconds: 30,
            service: OwnService::default(),
            probes: Probes::default(),
            container: Container::default(),
            pod: Pod::sized(cpu, memory, most),
        }
    }
}
