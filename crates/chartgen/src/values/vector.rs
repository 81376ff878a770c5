//! Vector stores of your own.

use schemars::JsonSchema;
use serde::Serialize;

use super::secrets::Secret;

/// A PostgreSQL with pgvector.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalPgvector {
    /// Whether to use it.
    pub enabled: bool,
    /// Host name or address.
    pub address: String,
    /// Port.
    #[schemars(range(min = 1, max = 65535))]
    pub port: u16,
    /// Role.
    pub username: String,
    /// Its password.
    pub password: Secret,
    /// Database.
    #[schemars(length(min = 1))]
    pub db_name: String,
}

impl Default for ExternalPgvector {
    fn default() -> Self {
        Self {
            enabled: false,
            address: String::new(),
            port: 5432,
            username: "postgres".to_owned(),
            password: Secret::default(),
            db_name: "dify_vector".to_owned(),
        }
    }
}

/// Qdrant.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalQdrant {
    /// Whether to use it.
    pub enabled: bool,
    /// Its address.
    pub endpoint: String,
    /// Its API key, if it wants one.
    pub api_key: Secret,
    /// Seconds until a request is given up.
    #[schemars(range(min = 1, max = 3600))]
    pub timeout: u32,
}

impl Default for ExternalQdrant {
    fn default() -> Self {
        Self {
            enabled: false,
            endpoint: "http://qdrant:6333".to_owned(),
            api_key: Secret::default(),
            timeout: 20,
        }
    }
}

/// Weaviate, 1.27 or later.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalWeaviate {
    /// Whether to use it.
    pub enabled: bool,
    /// Its addresses.
    pub endpoint: WeaviateEndpoint,
    /// Its API key, if it wants one.
    pub api_key: Secret,
}

/// Addresses of Weaviate; it is used through both.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WeaviateEndpoint {
    /// HTTP.
    pub http: String,
    /// gRPC.
    pub grpc: String,
}

impl Default for WeaviateEndpoint {
    fn default() -> Self {
        Self { http: "http://weaviate:8080".to_owned(), grpc: "grpc://weaviate:50051".to_owned() }
    }
}
