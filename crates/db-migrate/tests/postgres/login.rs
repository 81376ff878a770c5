//! Getting in, and what may be done there.

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use testbed::dns::{Answer, NameServer};
use testbed::postgres::{Postgres, PostgresPlan};
use testbed::prove;

use crate::common::{call, image, look, result};
use crate::{DATABASE, at_port, database};

#[test]
fn who_is_let_in() {
    let server = Postgres::start();
    for sql in [
        "CREATE ROLE nobody",
        "CREATE ROLE limited LOGIN PASSWORD 'secret' CONNECTION LIMIT 0",
        "CREATE ROLE expired LOGIN PASSWORD 'secret' VALID UNTIL '2020-01-01'",
        "CREATE ROLE closed LOGIN PASSWORD NULL",
        "CREATE DATABASE closed ALLOW_CONNECTIONS false",
        "CREATE DATABASE full_up CONNECTION LIMIT 0",
        "CREATE DATABASE private",
        "REVOKE CONNECT ON DATABASE private FROM PUBLIC",
    ] {
        let _ = server.sql("postgres", sql);
    }
    prove!("postgresql/ready", &database(&server, &[]));
    prove!("postgresql/wrong-password", &database(&server, &[("DB_PASSWORD", "not-the-one")]));
    prove!("postgresql/no-password", &database(&server, &[("DB_PASSWORD", "")]));
    prove!("postgresql/no-role", &database(&server, &[("DB_USERNAME", "missing")]));
    prove!("postgresql/expired", &database(&server, &[("DB_USERNAME", "expired")]));
    prove!("postgresql/role-limit", &database(&server, &[("DB_USERNAME", "limited")]));
    prove!("postgresql/no-database", &database(&server, &[("DB_DATABASE", "none")]));
    prove!("postgresql/database-closed", &database(&server, &[("DB_DATABASE", "closed")]));
    prove!("postgresql/database-limit", &database(&server, &[("DB_DATABASE", "full_up")]));
    prove!("postgresql/no-connect", &database(&server, &[("DB_DATABASE", "private")]));
    let zone = [("DB_SESSION_TIMEZONE_OVERRIDE", "Nowhere/None")];
    prove!("postgresql/unknown-time-zone", &database(&server, &zone));
    let option = [("DB_EXTRAS", "options=-c%20no_such_setting%3D1")];
    prove!("postgresql/unknown-option", &database(&server, &option));
}

#[test]
fn host_rules() {
    let hba = ["host postgres postgres 127.0.0.1/32 scram-sha-256", "host dify dify 127.0.0.1/32 reject"];
    let server = PostgresPlan::new().hba(&hba).start();
    prove!("postgresql/no-host-rule", &database(&server, &[("DB_DATABASE", "other")]));
    prove!("postgresql/host-rejected", &database(&server, &[]));
}

#[test]
fn what_may_be_done() {
    let server = Postgres::start();
    let _ = server
        .sql("postgres", "CREATE ROLE guest LOGIN PASSWORD 'secret'; GRANT ALL ON DATABASE dify TO guest");
    let guest = ("DB_USERNAME", "guest");
    prove!("postgresql/no-create", &database(&server, &[guest]));
    prove!("postgresql/no-schema", &database(&server, &[("DB_EXTRAS", "options=-c%20search_path%3Dnone")]));
    let _ = server
        .sql("dify", "GRANT CREATE ON SCHEMA public TO guest; REVOKE CREATE ON DATABASE dify FROM guest");
    prove!("postgresql/no-extension", &database(&server, &[guest]));
    let image = image("aaa");
    let run = ["--grace", "0s", "run", "--", "true"];
    let run = call(&server, image.path(), &run).env(guest.0, guest.1).run();
    prove!("postgresql/first-migration-without-extension", &result(&run));
}

#[test]
fn starting_and_standing_by() {
    let starting = PostgresPlan::new().standby().set("hot_standby=off").start_alone();
    let mut seen = database(&starting, &[]);
    // Between its first breath and its last word it says "starting up".
    while seen.code.as_deref() == Some("ECONNREFUSED") || seen.message.contains("starting up") {
        sleep(Duration::from_millis(50));
        seen = database(&starting, &[]);
    }
    prove!("postgresql/not-accepting", &seen);

    let standby = PostgresPlan::new().standby().start_alone();
    let mut seen = database(&standby, &[]);
    while matches!(seen.code.as_deref(), Some("ECONNREFUSED" | "57P03")) {
        sleep(Duration::from_millis(50));
        seen = database(&standby, &[]);
    }
    prove!("postgresql/standby", &seen);

    let server = PostgresPlan::new().set("default_transaction_read_only=on").start();
    prove!("postgresql/read-only", &database(&server, &[]));
}

#[test]
fn full() {
    let server = PostgresPlan::new().set("max_connections=4").set("superuser_reserved_connections=3").start();
    let image = image("aaa");
    let waiting = call(&server, image.path(), &["wait"]).spawn();
    let mut seen = database(&server, &[]);
    while seen.exit == 0 {
        sleep(Duration::from_millis(50));
        seen = database(&server, &[]);
    }
    waiting.signal("TERM");
    let _ = waiting.wait();
    prove!("postgresql/full", &seen);
}

#[test]
fn nobody_there() {
    prove!("postgresql/refused", &at_port(testbed::free_port(), &[]));
    for (answer, host) in [(Answer::NoName, "postgres.invalid"), (Answer::Failure, "postgres.invalid")] {
        let names = NameServer::start(answer);
        let asking = names.asked_by(Path::new(env!("CARGO_BIN_EXE_db-migrate")), "");
        let seen = result(&asking.args(["--output", "json"]).args(DATABASE).env("DB_HOST", host).run());
        match answer {
            Answer::NoName => prove!("postgresql/no-name", &seen),
            _ => prove!("postgresql/no-answer-of-dns", &seen),
        }
    }
}

/// A server that is there and does not answer any more.
#[test]
fn standing_still() {
    let server = Postgres::start();
    server.process.signal("STOP");
    prove!("postgresql/standing-still", &look(&server, Path::new("/none"), &DATABASE));
}
