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

/// Lets KEDA choose how many pods a worker has, by how many tasks wait in its queues.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Keda {
    /// Whether it does; the cluster must have KEDA. `replicas` and `autoscaling` are then left out.
    pub enabled: bool,
    /// host:port of the broker, as KEDA finds it from its own namespace; needed only where externalRedis.brokerUrl names it.
    #[schemars(regex(pattern = r"^([^\s:/]+:[0-9]+)?$"))]
    pub address: String,
    /// Never fewer pods. With 0 the first task waits until a pod has started.
    #[schemars(range(min = 0, max = 1000))]
    pub min_replicas: u32,
    /// Never more pods.
    #[schemars(range(min = 1, max = 1000))]
    pub max_replicas: u32,
    /// So many waiting tasks of one queue ask for one more pod.
    #[schemars(range(min = 1, max = 100_000))]
    pub list_length: u32,
    /// Seconds between two looks at the queues.
    #[schemars(range(min = 1, max = 3600))]
    pub polling_interval: u32,
    /// Seconds without a task after which the last pod goes, if minReplicas is 0.
    #[schemars(range(min = 1, max = 86400))]
    pub cooldown_period: u32,
}

impl Default for Keda {
    fn default() -> Self {
        Self {
            enabled: false,
            address: String::new(),
            min_replicas: 1,
            max_replicas: 10,
            list_length: 10,
            polling_interval: 15,
            cooldown_period: 300,
        }
    }
}
