//! Alibaba Cloud OSS.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::secrets::Secret;
use super::BucketNames;

/// Buckets at Alibaba Cloud OSS.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalOss {
    /// Whether to keep files there in place of volumes.
    pub enabled: bool,
    /// Endpoint of the region, as in https://oss-ap-southeast-1.aliyuncs.com; without a scheme it is http.
    pub endpoint: String,
    /// Region, as in ap-southeast-1; signatures of version 4 need it.
    pub region: String,
    /// The buckets; missing ones are made if the keys may.
    pub bucket_name: BucketNames,
    /// The access key's id.
    pub access_key: Secret,
    /// The access key's secret.
    pub secret_key: Secret,
    /// Version of the signatures.
    pub auth_version: OssAuthVersion,
    /// What the name of every object begins with.
    pub path: String,
    /// The id of a cloud box.
    pub cloud_box_id: String,
}

impl Default for ExternalOss {
    fn default() -> Self {
        Self {
            enabled: false,
            endpoint: String::new(),
            region: String::new(),
            bucket_name: BucketNames::default(),
            access_key: Secret::default(),
            secret_key: Secret::default(),
            auth_version: OssAuthVersion::V4,
            path: String::new(),
            cloud_box_id: String::new(),
        }
    }
}

/// A version of OSS's signatures.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are OSS's own")]
pub enum OssAuthVersion {
    V1,
    V4,
}
