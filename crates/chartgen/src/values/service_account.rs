//! The account of the pods that open databases and buckets.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

/// The account of the pods that open databases and buckets.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServiceAccount {
    /// Whether the chart makes it. It has no rights in the cluster, and its token is mounted nowhere.
    pub create: bool,
    /// Its name; empty means that of the release if the chart makes it, else the namespace's default account.
    #[schemars(regex(pattern = r"^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$"), length(max = 253))]
    pub name: String,
    /// Annotations that tie it to an identity: eks.amazonaws.com/role-arn, iam.gke.io/gcp-service-account,
    /// azure.workload.identity/client-id. Azure also wants its label on the pods, in commonLabels.
    pub annotations: BTreeMap<String, String>,
}
