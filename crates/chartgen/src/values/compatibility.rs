//! What differs between kinds of clusters.

use schemars::JsonSchema;
use serde::Serialize;

/// What differs between kinds of clusters.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Compatibility {
    /// OpenShift chooses users and groups of pods itself.
    pub openshift: OpenShift,
}

/// OpenShift.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpenShift {
    /// Whether pods leave their user and group to the cluster: auto looks for OpenShift's API, force is for what renders the
    /// chart without a cluster. Sandbox and plugin daemon need root, and so a service account that OpenShift allows it.
    pub adapt_security_context: Adapt,
}

/// When to leave users and groups of pods to the cluster.
#[derive(Debug, Clone, Copy, Default, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the field says what they mean")]
pub enum Adapt {
    #[default]
    Auto,
    Force,
    Disabled,
}
