//! Every variable that is read, by target; the docs are made from it.

use preflight::Variable;

/// What `redis-check` reads.
pub const VARIABLES: &[Variable] = &[
    // The application's, and the plugin daemon's.
    Variable::plain("REDIS_HOST", "localhost", "Host name or address; the plugin daemon has no default"),
    Variable::plain("REDIS_PORT", "6379", "Port; the plugin daemon has no default"),
    Variable::plain("REDIS_DB", "0", "Number of the database; must not be empty"),
    Variable::plain("REDIS_USERNAME", "", "User of the server's ACL"),
    Variable::secret("REDIS_PASSWORD", "Password; with Sentinels that of the master"),
    Variable::plain(
        "REDIS_KEY_PREFIX",
        "",
        "What every key and channel begins with; the plugin daemon's default is plugin_daemon",
    ),
    Variable::plain(
        "REDIS_USE_SSL",
        "false",
        "Whether TLS is spoken; Dify ignores it with Sentinels and in a Cluster",
    ),
    Variable::plain(
        "REDIS_SSL_CERT_REQS",
        "CERT_NONE",
        "CERT_NONE, CERT_OPTIONAL or CERT_REQUIRED; where it is not set, the plugin daemon verifies",
    ),
    Variable::plain("REDIS_SSL_CA_CERTS", "", "File with the CA that signed the server's certificate"),
    Variable::plain("REDIS_SSL_CERTFILE", "", "File with the client's certificate"),
    Variable::plain("REDIS_SSL_KEYFILE", "", "File with its key, if that is another one"),
    Variable::plain(
        "REDIS_USE_AZURE_MANAGED_IDENTITY",
        "false",
        "The plugin daemon's login with Azure's identity, which cannot be checked",
    ),
    // Sentinels.
    Variable::plain("REDIS_USE_SENTINEL", "false", "Whether Sentinels are asked for the master"),
    Variable::plain("REDIS_SENTINELS", "", "The Sentinels, as host1:26379,host2:26379"),
    Variable::plain("REDIS_SENTINEL_SERVICE_NAME", "", "The Sentinels' name for the master"),
    Variable::plain("REDIS_SENTINEL_USERNAME", "", "User at the Sentinels"),
    Variable::secret("REDIS_SENTINEL_PASSWORD", "Password of the Sentinels themselves"),
    // A Cluster.
    Variable::plain("REDIS_USE_CLUSTERS", "false", "Whether the application's Redis is a Cluster"),
    Variable::plain("REDIS_CLUSTERS", "", "Some of its nodes, as host1:6379,host2:6379"),
    Variable::secret("REDIS_CLUSTERS_PASSWORD", "Password of all nodes; REDIS_PASSWORD does not count there"),
    // Celery.
    Variable::secret(
        "CELERY_BROKER_URL",
        "redis://, rediss:// or sentinel://, with the password percent-encoded",
    ),
    Variable::plain(
        "PREFLIGHT_BROKER_DB",
        "",
        "Instead of a URL: the application's Redis with this database is the broker",
    ),
    Variable::plain("CELERY_BACKEND", "redis", "Where results are kept: redis, database or rabbitmq"),
    Variable::plain("CELERY_USE_SENTINEL", "false", "Must be true where CELERY_BROKER_URL is sentinel://"),
    Variable::plain("CELERY_SENTINEL_MASTER_NAME", "", "The Sentinels' name for the broker's master"),
    Variable::secret("CELERY_SENTINEL_PASSWORD", "Password of the broker's Sentinels themselves"),
    // The event bus.
    Variable::secret(
        "EVENT_BUS_REDIS_URL",
        "redis:// or rediss://; without it, the event bus uses REDIS_HOST",
    ),
    Variable::secret("PUBSUB_REDIS_URL", "The older name of EVENT_BUS_REDIS_URL"),
    Variable::plain("EVENT_BUS_REDIS_CHANNEL_TYPE", "pubsub", "pubsub, sharded (Redis 7) or streams"),
    Variable::plain("EVENT_BUS_REDIS_USE_CLUSTERS", "false", "Whether the event bus is a Cluster"),
    // The agent backend.
    Variable::secret("DIFY_AGENT_REDIS_URL", "redis:// or rediss://, with the password percent-encoded"),
    Variable::plain(
        "DIFY_AGENT_REDIS_PREFIX",
        "dify-agent",
        "What every key of the agent backend begins with",
    ),
];
