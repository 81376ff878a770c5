//! Huawei Cloud OBS.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::secrets::Secret;
use super::BucketNames;

/// Buckets at Huawei Cloud OBS.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalObs {
    /// Whether to keep files there in place of volumes.
    pub enabled: bool,
    /// Endpoint of the region, as in https://obs.cn-north-4.myhuaweicloud.com.
    pub endpoint: String,
    /// The buckets; missing ones are made if the keys may.
    pub bucket_name: BucketNames,
    /// Access key.
    pub access_key: Secret,
    /// Secret key.
    pub secret_key: Secret,
    /// Whether the bucket stands in the path, not in the host name (Dify 1.16 and later).
    pub path_style: bool,
}
