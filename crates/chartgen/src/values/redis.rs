//! Redis, built in or yours.

use schemars::JsonSchema;
use serde::Serialize;

use super::pod::{Persistence, Pod};
use super::secrets::Secret;

/// The built-in Redis.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Redis {
    /// How much memory its data may take, such as 400mb: then it refuses writes with a word, where it would otherwise be ended
    /// at the pod's limit. Empty means no limit of its own. Keys are never thrown away for others.
    #[schemars(regex(pattern = r"^([1-9][0-9]*(kb|mb|gb))?$"))]
    pub max_memory: String,
    /// Its volume; kept when the release is removed.
    pub persistence: Persistence,
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub pod: Pod,
}

impl Default for Redis {
    fn default() -> Self {
        Self {
            max_memory: String::new(),
            persistence: Persistence::sized("2Gi"),
            pod: Pod::sized("20m", "32Mi", "512Mi"),
        }
    }
}

/// A Redis of your own.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalRedis {
    /// Whether to use it in place of the built-in one.
    pub enabled: bool,
    /// Host name or address; not used with Sentinels. With a Cluster it is the Redis for all that cannot use one.
    pub host: String,
    /// Port.
    #[schemars(range(min = 1, max = 65535))]
    pub port: u16,
    /// ACL user; empty means the default one. It becomes part of a URL.
    #[schemars(regex(pattern = r"^[A-Za-z0-9._~-]*$"))]
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
    /// A Redis Cluster for caches and locks. Queues, plugins, events and agents stay at host: their clients cannot use one.
    pub cluster: Cluster,
    /// What every key and channel begins with, for a Redis that others use too, or for the built-in one. Choose it before the
    /// first install: a change loses queued tasks.
    #[schemars(regex(pattern = r"^[A-Za-z0-9._-]*$"))]
    pub key_prefix: String,
    /// Connections that each process may hold; 0 means no limit.
    #[schemars(range(min = 0, max = 100_000))]
    pub max_connections: u32,
    /// Seconds until an answer is given up; 0 means Dify's own.
    #[schemars(range(min = 0, max = 600))]
    pub socket_timeout: u32,
    /// How events of running workflows come from the worker to the api.
    pub event_bus: EventBus,
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
            cluster: Cluster::default(),
            key_prefix: String::new(),
            max_connections: 0,
            socket_timeout: 0,
            event_bus: EventBus::default(),
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

/// A Redis Cluster. Dify speaks to it without TLS, and as the default user.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cluster {
    /// Whether to keep caches and locks there.
    pub enabled: bool,
    /// host:port of some of its nodes.
    #[schemars(inner(regex(pattern = r"^[A-Za-z0-9._-]+:[0-9]+$")))]
    pub nodes: Vec<String>,
    /// The password of all nodes, if they want one.
    pub password: Secret,
}

/// How events come from the worker to the api.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventBus {
    /// By channels (pubsub), by channels of single slots (sharded; Redis 7), or by streams, which lose nothing when a connection
    /// breaks and take memory for it.
    pub channel_type: ChannelType,
    /// With streams: seconds that a stream is kept after its last event.
    #[schemars(range(min = 10, max = 86400))]
    pub retention_seconds: u32,
    /// Whether eventBusUrl leads to a Cluster.
    pub cluster: bool,
}

impl Default for EventBus {
    fn default() -> Self {
        Self { channel_type: ChannelType::Pubsub, retention_seconds: 600, cluster: false }
    }
}

/// A kind of channel.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are Dify's own")]
pub enum ChannelType {
    Pubsub,
    Sharded,
    Streams,
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
    #[schemars(inner(regex(pattern = r"^[A-Za-z0-9._-]+:[0-9]+$")))]
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
