//! PostgreSQL, built in or yours.

use schemars::JsonSchema;
use serde::Serialize;

use super::pod::{Persistence, Pod};
use super::secrets::Secret;

/// The built-in PostgreSQL.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Postgresql {
    /// How many connections it takes; each process of api and worker may hold forty.
    #[schemars(range(min = 20, max = 10000))]
    pub max_connections: u32,
    /// Its volume; kept when the release is removed.
    pub persistence: Persistence,
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub pod: Pod,
}

impl Default for Postgresql {
    fn default() -> Self {
        Self {
            max_connections: 200,
            persistence: Persistence::sized("8Gi"),
            pod: Pod::sized("100m", "128Mi", "1Gi"),
        }
    }
}

/// A PostgreSQL of your own.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalPostgres {
    /// Whether to use it in place of the built-in one.
    pub enabled: bool,
    /// Host name or address.
    pub address: String,
    /// Port.
    #[schemars(range(min = 1, max = 65535))]
    pub port: u16,
    /// The role that Dify logs in as.
    pub username: String,
    /// Its password, in Dify's environment DB_PASSWORD. The plugin daemon cannot take spaces, quotes and backslashes.
    pub password: Secret,
    /// The databases; missing ones are made if the role (or admin below) may.
    pub database: Databases,
    /// TLS: require encrypts; verify-full also checks the server's name and needs its CA known to the image.
    pub ssl_mode: SslMode,
    /// A role that may create databases and extensions, if the one above may not. Only the bootstrap job uses it.
    pub admin: Admin,
}

impl Default for ExternalPostgres {
    fn default() -> Self {
        Self {
            enabled: false,
            address: String::new(),
            port: 5432,
            username: "postgres".to_owned(),
            password: Secret::default(),
            database: Databases::default(),
            ssl_mode: SslMode::Disable,
            admin: Admin::default(),
        }
    }
}

/// Names of databases.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Databases {
    /// The application's.
    #[schemars(length(min = 1))]
    pub api: String,
    /// The plugin daemon's; it writes the name unquoted, so without a dash.
    #[schemars(regex(pattern = r"^[A-Za-z_][A-Za-z0-9_]*$"))]
    pub plugin_daemon: String,
    /// The vectors', where this server is the vector store too; it needs the extension pgvector.
    #[schemars(length(min = 1))]
    pub vector: String,
}

impl Default for Databases {
    fn default() -> Self {
        Self {
            api: "dify".to_owned(),
            plugin_daemon: "dify_plugin".to_owned(),
            vector: "dify_vector".to_owned(),
        }
    }
}

/// How the connection is encrypted.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are libpq's own")]
pub enum SslMode {
    Disable,
    Require,
    VerifyFull,
}

/// A role that may create databases.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Admin {
    /// The role; empty means the application's own.
    pub username: String,
    /// Its password.
    pub password: Secret,
}
