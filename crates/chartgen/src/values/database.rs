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

/// How many connections to the database each process may hold.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatabasePool {
    /// Connections that each process of api, worker and beat keeps open.
    #[schemars(range(min = 1, max = 10000))]
    pub size: u32,
    /// Connections that each may open beyond those when it is busy.
    #[schemars(range(min = 0, max = 10000))]
    pub max_overflow: u32,
    /// After how many seconds a connection is made anew; less than what a firewall or proxy in between allows.
    #[schemars(range(min = 1, max = 86400))]
    pub recycle_seconds: u32,
    /// Whether a connection is tried before it is used: one question more each time, and no error after a failover.
    pub pre_ping: bool,
    /// Connections that each plugin daemon may hold.
    #[schemars(range(min = 1, max = 10000))]
    pub plugin_daemon: u32,
}

impl Default for DatabasePool {
    fn default() -> Self {
        Self { size: 30, max_overflow: 10, recycle_seconds: 3600, pre_ping: false, plugin_daemon: 30 }
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
    /// TLS: require encrypts; verify-ca also checks who signed the server's certificate, verify-full its name too. Both need
    /// global.caBundle. The plugin daemon checks no name.
    pub ssl_mode: SslMode,
    /// A Secret with tls.crt and tls.key: the certificate that Dify shows to the server, for the role above.
    #[schemars(regex(pattern = r"^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$"))]
    pub client_certificate: String,
    /// Whether a pooler in transaction mode stands in front, such as PgBouncer or RDS Proxy: nothing is then prepared, and
    /// no start-up option is sent.
    pub pooler: bool,
    /// More connection parameters for the api's and the jobs' client, as libpq names them and as they stand in a URL, such
    /// as target_session_attrs=read-write&connect_timeout=10.
    #[schemars(regex(pattern = r"^([A-Za-z_]+=[^&=?#\s]+(&[A-Za-z_]+=[^&=?#\s]+)*)?$"))]
    pub extra_parameters: String,
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
            client_certificate: String::new(),
            pooler: false,
            extra_parameters: String::new(),
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
    VerifyCa,
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
