//! The components that run other code than the application's.

use super::{
    DAEMON, Fact, Source::Address, Source::Computed, Source::Constant, Source::Key, Source::Setting,
    Variable, When::Component,
};

const WEB: &[&str] = &["web"];
const SANDBOX: &[&str] = &["sandbox"];
const AGENT: &[&str] = &["agent-backend"];
const SHELL: &[&str] = &["local-sandbox"];

/// The group's variables.
pub(super) const VARIABLES: &[Variable] = &[
    Variable::new(
        "CONSOLE_API_URL",
        WEB,
        Setting("global.consoleApiDomain"),
        "Where the browser finds the console's API.",
    ),
    Variable::new(
        "APP_API_URL",
        WEB,
        Setting("global.appApiDomain"),
        "Where the browser finds the apps' API.",
    ),
    Variable::new(
        "SERVER_CONSOLE_API_URL",
        WEB,
        Address("api", ""),
        "Where the pages' server finds the api.",
    )
    .since("1.15.0"),
    Variable::new("EDITION", WEB, Setting("global.edition"), "Which edition the pages show."),
    Variable::new(
        "MARKETPLACE_URL",
        WEB,
        Setting("global.marketplace.url"),
        "Where the marketplace's pages are.",
    ),
    Variable::new(
        "MARKETPLACE_API_URL",
        WEB,
        Computed("global.marketplace.apiUrl, or nginx in front of it"),
        "Where browsers find the marketplace.",
    ),
    Variable::new(
        "NEXT_PUBLIC_SOCKET_URL",
        WEB,
        Computed("apiWebsocket.socketUrl, or the console's address with ws in place of http"),
        "Where the browser opens its websocket.",
    )
    .when(Component("api-websocket"))
    .since("1.14.1")
    .fact(Fact::Compose),
    Variable::new("NEXT_PUBLIC_ENABLE_AGENT_V2", WEB, Constant("true"), "Whether the pages offer agents.")
        .when(Component("agent-backend"))
        .since("1.16.0")
        .fact(Fact::Compose),
    Variable::new("GIN_MODE", SANDBOX, Constant("release"), "Quiet logs.").fact(Fact::Compose),
    Variable::new("SANDBOX_PORT", SANDBOX, Constant("8194"), "The port.").fact(Fact::Compose),
    Variable::new(
        "WORKER_TIMEOUT",
        SANDBOX,
        Setting("sandbox.workerTimeout"),
        "Seconds that a code node may run.",
    )
    .fact(Fact::Compose),
    Variable::new(
        "ENABLE_NETWORK",
        SANDBOX,
        Setting("sandbox.enableNetwork"),
        "Whether code may open connections.",
    )
    .fact(Fact::Compose),
    Variable::new("MAX_WORKERS", SANDBOX, Setting("sandbox.maxWorkers"), "Pieces of code that run at once.")
        .fact(Fact::SandboxSource),
    Variable::new(
        "MAX_REQUESTS",
        SANDBOX,
        Setting("sandbox.maxRequests"),
        "Requests that a pod holds; more are refused.",
    )
    .fact(Fact::SandboxSource),
    Variable::new(
        "PIP_MIRROR_URL",
        SANDBOX,
        Setting("sandbox.pipMirrorUrl"),
        "Where the packages of code nodes come from.",
    )
    .optional()
    .fact(Fact::SandboxSource),
    Variable::new(
        "ALLOWED_SYSCALLS",
        SANDBOX,
        Setting("sandbox.allowedSyscalls"),
        "Numbers of system calls; they take the place of the sandbox's own list.",
    )
    .optional()
    .fact(Fact::SandboxSource),
    Variable::new("HTTP_PROXY", SANDBOX, Address("ssrf-proxy", ""), "The way out.").fact(Fact::Compose),
    Variable::new("HTTPS_PROXY", SANDBOX, Address("ssrf-proxy", ""), "The way out for TLS.")
        .fact(Fact::Compose),
    Variable::new("API_KEY", SANDBOX, Key("CODE_EXECUTION_API_KEY"), "Expected from api and worker."),
    Variable::new("SERVER_PORT", DAEMON, Constant("5002"), "The port.").fact(Fact::DaemonSource),
    Variable::new("PLATFORM", DAEMON, Constant("local"), "Plugins run in the daemon's own pod.")
        .fact(Fact::DaemonSource),
    Variable::new(
        "DIFY_INNER_API_URL",
        DAEMON,
        Address("api", ""),
        "The daemon calls the api back here, not before a plugin does.",
    )
    .fact(Fact::DaemonSource),
    Variable::new(
        "PLUGIN_REMOTE_INSTALLING_HOST",
        DAEMON,
        Constant("0.0.0.0"),
        "Where plugin developers connect.",
    )
    .fact(Fact::Compose),
    Variable::new("PLUGIN_REMOTE_INSTALLING_PORT", DAEMON, Constant("5003"), "The port of that.")
        .fact(Fact::Compose),
    Variable::new(
        "PLUGIN_WORKING_PATH",
        DAEMON,
        Constant("/app/cwd"),
        "Each plugin's files and Python environment; local disk.",
    )
    .fact(Fact::DaemonSource),
    Variable::new("PLUGIN_INSTALLED_PATH", DAEMON, Constant("plugin"), "Folder in the storage.")
        .fact(Fact::DaemonSource),
    Variable::new("PLUGIN_PACKAGE_CACHE_PATH", DAEMON, Constant("plugin_packages"), "Folder in the storage.")
        .fact(Fact::DaemonSource),
    Variable::new("PLUGIN_MEDIA_CACHE_PATH", DAEMON, Constant("assets"), "Folder in the storage.")
        .fact(Fact::DaemonSource),
    Variable::new("MAX_PLUGIN_PACKAGE_SIZE", DAEMON, Setting("pluginDaemon.maxPackageSize"), "In bytes.")
        .fact(Fact::DaemonSource),
    Variable::new(
        "FORCE_VERIFYING_SIGNATURE",
        DAEMON,
        Setting("pluginDaemon.forceVerifyingSignature"),
        "Refuses packages without a signature.",
    )
    .fact(Fact::DaemonSource),
    Variable::new("SERVER_KEY", DAEMON, Key("PLUGIN_DAEMON_KEY"), "Expected from the api.")
        .fact(Fact::DaemonSource),
    Variable::new("DIFY_INNER_API_KEY", DAEMON, Key("INNER_API_KEY_FOR_PLUGIN"), "Sent to the api.")
        .fact(Fact::DaemonSource),
    Variable::new(
        "DIFY_AGENT_PLUGIN_DAEMON_URL",
        AGENT,
        Address("plugin-daemon", ""),
        "Where plugins are run.",
    )
    .since("1.16.0")
    .fact(Fact::Compose),
    Variable::new("DIFY_AGENT_INNER_API_URL", AGENT, Address("api", ""), "Where the api is.")
        .since("1.16.0")
        .fact(Fact::Compose),
    Variable::new(
        "DIFY_AGENT_STUB_API_BASE_URL",
        AGENT,
        Address("agent-backend", "/agent-stub"),
        "Where a shell reports back.",
    )
    .since("1.16.0")
    .fact(Fact::Compose),
    Variable::new(
        "DIFY_AGENT_SHELLCTL_ENTRYPOINT",
        AGENT,
        Address("local-sandbox", ""),
        "Where shells are run.",
    )
    .since("1.16.0")
    .fact(Fact::Compose),
    Variable::new("DIFY_AGENT_PLUGIN_DAEMON_API_KEY", AGENT, Key("PLUGIN_DAEMON_KEY"), "Sent to the daemon.")
        .since("1.16.0")
        .fact(Fact::Compose),
    Variable::new("DIFY_AGENT_INNER_API_KEY", AGENT, Key("INNER_API_KEY_FOR_PLUGIN"), "Sent to the api.")
        .since("1.16.0")
        .fact(Fact::Compose),
    Variable::new("DIFY_AGENT_API_TOKEN", AGENT, Key("AGENT_BACKEND_API_TOKEN"), "Expected from the api.")
        .since("1.16.1")
        .fact(Fact::Compose),
    Variable::new(
        "DIFY_AGENT_SERVER_SECRET_KEY",
        AGENT,
        Key("DIFY_AGENT_SERVER_SECRET_KEY"),
        "Signs the stub's tokens.",
    )
    .since("1.16.0")
    .fact(Fact::Compose),
    Variable::new(
        "DIFY_AGENT_SHELLCTL_AUTH_TOKEN",
        AGENT,
        Key("SHELLCTL_AUTH_TOKEN"),
        "Sent to the local sandbox.",
    )
    .since("1.16.0")
    .fact(Fact::Compose),
    Variable::new(
        "SHELLCTL_AUTH_TOKEN",
        SHELL,
        Key("SHELLCTL_AUTH_TOKEN"),
        "Expected from the agent backend.",
    )
    .since("1.16.0")
    .fact(Fact::Compose),
    Variable::new("HTTP_PROXY", SHELL, Address("agent-ssrf-proxy", ""), "The way out of a shell.")
        .since("1.16.1")
        .fact(Fact::Compose),
    Variable::new("HTTPS_PROXY", SHELL, Address("agent-ssrf-proxy", ""), "The same for TLS.")
        .since("1.16.1")
        .fact(Fact::Compose),
    Variable::new(
        "NO_PROXY",
        SHELL,
        Constant("localhost,127.0.0.1"),
        "What a shell runs itself it calls itself.",
    )
    .since("1.16.1")
    .fact(Fact::Preflight),
    Variable::new(
        "http_proxy",
        SHELL,
        Address("agent-ssrf-proxy", ""),
        "The same for curl, which reads the small letters alone.",
    )
    .since("1.16.1")
    .fact(Fact::Preflight),
    Variable::new("https_proxy", SHELL, Address("agent-ssrf-proxy", ""), "The same for TLS.")
        .since("1.16.1")
        .fact(Fact::Preflight),
    Variable::new(
        "no_proxy",
        SHELL,
        Constant("localhost,127.0.0.1"),
        "The same for what a shell runs itself.",
    )
    .since("1.16.1")
    .fact(Fact::Preflight),
];
