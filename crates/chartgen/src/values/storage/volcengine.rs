//! Volcengine TOS.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::secrets::Secret;
use super::BucketNames;

/// Buckets at Volcengine TOS.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalTos {
    /// Whether to keep files there in place of volumes.
    pub enabled: bool,
    /// Endpoint of the region, as in https://tos-cn-beijing.volces.com; not the one for S3.
    pub endpoint: String,
    /// Region, as in cn-beijing.
    pub region: String,
    /// The buckets; missing ones are made if the keys may.
    pub bucket_name: BucketNames,
    /// Access key.
    pub access_key: Secret,
    /// Secret key.
    pub secret_key: Secret,
}
