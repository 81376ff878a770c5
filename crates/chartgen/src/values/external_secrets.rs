//! Secrets that the External Secrets Operator fetches.

use schemars::JsonSchema;
use serde::Serialize;

use super::pod::Fragment;

/// Has the External Secrets Operator make the Secret that secrets.existingSecret names.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalSecrets {
    /// Whether it does; the cluster must have the operator. What is fetched follows from the other values: every key that
    /// would otherwise be made, and every secret whose existingSecret.name is that of secrets.existingSecret.
    pub enabled: bool,
    /// The store that it asks.
    pub secret_store_ref: SecretStoreRef,
    /// How often it asks again, as in 1h.
    #[schemars(regex(pattern = r"^([0-9]+(s|m|h))+$"))]
    pub refresh_interval: String,
    /// The entry of the store that holds all of them, each under the name of its key.
    pub remote_key: String,
    /// By the name of the key, where else the store keeps it: {key: ..., property: ...}, as the operator spells it.
    pub remote_refs: Fragment,
}

impl Default for ExternalSecrets {
    fn default() -> Self {
        Self {
            enabled: false,
            secret_store_ref: SecretStoreRef { name: String::new(), kind: StoreKind::SecretStore },
            refresh_interval: "1h".to_owned(),
            remote_key: "dify".to_owned(),
            remote_refs: Fragment::default(),
        }
    }
}

/// A store of the operator's.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecretStoreRef {
    /// Its name.
    pub name: String,
    /// Whether it is the namespace's or the cluster's.
    pub kind: StoreKind,
}

/// Whose store it is.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names are the operator's own")]
pub enum StoreKind {
    SecretStore,
    ClusterSecretStore,
}
