//! The databases of the application and of the plugin daemon at a server of MySQL's family.

use super::database::{ALL, BOOTSTRAP};
use super::{
    APPLICATION_AND_JOBS, DAEMON, Fact, Source::Computed, Source::Constant, Source::Key, Source::Setting,
    Variable, When::ExternalMysql,
};

/// The group's variables.
pub(super) const VARIABLES: &[Variable] = &[
    Variable::new("DB_TYPE", APPLICATION_AND_JOBS, Setting("externalMysql.type"), "The kind of database.")
        .when(ExternalMysql),
    Variable::new("DB_TYPE", DAEMON, Constant("mysql"), "The daemon's word for the whole family.")
        .when(ExternalMysql)
        .fact(Fact::DaemonSource),
    Variable::new("DB_HOST", ALL, Setting("externalMysql.address"), "The server.").when(ExternalMysql),
    Variable::new("DB_PORT", ALL, Setting("externalMysql.port"), "Its port.").when(ExternalMysql),
    Variable::new("DB_USERNAME", ALL, Setting("externalMysql.username"), "The user.").when(ExternalMysql),
    Variable::new(
        "DB_DATABASE",
        APPLICATION_AND_JOBS,
        Setting("externalMysql.database.api"),
        "The application's database.",
    )
    .when(ExternalMysql),
    Variable::new(
        "DB_EXTRAS",
        APPLICATION_AND_JOBS,
        Computed("TLS and what else is given, as PyMySQL spells it"),
        "Arguments of PyMySQL; one that it does not know stops the api at its start.",
    )
    .when(ExternalMysql)
    .optional(),
    Variable::new(
        "DB_DATABASE",
        DAEMON,
        Setting("externalMysql.database.pluginDaemon"),
        "The plugin daemon's database.",
    )
    .when(ExternalMysql)
    .fact(Fact::DaemonSource),
    Variable::new(
        "DB_SSL_MODE",
        DAEMON,
        Computed("require wherever TLS is asked for"),
        "With require the daemon's driver verifies the certificate and its name.",
    )
    .when(ExternalMysql)
    .fact(Fact::DaemonSource),
    Variable::new(
        "DB_PLUGIN_DATABASE",
        BOOTSTRAP,
        Setting("externalMysql.database.pluginDaemon"),
        "The second database to make.",
    )
    .when(ExternalMysql)
    .fact(Fact::Preflight),
    Variable::new(
        "PREFLIGHT_ADMIN_DB_USERNAME",
        BOOTSTRAP,
        Setting("externalMysql.admin.username"),
        "The user that may create databases.",
    )
    .when(ExternalMysql)
    .optional()
    .fact(Fact::Preflight),
    Variable::new("DB_PASSWORD", ALL, Key("MYSQL_PASSWORD"), "The user's password.").when(ExternalMysql),
    Variable::new(
        "PREFLIGHT_ADMIN_DB_PASSWORD",
        BOOTSTRAP,
        Key("PREFLIGHT_ADMIN_MYSQL_PASSWORD"),
        "That user's password.",
    )
    .when(ExternalMysql)
    .optional()
    .fact(Fact::Preflight),
];
