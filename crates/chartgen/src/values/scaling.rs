//! How many pods a component has.

use schemars::JsonSchema;
use serde::Serialize;

use super::pod::Fragment;

/// How many pods a component has.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Scaling {
    /// How many pods.
    #[schemars(range(min = 0, max = 1000))]
    pub replicas: u32,
    /// Lets the cluster choose how many, between two numbers.
    pub autoscaling: Autoscaling,
    /// How new pods take the place of old ones, instead of what upgrade.mode says for all.
    pub update_strategy: Fragment,
    /// How many pods at once a drained node may take away; there is a budget wherever more than one pod is asked for.
    pub pod_disruption_budget: PodDisruptionBudget,
}

impl Default for Scaling {
    fn default() -> Self {
        Self {
            replicas: 1,
            autoscaling: Autoscaling::default(),
            update_strategy: Fragment::default(),
            pod_disruption_budget: PodDisruptionBudget::default(),
        }
    }
}

/// Lets the cluster choose how many, between two numbers.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Autoscaling {
    /// Whether it does; `replicas` is then left to it.
    pub enabled: bool,
    /// Never fewer pods.
    #[schemars(range(min = 1, max = 1000))]
    pub min_replicas: u32,
    /// Never more pods.
    #[schemars(range(min = 1, max = 1000))]
    pub max_replicas: u32,
    /// The share of the requested CPU that the pods are to use; 0 looks away.
    #[schemars(range(min = 0, max = 1000))]
    #[serde(rename = "targetCPUUtilizationPercentage")]
    pub target_cpu: u32,
    /// The share of the requested memory that the pods are to use; 0 looks away.
    #[schemars(range(min = 0, max = 1000))]
    #[serde(rename = "targetMemoryUtilizationPercentage")]
    pub target_memory: u32,
}

impl Default for Autoscaling {
    fn default() -> Self {
        Self { enabled: false, min_replicas: 1, max_replicas: 10, target_cpu: 80, target_memory: 0 }
    }
}

/// How many pods at once a drained node may take away.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PodDisruptionBudget {
    /// Whether there is one.
    pub enabled: bool,
    /// At most this many.
    #[schemars(range(min = 1, max = 1000))]
    pub max_unavailable: u32,
}

impl Default for PodDisruptionBudget {
    fn default() -> Self {
        Self { enabled: true, max_unavailable: 1 }
    }
}
