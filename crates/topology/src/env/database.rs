//! The databases of the application and of the plugin daemon.

use super::{
    APPLICATION_AND_JOBS, DAEMON, Fact, Source::Computed, Source::Constant, Source::Host, Source::Key,
    Source::Setting, Variable, When::BuiltInPostgres, When::ExternalPostgres,
};

const ALL: &[&str] = &["api", "api-websocket", "worker", "beat", "migrate", "bootstrap", "plugin-daemon"];
const BOOTSTRAP: &[&str] = &["bootstrap"];

/// The group's variables.
pub(super) const VARIABLES: &[Variable] = &[
    Variable::new("DB_TYPE", ALL, Constant("postgresql"), "The kind of database."),
    Variable::new("DB_HOST", ALL, Setting("externalPostgres.address"), "The server.").when(ExternalPostgres),
    Variable::new("DB_PORT", ALL, Setting("externalPostgres.port"), "Its port.").when(ExternalPostgres),
    Variable::new("DB_USERNAME", ALL, Setting("externalPostgres.username"), "The role.")
        .when(ExternalPostgres),
    Variable::new(
        "DB_DATABASE",
        APPLICATION_AND_JOBS,
        Setting("externalPostgres.database.api"),
        "The application's database.",
    )
    .when(ExternalPostgres),
    Variable::new(
        "DB_EXTRAS",
        APPLICATION_AND_JOBS,
        Computed("sslmode as libpq spells it"),
        "TLS; the daemon reads the same name as something else.",
    )
    .when(ExternalPostgres),
    Variable::new(
        "DB_DATABASE",
        DAEMON,
        Setting("externalPostgres.database.pluginDaemon"),
        "The plugin daemon's database.",
    )
    .when(ExternalPostgres)
    .fact(Fact::DaemonSource),
    Variable::new(
        "DB_SSL_MODE",
        DAEMON,
        Computed("require wherever TLS is asked for"),
        "The daemon knows only disable and require.",
    )
    .when(ExternalPostgres)
    .fact(Fact::DaemonSource),
    Variable::new(
        "DB_PLUGIN_DATABASE",
        BOOTSTRAP,
        Setting("externalPostgres.database.pluginDaemon"),
        "The second database to make.",
    )
    .when(ExternalPostgres)
    .fact(Fact::Preflight),
    Variable::new(
        "PREFLIGHT_ADMIN_DB_USERNAME",
        BOOTSTRAP,
        Setting("externalPostgres.admin.username"),
        "The role that may create databases.",
    )
    .when(ExternalPostgres)
    .optional()
    .fact(Fact::Preflight),
    Variable::new("DB_HOST", ALL, Host("postgresql"), "The server.").when(BuiltInPostgres),
    Variable::new("DB_PORT", ALL, Constant("5432"), "Its port.").when(BuiltInPostgres),
    Variable::new("DB_USERNAME", ALL, Constant("dify"), "The role.").when(BuiltInPostgres),
    Variable::new("DB_DATABASE", APPLICATION_AND_JOBS, Constant("dify"), "The application's database.")
        .when(BuiltInPostgres),
    Variable::new("DB_DATABASE", DAEMON, Constant("dify_plugin"), "The plugin daemon's database.")
        .when(BuiltInPostgres)
        .fact(Fact::DaemonSource),
    Variable::new(
        "DB_SSL_MODE",
        DAEMON,
        Constant("disable"),
        "The built-in server is reached inside the cluster alone.",
    )
    .when(BuiltInPostgres)
    .fact(Fact::DaemonSource),
    Variable::new("DB_PLUGIN_DATABASE", BOOTSTRAP, Constant("dify_plugin"), "The second database to make.")
        .when(BuiltInPostgres)
        .fact(Fact::Preflight),
    Variable::new("DB_PASSWORD", ALL, Key("DB_PASSWORD"), "The role's password."),
    Variable::new(
        "PREFLIGHT_ADMIN_DB_PASSWORD",
        BOOTSTRAP,
        Key("PREFLIGHT_ADMIN_DB_PASSWORD"),
        "That role's password.",
    )
    .when(ExternalPostgres)
    .optional()
    .fact(Fact::Preflight),
];
