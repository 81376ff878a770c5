//! What can be set for the main container of a component of Dify.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::pod::Fragment;

/// What can be set for the main container.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Container {
    /// The program, in the place of the image's or the chart's.
    pub command: Vec<String>,
    /// Its arguments.
    pub args: Vec<String>,
    /// What runs after the container starts and before it stops, whole.
    pub lifecycle: Fragment,
    /// Takes the place of the startup probe, whole.
    pub custom_startup_probe: Fragment,
    /// Takes the place of the readiness probe, whole.
    pub custom_readiness_probe: Fragment,
    /// Takes the place of the liveness probe, whole.
    pub custom_liveness_probe: Fragment,
}

/// The Service of a component that only other components call.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnService {
    /// Its annotations, as a mesh reads them.
    pub annotations: BTreeMap<String, String>,
    /// Its labels, beside those of the chart.
    pub labels: BTreeMap<String, String>,
    /// Its address in the cluster; empty lets the cluster choose.
    #[serde(rename = "clusterIP")]
    #[schemars(regex(pattern = r"^(None|[0-9a-fA-F.:]*)$"))]
    pub cluster_ip: String,
}

/// What is asked of a container that answers requests.
#[allow(clippy::struct_field_names, reason = "the names are Kubernetes' own")]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Probes {
    /// Asked until the container has answered once; the start may take a quarter of an hour.
    pub startup_probe: Probe,
    /// Asked for ever; a pod that does not answer gets no requests.
    pub readiness_probe: Probe,
    /// Asked for ever; a container that does not answer is restarted. It asks for the process alone.
    pub liveness_probe: Probe,
}

impl Default for Probes {
    fn default() -> Self {
        Self {
            startup_probe: Probe::new(2, 5, 450),
            readiness_probe: Probe::new(5, 5, 3),
            liveness_probe: Probe::new(30, 10, 6),
        }
    }
}

/// One question that the kubelet asks.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Probe {
    /// Whether it is asked.
    pub enabled: bool,
    /// Seconds between two questions.
    #[schemars(range(min = 1, max = 3600))]
    pub period_seconds: u32,
    /// Seconds that an answer may take.
    #[schemars(range(min = 1, max = 3600))]
    pub timeout_seconds: u32,
    /// So many failures in a row count.
    #[schemars(range(min = 1, max = 10000))]
    pub failure_threshold: u32,
}

impl Probe {
    pub(super) fn new(period_seconds: u32, timeout_seconds: u32, failure_threshold: u32) -> Self {
        Self { enabled: true, period_seconds, timeout_seconds, failure_threshold }
    }
}
