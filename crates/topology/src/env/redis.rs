//! Redis for caches and locks, Celery's broker, and the event bus.

use super::{
    APPLICATION, APPLICATION_AND_MIGRATE, DAEMON, Fact, Source::Computed, Source::Constant, Source::Host,
    Source::Key, Source::Setting, Variable, When::BuiltInRedis, When::ExternalRedis, When::SentinelRedis,
    trust,
};

const ALL: &[&str] = &["api", "api-websocket", "worker", "beat", "migrate", "plugin-daemon", "agent-backend"];

/// Without the plugin daemon. The agent backend has one URL, but its checks read the same as the api's.
const APPLICATION_MIGRATE_AND_AGENT: &[&str] =
    &["api", "api-websocket", "worker", "beat", "migrate", "agent-backend"];

/// The group's variables.
pub(super) const VARIABLES: &[Variable] = &[
    Variable::new("REDIS_USE_SENTINEL", ALL, Constant("true"), "The master is asked for at the Sentinels.")
        .when(SentinelRedis),
    Variable::new(
        "REDIS_SENTINELS",
        ALL,
        Setting("externalRedis.sentinel.sentinels"),
        "host:port of each Sentinel.",
    )
    .when(SentinelRedis),
    Variable::new(
        "REDIS_SENTINEL_SERVICE_NAME",
        ALL,
        Setting("externalRedis.sentinel.masterSet"),
        "The name of the master set; api refuses to start without.",
    )
    .when(SentinelRedis)
    .fact(Fact::Measured),
    Variable::new(
        "REDIS_SENTINEL_USERNAME",
        ALL,
        Setting("externalRedis.sentinel.username"),
        "The user at the Sentinels.",
    )
    .when(SentinelRedis),
    Variable::new(
        "REDIS_SENTINEL_SOCKET_TIMEOUT",
        ALL,
        Setting("externalRedis.sentinel.socketTimeout"),
        "Dify's own 0.1 s is too short across zones.",
    )
    .when(SentinelRedis),
    Variable::new("REDIS_USERNAME", ALL, Setting("externalRedis.username"), "The ACL user.")
        .when(SentinelRedis),
    Variable::new("REDIS_DB", ALL, Setting("externalRedis.db.app"), "An empty text stops the api.")
        .when(SentinelRedis)
        .fact(Fact::Measured),
    Variable::new(
        "CELERY_USE_SENTINEL",
        APPLICATION,
        Constant("true"),
        "The broker is asked for at the Sentinels.",
    )
    .when(SentinelRedis),
    Variable::new(
        "CELERY_SENTINEL_MASTER_NAME",
        APPLICATION,
        Setting("externalRedis.sentinel.masterSet"),
        "The broker's master set.",
    )
    .when(SentinelRedis),
    Variable::new(
        "CELERY_SENTINEL_SOCKET_TIMEOUT",
        APPLICATION,
        Setting("externalRedis.sentinel.socketTimeout"),
        "As for the cache.",
    )
    .when(SentinelRedis),
    Variable::new(
        "PREFLIGHT_BROKER_DB",
        APPLICATION,
        Setting("externalRedis.db.celery"),
        "The broker's database, where its URL is put together in the pod.",
    )
    .when(SentinelRedis)
    .fact(Fact::Preflight),
    Variable::new(
        "REDIS_USE_CLUSTERS",
        APPLICATION_AND_MIGRATE,
        Constant("true"),
        "Caches and locks are kept in a Cluster; what cannot use one keeps to REDIS_HOST.",
    )
    .when(ExternalRedis)
    .optional(),
    Variable::new(
        "REDIS_CLUSTERS",
        APPLICATION_AND_MIGRATE,
        Computed("the nodes with commas"),
        "host:port of some nodes; the api connects when it starts and dies if none answers.",
    )
    .when(ExternalRedis)
    .optional()
    .fact(Fact::Measured),
    Variable::new("REDIS_HOST", ALL, Setting("externalRedis.host"), "The server.").when(ExternalRedis),
    Variable::new("REDIS_PORT", ALL, Setting("externalRedis.port"), "Its port.").when(ExternalRedis),
    Variable::new("REDIS_USERNAME", ALL, Setting("externalRedis.username"), "The ACL user.")
        .when(ExternalRedis),
    Variable::new(
        "REDIS_USE_SSL",
        ALL,
        Setting("externalRedis.useSSL"),
        "TLS; honoured for one server only.",
    )
    .when(ExternalRedis),
    Variable::new(
        "REDIS_SSL_CERT_REQS",
        APPLICATION_MIGRATE_AND_AGENT,
        Computed("CERT_REQUIRED or CERT_NONE"),
        "Whether the server's certificate is verified; the api's own default is not to.",
    )
    .when(ExternalRedis)
    .optional(),
    Variable::new(
        "REDIS_SSL_CERT_REQS",
        DAEMON,
        Computed("CERT_OPTIONAL or CERT_NONE"),
        "The daemon verifies with CERT_OPTIONAL as with CERT_REQUIRED, but does not insist on a file of CAs.",
    )
    .when(ExternalRedis)
    .optional()
    .since("1.12.1")
    .fact(Fact::DaemonSource),
    Variable::new(
        "REDIS_SSL_CA_CERTS",
        APPLICATION_MIGRATE_AND_AGENT,
        Constant(trust::BUNDLE),
        "The CA for that.",
    )
    .when(ExternalRedis)
    .optional(),
    Variable::new("REDIS_SSL_CA_CERTS", DAEMON, Constant(trust::BUNDLE), "The CA for that.")
        .when(ExternalRedis)
        .optional()
        .since("1.12.1")
        .fact(Fact::DaemonSource),
    Variable::new("REDIS_DB", ALL, Setting("externalRedis.db.app"), "An empty text stops the api.")
        .when(ExternalRedis)
        .fact(Fact::Measured),
    Variable::new(
        "PREFLIGHT_BROKER_DB",
        APPLICATION,
        Setting("externalRedis.db.celery"),
        "The broker's database, where its URL is put together in the pod.",
    )
    .when(ExternalRedis)
    .fact(Fact::Preflight),
    Variable::new("REDIS_HOST", ALL, Host("redis"), "The server.").when(BuiltInRedis),
    Variable::new("REDIS_PORT", ALL, Constant("6379"), "Its port.").when(BuiltInRedis),
    Variable::new("REDIS_DB", ALL, Setting("externalRedis.db.app"), "An empty text stops the api.")
        .when(BuiltInRedis)
        .fact(Fact::Measured),
    Variable::new(
        "PREFLIGHT_BROKER_DB",
        APPLICATION,
        Setting("externalRedis.db.celery"),
        "The broker's database, where its URL is put together in the pod.",
    )
    .when(BuiltInRedis)
    .fact(Fact::Preflight),
    Variable::new(
        "CELERY_BACKEND",
        APPLICATION,
        Constant("redis"),
        "A database backend creates tables that break the first migration.",
    )
    .fact(Fact::Measured),
    Variable::new(
        "REDIS_KEY_PREFIX",
        APPLICATION_MIGRATE_AND_AGENT,
        Setting("externalRedis.keyPrefix"),
        "What every key and channel begins with.",
    )
    .optional()
    .since("1.14.0"),
    Variable::new(
        "REDIS_KEY_PREFIX",
        DAEMON,
        Computed("the prefix, and the daemon's name"),
        "The daemon's own default is plugin_daemon: with the api's prefix both would share their keys.",
    )
    .optional()
    .since("1.14.0")
    .fact(Fact::DaemonSource),
    Variable::new(
        "DIFY_AGENT_REDIS_PREFIX",
        &["agent-backend"],
        Computed("the prefix, and the agent backend's name"),
        "The agent backend's own default is dify-agent.",
    )
    .optional()
    .since("1.16.0")
    .fact(Fact::Compose),
    Variable::new(
        "REDIS_MAX_CONNECTIONS",
        APPLICATION,
        Setting("externalRedis.maxConnections"),
        "Connections that a process may hold.",
    )
    .optional()
    .since("1.16.1"),
    Variable::new(
        "REDIS_SOCKET_TIMEOUT",
        APPLICATION_AND_MIGRATE,
        Setting("externalRedis.socketTimeout"),
        "Seconds until an answer is given up.",
    )
    .optional()
    .since("1.16.1"),
    Variable::new(
        "EVENT_BUS_REDIS_CHANNEL_TYPE",
        APPLICATION,
        Computed("the setting, unless it is pubsub"),
        "sharded or streams; Dify's own is pubsub.",
    )
    .optional()
    .since("1.13.0"),
    Variable::new(
        "EVENT_BUS_REDIS_USE_CLUSTERS",
        APPLICATION,
        Constant("true"),
        "The event bus's URL leads to a Cluster.",
    )
    .optional()
    .since("1.13.0"),
    Variable::new(
        "EVENT_BUS_STREAMS_RETENTION_SECONDS",
        APPLICATION,
        Computed("the setting, with streams"),
        "How long streams are kept after their last event.",
    )
    .optional()
    .since("1.13.0"),
    Variable::new(
        "REDIS_CLUSTERS_PASSWORD",
        APPLICATION_AND_MIGRATE,
        Key("REDIS_CLUSTERS_PASSWORD"),
        "The Cluster's password; REDIS_PASSWORD does not count there.",
    )
    .when(ExternalRedis)
    .optional(),
    Variable::new("REDIS_PASSWORD", ALL, Key("REDIS_PASSWORD"), "The password."),
    Variable::new("REDIS_SENTINEL_PASSWORD", ALL, Key("REDIS_SENTINEL_PASSWORD"), "The Sentinels' password.")
        .when(SentinelRedis)
        .optional(),
    Variable::new(
        "CELERY_SENTINEL_PASSWORD",
        APPLICATION,
        Key("REDIS_SENTINEL_PASSWORD"),
        "The Sentinels' password.",
    )
    .when(SentinelRedis)
    .optional(),
    Variable::new(
        "CELERY_BROKER_URL",
        APPLICATION_AND_MIGRATE,
        Key("CELERY_BROKER_URL"),
        "Celery's queues; without one given, put together in the pod.",
    )
    .optional()
    .fact(Fact::Compose),
    Variable::new(
        "EVENT_BUS_REDIS_URL",
        APPLICATION,
        Key("EVENT_BUS_REDIS_URL"),
        "Run events; left out, it follows REDIS_*, except behind Sentinels, where it would be localhost.",
    )
    .optional()
    .since("1.13.0"),
    Variable::new(
        "DIFY_AGENT_REDIS_URL",
        &["agent-backend"],
        Computed("REDIS_PASSWORD expanded by the kubelet"),
        "The agent backend's state.",
    )
    .since("1.16.0")
    .fact(Fact::Compose),
];
