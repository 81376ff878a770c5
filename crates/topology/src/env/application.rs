//! The application itself: addresses, limits, and what its components say to each other.

use super::{
    APPLICATION, APPLICATION_AND_MIGRATE, Fact, Source::Address, Source::Computed, Source::Constant,
    Source::Key, Source::Setting, Variable, When::Component,
};

const WEBSOCKET: &[&str] = &["api-websocket"];

/// The group's variables.
pub(super) const VARIABLES: &[Variable] = &[
    Variable::new(
        "MIGRATION_ENABLED",
        APPLICATION_AND_MIGRATE,
        Constant("false"),
        "The migrate job does it once; an entrypoint that skips it ends with code 0.",
    )
    .fact(Fact::Measured),
    Variable::new("LOG_LEVEL", APPLICATION_AND_MIGRATE, Setting("api.logLevel"), "How much is logged."),
    Variable::new(
        "CONSOLE_API_URL",
        APPLICATION,
        Setting("global.consoleApiDomain"),
        "Public address of the console's API; empty means the same origin.",
    ),
    Variable::new(
        "CONSOLE_WEB_URL",
        APPLICATION,
        Setting("global.consoleWebDomain"),
        "Public address of the console.",
    ),
    Variable::new(
        "SERVICE_API_URL",
        APPLICATION,
        Setting("global.serviceApiDomain"),
        "Public address of the service API.",
    ),
    Variable::new(
        "APP_WEB_URL",
        APPLICATION,
        Setting("global.appWebDomain"),
        "Public address of published apps.",
    ),
    Variable::new(
        "FILES_URL",
        APPLICATION,
        Setting("global.filesDomain"),
        "Public address of signed file links.",
    ),
    Variable::new("TRIGGER_URL", APPLICATION, Setting("global.triggerDomain"), "Public address of webhooks."),
    Variable::new(
        "INTERNAL_FILES_URL",
        APPLICATION,
        Address("api", ""),
        "Plugins and the sandbox fetch files here: the public address may not be reachable from inside.",
    ),
    Variable::new(
        "ENDPOINT_URL_TEMPLATE",
        APPLICATION,
        Computed("the console's address and /e/{hook_id}"),
        "What the console shows as a plugin's endpoint; the default shows localhost.",
    )
    .fact(Fact::Compose),
    Variable::new(
        "MARKETPLACE_ENABLED",
        APPLICATION,
        Computed("global.marketplace.enabled, but for global.offline"),
        "Whether plugins may be fetched from the marketplace.",
    ),
    Variable::new(
        "MARKETPLACE_API_URL",
        APPLICATION,
        Setting("global.marketplace.apiUrl"),
        "Where the marketplace is.",
    ),
    Variable::new("CHECK_UPDATE_URL", APPLICATION, Constant(""), "An installation does not call home."),
    Variable::new(
        "ENABLE_COLLABORATION_MODE",
        APPLICATION,
        Setting("apiWebsocket.enabled"),
        "Whether several people may edit one workflow at once; needs the websocket component.",
    )
    .since("1.14.1"),
    Variable::new(
        "CODE_EXECUTION_ENDPOINT",
        APPLICATION,
        Address("sandbox", ""),
        "Where code nodes are run.",
    ),
    Variable::new(
        "SSRF_PROXY_HTTP_URL",
        APPLICATION,
        Address("ssrf-proxy", ""),
        "The way out for addresses that a user chose.",
    ),
    Variable::new("SSRF_PROXY_HTTPS_URL", APPLICATION, Address("ssrf-proxy", ""), "The same for TLS."),
    Variable::new("PLUGIN_DAEMON_URL", APPLICATION, Address("plugin-daemon", ""), "Where plugins are run."),
    Variable::new(
        "PLUGIN_MAX_PACKAGE_SIZE",
        APPLICATION,
        Setting("pluginDaemon.maxPackageSize"),
        "In bytes; the daemon's limit has another name.",
    ),
    Variable::new(
        "SECRET_KEY",
        APPLICATION_AND_MIGRATE,
        Key("SECRET_KEY"),
        "Always set: left empty, two pods may each make one up.",
    )
    .fact(Fact::Measured),
    Variable::new(
        "PREFLIGHT_ACCEPT_PUBLISHED",
        APPLICATION,
        Setting("secrets.acceptPublishedSecretKey"),
        "Lets an installation that began with a published SECRET_KEY keep it.",
    )
    .optional()
    .fact(Fact::Preflight),
    Variable::new("PLUGIN_DAEMON_KEY", APPLICATION, Key("PLUGIN_DAEMON_KEY"), "Sent to the daemon."),
    Variable::new(
        "INNER_API_KEY_FOR_PLUGIN",
        APPLICATION,
        Key("INNER_API_KEY_FOR_PLUGIN"),
        "Expected from the daemon.",
    ),
    Variable::new(
        "CODE_EXECUTION_API_KEY",
        APPLICATION,
        Key("CODE_EXECUTION_API_KEY"),
        "Sent to the sandbox.",
    ),
    Variable::new(
        "AGENT_BACKEND_BASE_URL",
        APPLICATION,
        Address("agent-backend", ""),
        "Where agents are run.",
    )
    .when(Component("agent-backend"))
    .since("1.16.0"),
    Variable::new(
        "AGENT_BACKEND_API_TOKEN",
        APPLICATION,
        Key("AGENT_BACKEND_API_TOKEN"),
        "Sent to the agent backend.",
    )
    .when(Component("agent-backend"))
    .since("1.16.1"),
    Variable::new(
        "GUNICORN_CMD_ARGS",
        &["api", "api-websocket"],
        Computed("api.terminationGracePeriodSeconds, less the time until callers know"),
        "How long requests may go on after the pod was told to end; gunicorn reads it beside the entrypoint's arguments.",
    ),
    Variable::new(
        "CELERY_WORKER_AMOUNT",
        &["worker"],
        Setting("worker.concurrency"),
        "How many tasks one worker runs at once.",
    ),
    Variable::new(
        "CELERY_QUEUES",
        &["worker"],
        Computed("worker.queues, or all that no pool takes"),
        "The queues that the worker takes tasks from; without it, all that the image knows.",
    )
    .optional(),
    Variable::new(
        "SERVER_WORKER_CLASS",
        WEBSOCKET,
        Constant("geventwebsocket.gunicorn.workers.GeventWebSocketWorker"),
        "The worker that can upgrade a request to a websocket.",
    )
    .since("1.14.1")
    .fact(Fact::Compose),
    Variable::new(
        "SERVER_WORKER_AMOUNT",
        WEBSOCKET,
        Constant("1"),
        "A session of several requests must meet the same process.",
    )
    .since("1.14.1")
    .fact(Fact::Compose),
    Variable::new(
        "SERVER_WORKER_CONNECTIONS",
        WEBSOCKET,
        Setting("apiWebsocket.workerConnections"),
        "How many editors a pod may hold; the image's default is ten.",
    )
    .since("1.14.1")
    .fact(Fact::Compose),
    Variable::new(
        "GUNICORN_TIMEOUT",
        WEBSOCKET,
        Setting("apiWebsocket.gunicornTimeout"),
        "Seconds after which a silent process is replaced.",
    )
    .since("1.14.1")
    .fact(Fact::Compose),
];
