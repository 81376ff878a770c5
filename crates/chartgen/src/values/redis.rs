//! Redis, built in or yours.

use schemars::JsonSchema;
use serde::Serialize;

use super::pod::{Persistence, Pod};
use super::secrets::Secret;

/// The built-in Redis.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Redis {
    /// Its volume; kept when the release is removed.
    pub persistence: Persistence,
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub pod: Pod,
}

impl Default for Redis {
    fn default() -> Self {
        Self { persistence: Persistence::sized("2Gi"), pod: Pod::sized("20m", "32Mi", "512Mi") }
    }
}

/// A Redis of your own.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalRedis {
    /// Whether to use it in place of the built-in one.
    pub enabled: bool,
    /// Host name or address; not used with Sentinels.
    pub host: String,
    /// Port.
    #[schemars(range(min = 1, max = 65535))]
    pub port: u16,
    /// ACL user; empty means the default one.
    pub username: String,
    /// Its password; leave it empty for a Redis without one. It becomes part of the broker's URL, so use letters and digits
    /// or set brokerUrl too.
    pub password: Secret,
    /// Numbers of the logical databases, for the built-in Redis as well.
    pub db: RedisDatabases,
    /// Whether to use TLS; Dify honours it for a single server only. A server that demands a certificate of its clients cannot
    /// be used: the plugin daemon has none.
    #[serde(rename = "useSSL")]
    pub use_ssl: bool,
    /// Whether the server's certificate is verified: by global.caBundle, or by public CAs without one. Dify's event bus always
    /// verifies.
    pub ssl_verify: bool,
    /// Sentinels that know which server is the master.
    pub sentinel: Sentinel,
    /// The whole URL of Celery's broker, if it cannot be put together from the above.
    pub broker_url: Secret,
    /// The whole URL of the event bus. Needed with Sentinels: the event bus cannot ask them, so give it an address that
    /// always leads to the master.
    pub event_bus_url: Secret,
}

impl Default for ExternalRedis {
    fn default() -> Self {
        Self {
            enabled: false,
            host: String::new(),
            port: 6379,
            username: String::new(),
            password: Secret::default(),
            db: RedisDatabases::default(),
            use_ssl: false,
            ssl_verify: true,
            sentinel: Sentinel::default(),
            broker_url: Secret::default(),
            event_bus_url: Secret::default(),
        }
    }
}

/// Numbers of the logical databases.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RedisDatabases {
    /// Caches and locks.
    #[schemars(range(min = 0, max = 65535))]
    pub app: u16,
    /// Celery's queues.
    #[schemars(range(min = 0, max = 65535))]
    pub celery: u16,
    /// The agent backend.
    #[schemars(range(min = 0, max = 65535))]
    pub agent: u16,
}

impl Default for RedisDatabases {
    fn default() -> Self {
        Self { app: 0, celery: 1, agent: 2 }
    }
}

/// Sentinels.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sentinel {
    /// Whether to ask them for the master.
    pub enabled: bool,
    /// The name of the master set.
    pub master_set: String,
    /// host:port of each.
    pub sentinels: Vec<String>,
    /// The user at the Sentinels, if they want one.
    pub username: String,
    /// The password at the Sentinels, if they want one.
    pub password: Secret,
    /// Seconds to wait for a Sentinel; Dify's own 0.1 is too short across zones.
    #[schemars(range(min = 0.1, max = 60.0))]
    pub socket_timeout: f64,
}

impl Default for Sentinel {
    fn default() -> Self {
        Self {
            enabled: false,
            master_set: "mymaster".to_owned(),
            sentinels: Vec::new(),
            username: String::new(),
            password: Secret::default(),
            socket_timeout: 0.5,
        }
    }
}
