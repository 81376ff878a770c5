//! The databases of the application and of the plugin daemon: PostgreSQL, and how many connections each may hold.

use super::{
    APPLICATION, APPLICATION_AND_JOBS, DAEMON, Fact, Source::Computed, Source::Constant, Source::Host,
    Source::Key, Source::Setting, Variable, When::BuiltInPostgres, When::ExternalPostgres,
    When::PgvectorInExternalPostgres, trust,
};

pub(super) const ALL: &[&str] =
    &["api", "api-websocket", "worker", "beat", "migrate", "bootstrap", "plugin-daemon"];
/// Who keeps vectors beside the application's data, and who makes the place for them.
const VECTORS: &[&str] = &["api", "api-websocket", "worker", "beat", "bootstrap"];
pub(super) const BOOTSTRAP: &[&str] = &["bootstrap"];

/// The group's variables.
pub(super) const VARIABLES: &[Variable] = &[
    Variable::new("DB_TYPE", APPLICATION_AND_JOBS, Constant("postgresql"), "The kind of database.")
        .when(ExternalPostgres),
    Variable::new(
        "DB_TYPE",
        DAEMON,
        Computed("pgbouncer behind a pooler"),
        "The kind of database; behind a pooler the daemon must not prepare statements.",
    )
    .when(ExternalPostgres)
    .fact(Fact::DaemonSource),
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
        Computed("TLS and what else is given, as libpq spells it"),
        "TLS; the daemon reads the same name as something else.",
    )
    .when(ExternalPostgres),
    Variable::new(
        "DB_SESSION_TIMEZONE_OVERRIDE",
        APPLICATION_AND_JOBS,
        Constant(""),
        "A pooler takes no start-up options; Dify's own default is to ask for UTC with one.",
    )
    .when(ExternalPostgres)
    .optional()
    .since("1.16.1"),
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
    Variable::new(
        "PGSSLROOTCERT",
        DAEMON,
        Constant(trust::BUNDLE),
        "The daemon has no variable for a CA, but its driver reads this one and then verifies.",
    )
    .when(ExternalPostgres)
    .optional()
    .fact(Fact::DaemonSource),
    Variable::new(
        "PGSSLCERT",
        ALL,
        Constant("/run/dify/tls/postgres.crt"),
        "The certificate that a client shows; the daemon's driver and the vector store's read it from here alone.",
    )
    .when(ExternalPostgres)
    .optional()
    .fact(Fact::DaemonSource),
    Variable::new(
        "PGSSLKEY",
        ALL,
        Constant("/run/dify/tls/postgres.key"),
        "Its key.",
    )
    .when(ExternalPostgres)
    .optional()
    .fact(Fact::DaemonSource),
    Variable::new(
        "PGSSLMODE",
        VECTORS,
        Setting("externalPostgres.sslMode"),
        "Dify has no TLS settings for vectors in PostgreSQL, but the library below it reads this.",
    )
    .when(PgvectorInExternalPostgres),
    Variable::new(
        "PGSSLROOTCERT",
        VECTORS,
        Constant(trust::BUNDLE),
        "The CA for that.",
    )
    .when(PgvectorInExternalPostgres)
    .optional(),
    Variable::new("DB_TYPE", ALL, Constant("postgresql"), "The kind of database.").when(BuiltInPostgres),
    Variable::new(
        "DB_EXTRAS",
        APPLICATION_AND_JOBS,
        Constant("sslmode=disable"),
        "What PGSSLMODE says of the vector store is not meant for this server.",
    )
    .when(BuiltInPostgres),
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
    Variable::new("DB_PASSWORD", ALL, Key("DB_PASSWORD"), "The role's password.").when(ExternalPostgres),
    Variable::new("DB_PASSWORD", ALL, Key("DB_PASSWORD"), "The role's password.").when(BuiltInPostgres),
    Variable::new(
        "PREFLIGHT_ADMIN_DB_PASSWORD",
        BOOTSTRAP,
        Key("PREFLIGHT_ADMIN_DB_PASSWORD"),
        "That role's password.",
    )
    .when(ExternalPostgres)
    .optional()
    .fact(Fact::Preflight),
    Variable::new(
        "SQLALCHEMY_POOL_SIZE",
        APPLICATION,
        Setting("databasePool.size"),
        "Connections that a process keeps.",
    ),
    Variable::new(
        "SQLALCHEMY_MAX_OVERFLOW",
        APPLICATION,
        Setting("databasePool.maxOverflow"),
        "Connections that it may open beyond those.",
    ),
    Variable::new(
        "SQLALCHEMY_POOL_RECYCLE",
        APPLICATION,
        Setting("databasePool.recycleSeconds"),
        "After how many seconds a connection is made anew.",
    ),
    Variable::new(
        "SQLALCHEMY_POOL_PRE_PING",
        APPLICATION,
        Setting("databasePool.prePing"),
        "Whether a connection is tried before it is used.",
    ),
    Variable::new(
        "DB_MAX_OPEN_CONNS",
        DAEMON,
        Setting("databasePool.pluginDaemon"),
        "Connections that the plugin daemon may hold.",
    )
    .fact(Fact::DaemonSource),
];
