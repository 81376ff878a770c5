//! Vector stores of cloud providers.

use schemars::JsonSchema;
use serde::Serialize;

use crate::values::secrets::Secret;

/// Tencent Cloud VectorDB.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalTencentVectorDb {
    /// Whether to use it.
    pub enabled: bool,
    /// Its address, as in http://10.0.0.1:80.
    #[schemars(regex(pattern = r"^(https?://[^\s]+)?$"))]
    pub url: String,
    /// Its API key.
    pub api_key: Secret,
    /// Seconds until a request is given up.
    #[schemars(range(min = 1, max = 3600))]
    pub timeout: u32,
    /// Account; root at a new instance.
    pub username: String,
    /// Database; Dify makes it if it is missing.
    #[schemars(length(min = 1))]
    pub database: String,
    /// Shards of each new collection.
    #[schemars(range(min = 1, max = 100))]
    pub shard: u32,
    /// Replicas of each new collection; 0 for an instance with one node.
    #[schemars(range(min = 0, max = 100))]
    pub replicas: u32,
}

impl Default for ExternalTencentVectorDb {
    fn default() -> Self {
        Self {
            enabled: false,
            url: String::new(),
            api_key: Secret::default(),
            timeout: 30,
            username: "root".to_owned(),
            database: "dify".to_owned(),
            shard: 1,
            replicas: 2,
        }
    }
}

/// MyScale.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalMyScaleDb {
    /// Whether to use it.
    pub enabled: bool,
    /// Host name or address.
    #[schemars(regex(pattern = r"^[^\s/:]*$"))]
    pub host: String,
    /// Port of HTTP; the client speaks TLS on 443 and 8443 alone.
    #[schemars(range(min = 1, max = 65535))]
    pub port: u16,
    /// User.
    #[schemars(length(min = 1))]
    pub username: String,
    /// Its password; leave it empty for a user without one.
    pub password: Secret,
    /// Database; Dify makes it if it is missing.
    #[schemars(length(min = 1))]
    pub database: String,
    /// Parameters of the full text index, as MyScale spells them; empty means its own.
    pub fts_params: String,
}

impl Default for ExternalMyScaleDb {
    fn default() -> Self {
        Self {
            enabled: false,
            host: String::new(),
            port: 8123,
            username: "default".to_owned(),
            password: Secret::default(),
            database: "dify".to_owned(),
            fts_params: String::new(),
        }
    }
}

/// Tablestore of Alibaba Cloud.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalTableStore {
    /// Whether to use it.
    pub enabled: bool,
    /// Address of the instance.
    #[schemars(regex(pattern = r"^(https?://[^\s]+)?$"))]
    pub endpoint: String,
    /// Name of the instance.
    pub instance_name: String,
    /// Id of the access key.
    pub access_key_id: Secret,
    /// Secret of the access key.
    pub access_key_secret: Secret,
}
