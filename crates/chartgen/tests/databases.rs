//! Which database each component is told of, in every mode: the main container, and the checks before it.

mod support;

use support::{Helm, Object, environment, objects};

/// Everything that opens the application's database.
const APPLICATION: [(&str, &str); 6] = [
    ("api", "api"),
    ("api", "wait-migrations"),
    ("worker", "worker"),
    ("beat", "wait-migrations"),
    ("migrate", "migrate"),
    ("bootstrap", "bootstrap"),
];
/// The plugin daemon, and what logs in for it first.
const DAEMON: [(&str, &str); 2] = [("plugin-daemon", "plugin-daemon"), ("plugin-daemon", "gate")];

const POSTGRES: &str = "externalPostgres.enabled=true,externalPostgres.address=pg,externalPostgres.password.existingSecret.name=pg";
const MYSQL: &str = "externalMysql.enabled=true,externalMysql.address=my,externalMysql.password.existingSecret.name=my,\
                     externalQdrant.enabled=true,externalQdrant.endpoint=http://q:6333";

fn rendered(settings: &str) -> Vec<Object> {
    objects(&Helm::Newest.render(&["--set", settings]))
}

/// Each row: the variable, and its value; `-` where it must not be.
fn expect(settings: &str, containers: &[(&str, &str)], rows: &[(&str, &str)]) {
    let objects = rendered(settings);
    for (component, container) in containers {
        let environment = environment(&objects, component, container);
        for (name, value) in rows {
            let found = environment.get(*name).map_or("-", String::as_str);
            assert_eq!(found, *value, "{name} in {container} of {component}, {settings}");
        }
    }
}

#[test]
fn the_built_in_postgresql_is_told_to_all() {
    let rows = [
        ("DB_TYPE", "postgresql"),
        ("DB_HOST", "demo-dify-postgresql"),
        ("DB_PASSWORD", "demo-dify-keys/DB_PASSWORD"),
    ];
    expect("", &APPLICATION, &rows);
    expect("", &APPLICATION, &[("DB_EXTRAS", "sslmode=disable")]);
    expect("", &DAEMON, &rows);
    expect("", &DAEMON, &[("DB_DATABASE", "dify_plugin"), ("DB_SSL_MODE", "disable"), ("DB_EXTRAS", "-")]);
    expect("", &[("bootstrap", "bootstrap")], &[("DB_PLUGIN_DATABASE", "dify_plugin")]);
}

#[test]
fn a_postgresql_of_the_users_is_told_to_all() {
    let tls = format!("{POSTGRES},externalPostgres.sslMode=require");
    let rows = [("DB_TYPE", "postgresql"), ("DB_HOST", "pg"), ("DB_PASSWORD", "pg/DB_PASSWORD")];
    expect(&tls, &APPLICATION, &rows);
    expect(&tls, &APPLICATION, &[("DB_EXTRAS", "sslmode=require"), ("DB_SESSION_TIMEZONE_OVERRIDE", "-")]);
    expect(&tls, &DAEMON, &rows);
    // The daemon would read the api's DB_EXTRAS as an option of the server.
    expect(&tls, &DAEMON, &[("DB_EXTRAS", "-"), ("DB_SSL_MODE", "require")]);
    let extra = format!("{POSTGRES},externalPostgres.extraParameters=target_session_attrs=read-write");
    let extras = "sslmode=disable&target_session_attrs=read-write";
    expect(&extra, &APPLICATION, &[("DB_EXTRAS", extras)]);
}

#[test]
fn behind_a_pooler_nothing_is_prepared_and_no_option_sent() {
    let pooler = format!("{POSTGRES},externalPostgres.pooler=true");
    expect(&pooler, &APPLICATION, &[("DB_TYPE", "postgresql"), ("DB_SESSION_TIMEZONE_OVERRIDE", "")]);
    expect(&pooler, &DAEMON, &[("DB_TYPE", "pgbouncer"), ("DB_SESSION_TIMEZONE_OVERRIDE", "-")]);
}

#[test]
fn mysql_is_told_to_all() {
    let rows = [("DB_HOST", "my"), ("DB_PORT", "3306"), ("DB_PASSWORD", "my/MYSQL_PASSWORD")];
    expect(MYSQL, &APPLICATION, &rows);
    expect(MYSQL, &APPLICATION, &[("DB_TYPE", "mysql"), ("DB_DATABASE", "dify"), ("DB_EXTRAS", "-")]);
    // DB_CHARSET becomes a word of PostgreSQL, on which PyMySQL stops.
    expect(MYSQL, &APPLICATION, &[("DB_CHARSET", "-"), ("DB_SSL_MODE", "-"), ("PGVECTOR_HOST", "-")]);
    expect(MYSQL, &DAEMON, &rows);
    expect(
        MYSQL,
        &DAEMON,
        &[("DB_TYPE", "mysql"), ("DB_DATABASE", "dify_plugin"), ("DB_SSL_MODE", "disable")],
    );
    let tls = format!("{MYSQL},externalMysql.sslMode=require");
    expect(&tls, &APPLICATION, &[("DB_EXTRAS", "ssl_check_hostname=false")]);
    expect(&tls, &DAEMON, &[("DB_EXTRAS", "-"), ("DB_SSL_MODE", "require")]);
}

#[test]
fn the_family_of_mysql_has_one_name_for_the_daemon() {
    for kind in ["oceanbase", "seekdb"] {
        let settings = format!("{MYSQL},externalMysql.type={kind},externalMysql.port=2881");
        expect(&settings, &APPLICATION, &[("DB_TYPE", kind), ("DB_PORT", "2881")]);
        expect(&settings, &DAEMON, &[("DB_TYPE", "mysql")]);
    }
}

#[test]
fn the_administrator_is_told_to_the_bootstrap_job_alone() {
    let admin = "externalMysql.admin.username=root,externalMysql.admin.password.existingSecret.name=root";
    let settings = format!("{MYSQL},{admin}");
    let (user, password) = ("PREFLIGHT_ADMIN_DB_USERNAME", "PREFLIGHT_ADMIN_DB_PASSWORD");
    let key = "root/PREFLIGHT_ADMIN_MYSQL_PASSWORD";
    expect(&settings, &[("bootstrap", "bootstrap")], &[(user, "root"), (password, key)]);
    expect(&settings, &APPLICATION[..5], &[(user, "-"), (password, "-")]);
    expect(&settings, &DAEMON, &[(user, "-"), (password, "-")]);
}

#[test]
fn nothing_of_the_built_in_postgresql_is_left_with_another() {
    for settings in [POSTGRES, MYSQL] {
        for object in rendered(settings) {
            assert_ne!(object.component(), "postgresql", "{settings}: {}", object.key());
            assert!(!object.text.contains("dify-postgresql"), "{settings}: {}", object.key());
        }
    }
}

#[test]
fn pools_are_told_to_the_processes_that_hold_them() {
    let settings = "databasePool.size=7,databasePool.maxOverflow=3,databasePool.pluginDaemon=9";
    let rows = [("SQLALCHEMY_POOL_SIZE", "7"), ("SQLALCHEMY_MAX_OVERFLOW", "3"), ("DB_MAX_OPEN_CONNS", "-")];
    expect(settings, &[("api", "api"), ("worker", "worker"), ("beat", "beat")], &rows);
    expect(settings, &DAEMON, &[("SQLALCHEMY_POOL_SIZE", "-"), ("DB_MAX_OPEN_CONNS", "9")]);
}
