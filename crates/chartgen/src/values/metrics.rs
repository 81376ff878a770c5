//! What Prometheus looks at, for clusters with the Prometheus Operator.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

/// What Prometheus looks at, for clusters with the Prometheus Operator.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Metrics {
    /// Where there are metrics: at the plugin daemon (0.5.7 and later) and at the built-in Qdrant. Api, worker, web and sandbox
    /// have none; they send traces (api.otel). With networkPolicy let Prometheus in by networkPolicy.extraPeers.
    pub service_monitor: ServiceMonitor,
    /// Alerts on what kube-state-metrics tells of the pods of this release: they need no metrics of Dify.
    pub prometheus_rule: PrometheusRule,
}

/// How Prometheus asks.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServiceMonitor {
    /// Whether to make them.
    pub enabled: bool,
    /// Time between two looks.
    #[schemars(regex(pattern = r"^[0-9]+(ms|s|m|h)$"))]
    pub interval: String,
    /// How long a look may take.
    #[schemars(regex(pattern = r"^[0-9]+(ms|s|m|h)$"))]
    pub scrape_timeout: String,
    /// Labels by which a Prometheus chooses them, as in release: kube-prometheus-stack.
    pub labels: BTreeMap<String, String>,
}

impl Default for ServiceMonitor {
    fn default() -> Self {
        Self {
            enabled: false,
            interval: "30s".to_owned(),
            scrape_timeout: "10s".to_owned(),
            labels: BTreeMap::new(),
        }
    }
}

/// The alerts.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PrometheusRule {
    /// Whether to make it.
    pub enabled: bool,
    /// How long a pod may wait for what it needs before that is an alert.
    #[schemars(regex(pattern = r"^[0-9]+(s|m|h)$"))]
    pub wait: String,
    /// Labels of every alert beside its severity, as in team: platform.
    pub alert_labels: BTreeMap<String, String>,
    /// Labels by which a Prometheus chooses it.
    pub labels: BTreeMap<String, String>,
}

impl Default for PrometheusRule {
    fn default() -> Self {
        Self {
            enabled: false,
            wait: "15m".to_owned(),
            alert_labels: BTreeMap::new(),
            labels: BTreeMap::new(),
        }
    }
}
