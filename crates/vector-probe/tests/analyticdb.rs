//! `AnalyticDB`, by its own protocol: a real PostgreSQL stands in for it.

mod common;

use common::{Seen, check};
use testbed::postgres::Postgres;
use testbed::prove;

fn probe(port: u16, account: &str, password: &str) -> Seen {
    let port = port.to_string();
    check(&[
        ("VECTOR_STORE", "analyticdb"),
        ("ANALYTICDB_HOST", "127.0.0.1"),
        ("ANALYTICDB_PORT", &port),
        ("ANALYTICDB_ACCOUNT", account),
        ("ANALYTICDB_PASSWORD", password),
    ])
}

#[test]
fn each_state_of_a_real_postgresql_is_told_apart() {
    let server = Postgres::start();
    let sql = |statement| drop(server.sql("postgres", statement));
    let port = server.port();
    prove!("analyticdb/no-parser", &probe(port, "dify", "secret"));
    prove!("analyticdb/wrong-password", &probe(port, "dify", "other"));
    // What the vendor's server has: an extension more in its list, and a first account that may make databases.
    sql("CREATE SCHEMA vendor");
    sql("CREATE VIEW vendor.pg_available_extensions AS SELECT 'zhparser'::name AS name");
    sql("CREATE ROLE first LOGIN CREATEDB PASSWORD 'first-pw'");
    sql("CREATE ROLE guest LOGIN PASSWORD 'guest-pw'");
    sql("GRANT USAGE ON SCHEMA vendor TO PUBLIC");
    sql("GRANT SELECT ON vendor.pg_available_extensions TO PUBLIC");
    sql("ALTER DATABASE postgres SET search_path TO vendor, pg_catalog, public");
    prove!("analyticdb/ready", &probe(port, "first", "first-pw"));
    prove!("analyticdb/bound", &probe(port, "guest", "guest-pw"));
    sql("CREATE DATABASE knowledgebase");
    prove!("analyticdb/ready", &probe(port, "guest", "guest-pw"));
}

#[test]
fn what_dify_would_not_start_with_is_named() {
    prove!("analyticdb/no-key", &check(&[("VECTOR_STORE", "analyticdb")]));
}
