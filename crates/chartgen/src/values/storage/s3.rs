//! S3.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::secrets::Secret;
use super::BucketNames;

/// Buckets at S3, or at whatever else speaks S3.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalS3 {
    /// Whether to keep files in a bucket in place of volumes.
    pub enabled: bool,
    /// Address of the store with its scheme; empty means AWS.
    #[schemars(regex(pattern = r"^(https?://.+)?$"))]
    pub endpoint: String,
    /// Region.
    #[schemars(length(min = 1))]
    pub region: String,
    /// The buckets; missing ones are made if the keys may.
    pub bucket_name: BucketNames,
    /// Access key.
    pub access_key: Secret,
    /// Secret key.
    pub secret_key: Secret,
    /// Whether the bucket stands in the path (most stores of one's own) or in the host name (AWS).
    pub path_style: bool,
    /// Whether the identity of the machine or service account is used in place of keys.
    #[serde(rename = "useIAM")]
    pub use_iam: bool,
}

impl Default for ExternalS3 {
    fn default() -> Self {
        Self {
            enabled: false,
            endpoint: String::new(),
            region: "us-east-1".to_owned(),
            bucket_name: BucketNames::default(),
            access_key: Secret::default(),
            secret_key: Secret::default(),
            path_style: true,
            use_iam: false,
        }
    }
}
