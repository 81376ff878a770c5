//! Google Cloud Storage.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::secrets::Secret;
use super::BucketNames;

/// Buckets at Google.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalGcs {
    /// Whether to keep files there in place of volumes.
    pub enabled: bool,
    /// The buckets; missing ones are made if the keys may.
    pub bucket_name: BucketNames,
    /// The key of a service account: its JSON file in base64, without line breaks.
    pub service_account_json_base64: Secret,
    /// Whether the identity of the pods is used in place of a key; see serviceAccount.
    pub use_workload_identity: bool,
    /// The project in which missing buckets are made; empty means that of the key or of the identity.
    pub project: String,
}
