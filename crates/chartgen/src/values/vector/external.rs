//! Vector stores of your own.

use schemars::JsonSchema;
use serde::Serialize;

use crate::values::secrets::Secret;

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
    /// TLS: prefer encrypts where the server can, require insists; verify-ca also checks who signed the server's
    /// certificate, verify-full its name too. Both need global.caBundle.
    pub ssl_mode: VectorSslMode,
}

/// How the connection to the vector store is encrypted.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are libpq's own")]
pub enum VectorSslMode {
    Disable,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
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
            ssl_mode: VectorSslMode::Prefer,
        }
    }
}

/// Qdrant.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalQdrant {
    /// Whether to use it.
    pub enabled: bool,
    /// Its address; the port is 6333 where it names none.
    #[schemars(regex(pattern = r"^(https?://[^\s]+)?$"))]
    pub endpoint: String,
    /// Its API key, if it wants one.
    pub api_key: Secret,
    /// Seconds until a request is given up.
    #[schemars(range(min = 1, max = 3600))]
    pub timeout: u32,
    /// gRPC, which moves large vectors faster.
    pub grpc: QdrantGrpc,
}

/// gRPC of Qdrant.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QdrantGrpc {
    /// Whether to use it.
    pub enabled: bool,
    /// Its port, at the same host.
    #[schemars(range(min = 1, max = 65535))]
    pub port: u16,
}

impl Default for ExternalQdrant {
    fn default() -> Self {
        Self {
            enabled: false,
            endpoint: String::new(),
            api_key: Secret::default(),
            timeout: 20,
            grpc: QdrantGrpc { enabled: false, port: 6334 },
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
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WeaviateEndpoint {
    /// HTTP, as in http://weaviate:8080.
    #[schemars(regex(pattern = r"^(https?://[^\s]+)?$"))]
    pub http: String,
    /// gRPC, as in grpc://weaviate:50051, or grpcs:// with TLS; empty means port 50051 of the same host, 443 with https.
    #[schemars(regex(pattern = r"^(grpcs?://[^\s]+)?$"))]
    pub grpc: String,
}

/// Milvus, or Zilliz Cloud.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalMilvus {
    /// Whether to use it.
    pub enabled: bool,
    /// Its address, as in http://milvus:19530; https speaks TLS, and then the certificate is checked against
    /// global.caBundle where there is one.
    #[schemars(regex(pattern = r"^(https?://[^\s]+)?$"))]
    pub uri: String,
    /// Database; it must exist.
    #[schemars(length(min = 1))]
    pub database: String,
    /// A token, as Zilliz Cloud gives them; it goes before user and password.
    pub token: Secret,
    /// User. Dify needs one, whether the server does or not.
    pub user: String,
    /// Its password.
    pub password: Secret,
    /// Full text search beside that by vectors; needs Milvus 2.5 or later.
    pub enable_hybrid_search: bool,
    /// The analyzer of full text search, as JSON; empty means Milvus's own. For Chinese it is {"type": "chinese"}.
    pub analyzer_params: String,
}

impl Default for ExternalMilvus {
    fn default() -> Self {
        Self {
            enabled: false,
            uri: String::new(),
            database: "default".to_owned(),
            token: Secret::default(),
            user: String::new(),
            password: Secret::default(),
            enable_hybrid_search: true,
            analyzer_params: String::new(),
        }
    }
}

/// Chroma, 0.5 to 0.6. Dify's client cannot use 1.0 and later.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalChroma {
    /// Whether to use it.
    pub enabled: bool,
    /// Host name or address alone; Dify never speaks TLS to it.
    #[schemars(regex(pattern = r"^[^\s/:]*$"))]
    pub host: String,
    /// Port.
    #[schemars(range(min = 1, max = 65535))]
    pub port: u16,
    /// Tenant.
    #[schemars(length(min = 1))]
    pub tenant: String,
    /// Database.
    #[schemars(length(min = 1))]
    pub database: String,
    /// The class of Chroma's client that makes the header; empty for a server that wants no login.
    pub auth_provider: ChromaAuth,
    /// The token, or user:password.
    pub auth_credentials: Secret,
}

impl Default for ExternalChroma {
    fn default() -> Self {
        Self {
            enabled: false,
            host: String::new(),
            port: 8000,
            tenant: "default_tenant".to_owned(),
            database: "default_database".to_owned(),
            auth_provider: ChromaAuth::None,
            auth_credentials: Secret::default(),
        }
    }
}

/// A class of Chroma's client.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names are Chroma's own")]
pub enum ChromaAuth {
    #[serde(rename = "")]
    None,
    #[serde(rename = "chromadb.auth.token_authn.TokenAuthClientProvider")]
    Token,
    #[serde(rename = "chromadb.auth.basic_authn.BasicAuthClientProvider")]
    Basic,
}
