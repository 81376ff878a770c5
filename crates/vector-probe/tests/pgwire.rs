//! The stores that speak PostgreSQL's protocol. A real PostgreSQL 17 stands in for the vendors' servers, which cannot be
//! had: where they bring a type or an index method of their own, one of that name is made from pgvector's.

mod common;
#[path = "common/pem.rs"]
mod pem;

use common::{Seen, check};
use pem::Signed;
use testbed::postgres::{Postgres, PostgresPlan};
use testbed::recorded_postgres::{RecordedPostgres, message};
use testbed::{free_port, prove};

/// A store, and the parts of its variables' names.
struct Store {
    name: &'static str,
    prefix: &'static str,
    user: &'static str,
    password: &'static str,
}

const RELYT: Store = Store { name: "relyt", prefix: "RELYT", user: "USER", password: "PASSWORD" };
const OPENGAUSS: Store = Store { name: "opengauss", prefix: "OPENGAUSS", user: "USER", password: "PASSWORD" };
const VASTBASE: Store = Store { name: "vastbase", prefix: "VASTBASE", user: "USER", password: "PASSWORD" };
const PGVECTO_RS: Store =
    Store { name: "pgvecto-rs", prefix: "PGVECTO_RS", user: "USER", password: "PASSWORD" };
const HOLOGRES: Store =
    Store { name: "hologres", prefix: "HOLOGRES", user: "ACCESS_KEY_ID", password: "ACCESS_KEY_SECRET" };

impl Store {
    fn check(&self, port: u16, login: (&str, &str, &str), more: &[(&str, &str)]) -> Seen {
        let (user, password, database) = login;
        let named = |name: &str| format!("{}_{name}", self.prefix);
        let port = port.to_string();
        let own = [
            (named("HOST"), "127.0.0.1"),
            (named("PORT"), &port),
            (named(self.user), user),
            (named(self.password), password),
            (named("DATABASE"), database),
        ];
        let mut variables = vec![("VECTOR_STORE", self.name)];
        variables.extend(own.iter().map(|(name, value)| (name.as_str(), *value)));
        variables.extend_from_slice(more);
        check(&variables)
    }
}

const DIFY: (&str, &str, &str) = ("dify", "secret", "dify");

/// A server with a role that may not create, one without a connection left, and what the vendors bring.
fn server() -> Postgres {
    let server = Postgres::start();
    let sql = |database, sql| drop(server.sql(database, sql));
    sql("postgres", "CREATE ROLE guest LOGIN PASSWORD 'guest-pw'");
    sql("postgres", "CREATE ROLE full_up LOGIN PASSWORD 'full-pw' CONNECTION LIMIT 0");
    sql("postgres", "CREATE ROLE nowhere LOGIN PASSWORD 'nowhere-pw'");
    sql("postgres", "ALTER ROLE nowhere SET search_path TO nosuch");
    sql("postgres", "CREATE ROLE reader LOGIN PASSWORD 'reader-pw'");
    sql("postgres", "ALTER ROLE reader SET default_transaction_read_only TO on");
    sql("postgres", "CREATE ROLE strange LOGIN PASSWORD 'p@ss'");
    sql("postgres", "CREATE DATABASE bare OWNER dify");
    sql("dify", "GRANT CREATE ON SCHEMA public TO strange");
    server
}

fn with_vectors() -> Postgres {
    let server = server();
    let sql = |sql| drop(server.sql("dify", sql));
    sql("CREATE EXTENSION vector");
    sql("CREATE DOMAIN floatvector AS vector");
    sql("CREATE ACCESS METHOD vectors TYPE INDEX HANDLER hnswhandler");
    server
}

#[test]
fn each_state_of_opengauss_is_told_apart() {
    let server = with_vectors();
    let port = server.port();
    prove!("opengauss/ready", &OPENGAUSS.check(port, DIFY, &[]));
    prove!("opengauss/wrong-password", &OPENGAUSS.check(port, ("dify", "no", "dify"), &[]));
    prove!("opengauss/no-database", &OPENGAUSS.check(port, ("dify", "secret", "nosuch"), &[]));
    prove!("opengauss/no-vectors", &OPENGAUSS.check(port, ("dify", "secret", "bare"), &[]));
    prove!("opengauss/no-create", &OPENGAUSS.check(port, ("guest", "guest-pw", "dify"), &[]));
    prove!("opengauss/no-schema", &OPENGAUSS.check(port, ("nowhere", "nowhere-pw", "dify"), &[]));
    prove!("opengauss/read-only", &OPENGAUSS.check(port, ("reader", "reader-pw", "dify"), &[]));
    prove!("opengauss/full", &OPENGAUSS.check(port, ("full_up", "full-pw", "dify"), &[]));
    prove!("opengauss/no-pq", &OPENGAUSS.check(port, DIFY, &[("OPENGAUSS_ENABLE_PQ", "true")]));
    prove!("opengauss/pool", &OPENGAUSS.check(port, DIFY, &[("OPENGAUSS_MIN_CONNECTION", "9")]));
    prove!("opengauss/refused", &OPENGAUSS.check(free_port(), DIFY, &[]));
}

/// The way that openGauss was seen to log in with its own passwords: the number of SASL, and no mechanism.
#[test]
fn recorded_refusals_of_opengauss_are_told_apart() {
    let sha256 = [&[0, 0, 0, 10, 0, 0, 0, 2][..], &[b'a'; 64], &[b'b'; 8], &[0, 0, 8, 0]].concat();
    let server = RecordedPostgres::start(message(b'R', &sha256));
    prove!("opengauss/sha256", &OPENGAUSS.check(server.port, DIFY, &[]));
    prove!("vastbase/sha256", &VASTBASE.check(server.port, DIFY, &[]));
    let server = RecordedPostgres::refusing("28P01", "Invalid username/password,login denied.");
    prove!("opengauss/login-denied", &OPENGAUSS.check(server.port, DIFY, &[]));
    let server = RecordedPostgres::refusing("28000", "The account has been locked.");
    prove!("opengauss/locked", &OPENGAUSS.check(server.port, DIFY, &[]));
    let server = RecordedPostgres::refusing("28000", "Forbid remote connection with initial user.");
    prove!("opengauss/initial-user", &OPENGAUSS.check(server.port, DIFY, &[]));
}

#[test]
fn each_state_of_vastbase_is_told_apart() {
    let server = with_vectors();
    let port = server.port();
    prove!("vastbase/ready", &VASTBASE.check(port, DIFY, &[]));
    prove!("vastbase/wrong-password", &VASTBASE.check(port, ("dify", "no", "dify"), &[]));
    prove!("vastbase/no-database", &VASTBASE.check(port, ("dify", "secret", "nosuch"), &[]));
    prove!("vastbase/no-vectors", &VASTBASE.check(port, ("dify", "secret", "bare"), &[]));
    prove!("vastbase/no-create", &VASTBASE.check(port, ("guest", "guest-pw", "dify"), &[]));
    prove!("vastbase/full", &VASTBASE.check(port, ("full_up", "full-pw", "dify"), &[]));
}

#[test]
fn each_state_of_relyt_is_told_apart() {
    let server = with_vectors();
    let port = server.port();
    prove!("relyt/ready", &RELYT.check(port, DIFY, &[]));
    prove!("relyt/wrong-password", &RELYT.check(port, ("dify", "no", "dify"), &[]));
    prove!("relyt/no-database", &RELYT.check(port, ("dify", "secret", "nosuch"), &[]));
    prove!("relyt/no-vectors", &RELYT.check(port, ("dify", "secret", "bare"), &[]));
    prove!("relyt/no-create", &RELYT.check(port, ("guest", "guest-pw", "dify"), &[]));
    // What Dify writes into a URL is read as its client would read it again.
    prove!("relyt/unquoted-password", &RELYT.check(port, ("strange", "p@ss", "dify"), &[]));
    RELYT.check(port, ("strange", "p%40ss", "dify"), &[]).expect_ready(&["Relyt at"]);
    // pgvector's index is not the one that Dify asks Relyt for.
    drop(server.sql("bare", "CREATE EXTENSION vector"));
    prove!("relyt/no-index-method", &RELYT.check(port, ("dify", "secret", "bare"), &[]));
}

#[test]
fn each_state_of_pgvecto_rs_is_told_apart() {
    let server = with_vectors();
    let port = server.port();
    prove!("pgvecto-rs/no-extension", &PGVECTO_RS.check(port, DIFY, &[]));
    prove!("pgvecto-rs/wrong-password", &PGVECTO_RS.check(port, ("dify", "no", "dify"), &[]));
    prove!("pgvecto-rs/no-database", &PGVECTO_RS.check(port, ("dify", "secret", "nosuch"), &[]));
    prove!("pgvecto-rs/unquoted-password", &PGVECTO_RS.check(port, ("strange", "p@ss", "dify"), &[]));
    prove!("pgvecto-rs/unquoted-user", &PGVECTO_RS.check(port, ("a:b", "secret", "dify"), &[]));
    // The extension as the catalogue would show it.
    let installed = "SET allow_system_table_mods TO on; INSERT INTO pg_extension (oid, extname, extowner, extnamespace, \
        extrelocatable, extversion) SELECT 99999, 'vectors', 10, oid, false, '0.4.0' FROM pg_namespace WHERE nspname = 'public'";
    drop(server.sql("dify", installed));
    prove!("pgvecto-rs/ready", &PGVECTO_RS.check(port, DIFY, &[]));
    prove!("pgvecto-rs/no-create", &PGVECTO_RS.check(port, ("guest", "guest-pw", "dify"), &[]));
    prove!("pgvecto-rs/full", &PGVECTO_RS.check(port, ("full_up", "full-pw", "dify"), &[]));
    // Only some roles may see what the server has loaded.
    prove!("pgvecto-rs/not-loaded", &PGVECTO_RS.check(port, ("postgres", "admin", "dify"), &[]));
    drop(server.sql("dify", "CREATE SCHEMA elsewhere; ALTER EXTENSION vector SET SCHEMA elsewhere"));
    prove!("pgvecto-rs/search-path", &PGVECTO_RS.check(port, DIFY, &[]));
}

#[test]
fn each_state_of_hologres_is_told_apart() {
    let server = server();
    let port = server.port();
    prove!("hologres/stranger", &HOLOGRES.check(port, DIFY, &[]));
    let answer = |version: &str| {
        let body = format!("SELECT 'Hologres {version} (tag: 1, build: RELEASE)'::text");
        let sql = format!("CREATE OR REPLACE FUNCTION hg_version() RETURNS text LANGUAGE sql AS $${body}$$");
        drop(server.sql("dify", &sql));
    };
    answer("3.1.20");
    prove!("hologres/too-old", &HOLOGRES.check(port, DIFY, &[]));
    answer("4.0.3");
    prove!("hologres/ready", &HOLOGRES.check(port, DIFY, &[]));
    prove!("hologres/wrong-key", &HOLOGRES.check(port, ("dify", "no", "dify"), &[]));
    prove!("hologres/no-database", &HOLOGRES.check(port, ("dify", "secret", "nosuch"), &[]));
    prove!("hologres/no-schema", &HOLOGRES.check(port, DIFY, &[("HOLOGRES_SCHEMA", "it's")]));
    prove!("hologres/no-create", &HOLOGRES.check(port, ("guest", "guest-pw", "dify"), &[]));
    prove!("hologres/full", &HOLOGRES.check(port, ("full_up", "full-pw", "dify"), &[]));
    HOLOGRES.check(port, DIFY, &[("HOLOGRES_DISTANCE_METHOD", "cosine")]).expect(
        69,
        "never",
        "config",
        None,
        &["HOLOGRES_DISTANCE_METHOD", "Cosine"],
    );
}

#[test]
fn a_certificate_that_does_not_fit_and_a_standby_are_told() {
    let signed = Signed::new("elsewhere");
    let server = PostgresPlan::new().tls(&signed.certificate, &signed.key, &signed.ca).start();
    let verify = [("PGSSLMODE", "verify-full"), ("PGSSLROOTCERT", signed.file())];
    prove!("vastbase/wrong-name", &VASTBASE.check(server.port(), DIFY, &verify));
    let plain = Postgres::start();
    prove!("vastbase/no-tls", &VASTBASE.check(plain.port(), DIFY, &[("PGSSLMODE", "require")]));
    let standby = PostgresPlan::new().standby().start();
    prove!("opengauss/standby", &OPENGAUSS.check(standby.port(), DIFY, &[]));
}

/// What openGauss is told to do for clients that do not know its own hash.
#[test]
fn a_password_that_is_stored_for_md5_is_taken() {
    let plan = PostgresPlan::new().set("password_encryption=md5").hba(&["host all all 127.0.0.1/32 md5"]);
    let server = plan.start();
    drop(server.sql("dify", "ALTER ROLE dify PASSWORD 'secret'"));
    drop(server.sql("dify", "CREATE EXTENSION vector"));
    prove!("opengauss/md5", &OPENGAUSS.check(server.port(), DIFY, &[]));
}
