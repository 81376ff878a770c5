//! What a user sets of the application: mail, traces, limits, and what it asks of the internet.

use super::{
    APPLICATION, DAEMON, Fact,
    Source::{Computed, Constant, Key, Setting},
    Variable,
    When::{Given, Is, Set},
};

const fn mail(
    name: &'static str,
    service: &'static str,
    setting: &'static str,
    doc: &'static str,
) -> Variable {
    Variable::new(name, APPLICATION, Setting(setting), doc).when(Is("api.mail.type", service))
}

const fn mail_key(name: &'static str, service: &'static str) -> Variable {
    Variable::new(name, APPLICATION, Key(name), "The login at the mail service.")
        .when(Is("api.mail.type", service))
}

const fn otel(name: &'static str, setting: &'static str, doc: &'static str) -> Variable {
    Variable::new(name, APPLICATION, Setting(setting), doc).when(Set("api.otel.enabled"))
}

const fn limit(name: &'static str, setting: &'static str) -> Variable {
    Variable::new(name, APPLICATION, Setting(setting), "A limit of uploads.")
}

const fn offline(name: &'static str, text: &'static str, doc: &'static str) -> Variable {
    Variable::new(name, APPLICATION, Constant(text), doc).when(Set("global.offline"))
}

/// The group's variables.
pub(super) const VARIABLES: &[Variable] = &[
    Variable::new("LOG_OUTPUT_FORMAT", APPLICATION, Setting("api.logFormat"), "text or json.")
        .since("1.13.0"),
    Variable::new(
        "GUNICORN_TIMEOUT",
        &["api"],
        Setting("api.requestTimeout"),
        "Seconds; the image's own 200 cut long streams.",
    )
    .fact(Fact::Compose),
    Variable::new(
        "INIT_PASSWORD",
        APPLICATION,
        Key("INIT_PASSWORD"),
        "Asked for before the first administrator is made.",
    )
    .optional(),
    limit("UPLOAD_FILE_SIZE_LIMIT", "api.uploads.fileSizeLimit"),
    limit("UPLOAD_IMAGE_FILE_SIZE_LIMIT", "api.uploads.imageSizeLimit"),
    limit("UPLOAD_VIDEO_FILE_SIZE_LIMIT", "api.uploads.videoSizeLimit"),
    limit("UPLOAD_AUDIO_FILE_SIZE_LIMIT", "api.uploads.audioSizeLimit"),
    limit("UPLOAD_FILE_BATCH_LIMIT", "api.uploads.batchLimit"),
    Variable::new(
        "CONSOLE_CORS_ALLOW_ORIGINS",
        APPLICATION,
        Setting("api.cors.consoleOrigins"),
        "Left out, it is the console's own address.",
    )
    .optional(),
    Variable::new(
        "WEB_API_CORS_ALLOW_ORIGINS",
        APPLICATION,
        Setting("api.cors.webOrigins"),
        "Apps are embedded in other pages.",
    ),
    Variable::new("MAIL_TYPE", APPLICATION, Setting("api.mail.type"), "The mail service.")
        .when(Set("api.mail.type")),
    Variable::new("MAIL_DEFAULT_SEND_FROM", APPLICATION, Setting("api.mail.defaultSender"), "The sender.")
        .when(Set("api.mail.type")),
    mail("RESEND_API_URL", "resend", "api.mail.resend.apiUrl", "Where resend.com is."),
    mail_key("RESEND_API_KEY", "resend"),
    mail("SMTP_SERVER", "smtp", "api.mail.smtp.server", "The mail server."),
    mail("SMTP_PORT", "smtp", "api.mail.smtp.port", "Its port."),
    mail("SMTP_USERNAME", "smtp", "api.mail.smtp.username", "The user.").optional(),
    mail("SMTP_USE_TLS", "smtp", "api.mail.smtp.tls.enabled", "TLS."),
    mail("SMTP_OPPORTUNISTIC_TLS", "smtp", "api.mail.smtp.tls.optimistic", "STARTTLS."),
    mail_key("SMTP_PASSWORD", "smtp").optional(),
    mail_key("SENDGRID_API_KEY", "sendgrid"),
    Variable::new("ENABLE_OTEL", APPLICATION, Constant("true"), "Sends traces and metrics.")
        .when(Set("api.otel.enabled")),
    otel("OTLP_BASE_ENDPOINT", "api.otel.baseEndpoint", "The collector."),
    otel("OTLP_TRACE_ENDPOINT", "api.otel.traceEndpoint", "Where traces go.").optional(),
    otel("OTLP_METRIC_ENDPOINT", "api.otel.metricEndpoint", "Where metrics go.").optional(),
    otel("OTEL_EXPORTER_OTLP_PROTOCOL", "api.otel.protocol", "http or grpc."),
    otel("OTEL_SAMPLING_RATE", "api.otel.samplingRate", "The share of requests that are traced."),
    Variable::new("OTLP_API_KEY", APPLICATION, Key("OTLP_API_KEY"), "The collector's bearer token.")
        .when(Set("api.otel.enabled"))
        .optional(),
    Variable::new("SENTRY_DSN", APPLICATION, Key("SENTRY_DSN"), "The project at Sentry.").optional(),
    Variable::new(
        "SENTRY_TRACES_SAMPLE_RATE",
        APPLICATION,
        Setting("api.sentry.tracesSampleRate"),
        "From 0 to 1.",
    )
    .when(Given("api.sentry.dsn")),
    Variable::new(
        "SENTRY_PROFILES_SAMPLE_RATE",
        APPLICATION,
        Setting("api.sentry.profilesSampleRate"),
        "From 0 to 1.",
    )
    .when(Given("api.sentry.dsn")),
    offline(
        "HOSTED_FETCH_APP_TEMPLATES_MODE",
        "builtin",
        "Templates come from the image, not from the internet.",
    ),
    offline(
        "HOSTED_FETCH_PIPELINE_TEMPLATES_MODE",
        "builtin",
        "Templates come from the image, not from the internet.",
    ),
    offline("ENABLE_CHECK_UPGRADABLE_PLUGIN_TASK", "false", "Nobody asks the marketplace for newer plugins."),
    Variable::new("PIP_MIRROR_AUTO_DETECT", DAEMON, Constant("false"), "Public mirrors are not tried out.")
        .when(Set("global.offline"))
        .since("1.15.0")
        .fact(Fact::DaemonSource),
    Variable::new(
        "PIP_MIRROR_URL",
        DAEMON,
        Setting("pluginDaemon.pipMirrorUrl"),
        "Where plugins' Python packages come from.",
    )
    .optional()
    .fact(Fact::DaemonSource),
    Variable::new(
        "PYTHON_ENV_INIT_TIMEOUT",
        DAEMON,
        Setting("pluginDaemon.pythonEnvInitTimeout"),
        "Seconds that the installation of a plugin's packages may take.",
    )
    .fact(Fact::DaemonSource),
    Variable::new(
        "PLUGIN_MAX_EXECUTION_TIMEOUT",
        DAEMON,
        Setting("pluginDaemon.maxExecutionTimeout"),
        "Seconds that one call of a plugin may take.",
    )
    .fact(Fact::DaemonSource),
    Variable::new(
        "PLUGIN_DAEMON_TIMEOUT",
        APPLICATION,
        Computed("the same, as the api waits for the daemon"),
        "Seconds that the api waits for a plugin.",
    ),
    Variable::new(
        "PLUGIN_IGNORE_UV_LOCK",
        DAEMON,
        Constant("true"),
        "A plugin's lock file names public addresses.",
    )
    .when(Set("pluginDaemon.ignoreUvLock"))
    .since("1.14.0")
    .fact(Fact::DaemonSource),
];
