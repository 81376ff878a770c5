//! `bootstrap`: creates what is missing, twice and at once, with and without an administrator.

mod common;

use common::{Seen, result, tool};
use testbed::Tool;
use testbed::postgres::{Postgres, PostgresPlan};

fn bootstrap(server: &Postgres, variables: &[(&str, &str)]) -> Tool {
    let variables = variables.iter().map(|(name, value)| (*name, (*value).to_owned()));
    tool().args(["--output", "json", "--grace", "0s", "bootstrap"]).envs(server.env()).envs(variables)
}

fn done(server: &Postgres, variables: &[(&str, &str)]) -> Seen {
    result(&bootstrap(server, variables).run())
}

const ADMIN: [(&str, &str); 2] =
    [("PREFLIGHT_ADMIN_DB_USERNAME", "postgres"), ("PREFLIGHT_ADMIN_DB_PASSWORD", "admin")];

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    ADMIN.iter().chain(more).copied().collect()
}

#[test]
fn an_administrator_creates_everything_and_a_second_run_nothing() {
    let server = Postgres::start();
    let names = [
        ("DB_USERNAME", "it's-\"new\""),
        ("DB_PASSWORD", "pa'ss\\word"),
        ("DB_DATABASE", "dify-new"),
        ("DB_PLUGIN_DATABASE", "plugin \"new\""),
    ];
    let first = done(&server, &with(&names));
    first.expect_ready(&[
        "role it's-\"new\"",
        "database dify-new",
        "extension uuid-ossp in dify-new",
        "database plugin \"new\"",
    ]);
    done(&server, &with(&names)).expect_ready(&["nothing was missing"]);
    // From here on the application needs nobody.
    done(&server, &names).expect_ready(&["nothing was missing"]);
    let owner =
        server.sql("postgres", "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'dify-new'");
    assert_eq!(owner, "it's-\"new\"");
    // The statement that made the role held a verifier, so no log could hold the password.
    assert!(
        server
            .sql("postgres", "SELECT rolpassword FROM pg_authid WHERE rolname LIKE 'it%'")
            .starts_with("SCRAM-SHA-256$4096:")
    );
}

#[test]
fn the_application_creates_what_it_may() {
    let server = Postgres::start();
    done(&server, &[]).expect(
        69,
        "suspect",
        "permission",
        Some("42501"),
        &["database dify_plugin", "PREFLIGHT_ADMIN_DB_USERNAME"],
    );
    let _ = server.sql("postgres", "ALTER ROLE dify CREATEDB");
    done(&server, &[]).expect_ready(&["created", "database dify_plugin"]);
    done(&server, &[("DB_DATABASE", "another")]).expect_ready(&["database another"]);
}

#[test]
fn an_administrator_who_is_no_superuser() {
    let server = Postgres::start();
    let _ = server.sql("postgres", "CREATE ROLE boss LOGIN PASSWORD 'key-of-boss' CREATEDB CREATEROLE");
    let variables = [
        ("PREFLIGHT_ADMIN_DB_USERNAME", "boss"),
        ("PREFLIGHT_ADMIN_DB_PASSWORD", "key-of-boss"),
        ("DB_USERNAME", "fresh"),
        ("DB_PASSWORD", "key-of-fresh"),
        ("DB_DATABASE", "fresh"),
    ];
    done(&server, &variables).expect_ready(&["role fresh", "database fresh"]);
    done(&server, &variables).expect_ready(&["nothing was missing"]);
}

#[test]
fn a_role_that_may_not_create_roles() {
    let server = Postgres::start();
    let _ = server.sql("postgres", "CREATE ROLE boss LOGIN PASSWORD 'key-of-boss'");
    let variables = [
        ("PREFLIGHT_ADMIN_DB_USERNAME", "boss"),
        ("PREFLIGHT_ADMIN_DB_PASSWORD", "key-of-boss"),
        ("DB_USERNAME", "fresh"),
    ];
    done(&server, &variables).expect(
        69,
        "suspect",
        "permission",
        Some("42501"),
        &["user \"boss\" may not create role fresh"],
    );
}

#[test]
fn an_administrator_with_a_wrong_password() {
    let server = Postgres::start();
    let variables =
        [("PREFLIGHT_ADMIN_DB_USERNAME", "postgres"), ("PREFLIGHT_ADMIN_DB_PASSWORD", "not-the-one")];
    done(&server, &variables).expect(69, "suspect", "auth", Some("28P01"), &["PREFLIGHT_ADMIN_DB_PASSWORD"]);
    done(&server, &variables[1..]).expect(69, "never", "config", None, &["PREFLIGHT_ADMIN_DB_USERNAME"]);
}

#[test]
fn a_role_with_another_password_is_not_changed() {
    let server = Postgres::start();
    done(&server, &with(&[("DB_PASSWORD", "not-the-one")])).expect(
        69,
        "suspect",
        "auth",
        Some("28P01"),
        &["DB_PASSWORD"],
    );
    done(&server, &ADMIN).expect_ready(&[]);
}

#[test]
fn a_database_of_somebody_else_gets_the_privilege() {
    let server = Postgres::start();
    let _ = server.sql("postgres", "CREATE ROLE guest LOGIN PASSWORD 'secret'");
    let guest = with(&[("DB_USERNAME", "guest")]);
    done(&server, &guest).expect_ready(&["privilege CREATE on schema public of dify"]);
    done(&server, &guest).expect_ready(&["nothing was missing"]);
}

#[test]
fn several_at_once() {
    let server = Postgres::start();
    let names = with(&[
        ("DB_USERNAME", "fresh"),
        ("DB_PASSWORD", "fresh-password"),
        ("DB_DATABASE", "fresh"),
        ("VECTOR_STORE", "pgvector"),
        ("PGVECTOR_HOST", "127.0.0.1"),
        ("PGVECTOR_USER", "fresh"),
        ("PGVECTOR_PASSWORD", "fresh-password"),
        ("PGVECTOR_DATABASE", "fresh_vectors"),
    ]);
    let port = server.port().to_string();
    let names: Vec<_> = names.into_iter().chain([("PGVECTOR_PORT", port.as_str())]).collect();
    let running: Vec<_> =
        (0..3).map(|_| bootstrap(&server, &names).args(["--grace", "10s"]).spawn()).collect();
    for run in running {
        result(&run.wait()).expect_ready(&["fresh, dify_plugin, fresh_vectors are ready"]);
    }
    assert_eq!(
        server.sql("fresh_vectors", "SELECT extname FROM pg_extension WHERE extname = 'vector'"),
        "vector"
    );
}

#[test]
fn a_late_server_is_waited_for() {
    let plan = PostgresPlan::new();
    let run = tool()
        .args(["--output", "json", "bootstrap"])
        .env("DB_HOST", "127.0.0.1")
        .env("DB_PORT", plan.port)
        .env("DB_PASSWORD", "admin")
        .spawn();
    std::thread::sleep(std::time::Duration::from_millis(500));
    let _server = plan.start();
    result(&run.wait()).expect_ready(&["extension uuid-ossp in dify"]);
}
