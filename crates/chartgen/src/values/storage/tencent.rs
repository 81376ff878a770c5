//! Tencent Cloud COS.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::secrets::Secret;
use super::BucketNames;

/// Buckets at Tencent Cloud COS.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalCos {
    /// Whether to keep files there in place of volumes.
    pub enabled: bool,
    /// Region, as in ap-guangzhou.
    #[schemars(regex(pattern = r"^[A-Za-z0-9.-]*$"))]
    pub region: String,
    /// The buckets; their names end with the number of the account, as in dify-1250000000. Missing ones are made if the key may.
    pub bucket_name: BucketNames,
    /// The id of the key.
    pub secret_id: Secret,
    /// The key.
    pub secret_key: Secret,
    /// Scheme for the api; the plugin daemon always takes https.
    pub scheme: Scheme,
}

impl Default for ExternalCos {
    fn default() -> Self {
        Self {
            enabled: false,
            region: String::new(),
            bucket_name: BucketNames::default(),
            secret_id: Secret::default(),
            secret_key: Secret::default(),
            scheme: Scheme::Https,
        }
    }
}

/// A scheme of URLs.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are those of URLs")]
pub enum Scheme {
    Https,
    Http,
}
