//! Files in a store of objects: one section for each kind, of which at most one is enabled.

mod alibaba;
mod azure;
mod google;
mod huawei;
mod s3;
mod tencent;
mod volcengine;

use schemars::JsonSchema;
use serde::Serialize;

pub use alibaba::ExternalOss;
pub use azure::ExternalAzureBlobStorage;
pub use google::ExternalGcs;
pub use huawei::ExternalObs;
pub use s3::ExternalS3;
pub use tencent::ExternalCos;
pub use volcengine::ExternalTos;

/// Names of buckets; both may be the same.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BucketNames {
    /// The application's.
    #[schemars(length(min = 1))]
    pub api: String,
    /// The plugin daemon's.
    #[schemars(length(min = 1))]
    pub plugin_daemon: String,
}

impl Default for BucketNames {
    fn default() -> Self {
        Self { api: "dify".to_owned(), plugin_daemon: "dify-plugins".to_owned() }
    }
}
