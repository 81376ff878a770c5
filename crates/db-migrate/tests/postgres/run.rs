//! A migration under the lock.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use testbed::postgres::Postgres;
use testbed::prove;

use crate::common::{call, image, look, migration, stamped};

fn until(path: &Path) {
    let start = Instant::now();
    while !path.exists() {
        assert!(start.elapsed() < Duration::from_secs(30), "{} does not appear", path.display());
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn how_a_run_ends() {
    let server = Postgres::start();
    let image = image("aaa");
    let run = |more: &[&str], command: &[&str]| {
        let arguments: Vec<&str> = more.iter().chain(&["run", "--"]).chain(command).copied().collect();
        look(&server, image.path(), &arguments)
    };
    let now = ["--grace", "0s"];
    prove!("run/failed", &run(&now, &["sh", "-c", "echo 'relation \"x\" already exists' >&2; exit 1"]));
    prove!("run/failed-silently", &run(&now, &["false"]));
    prove!("run/killed", &run(&now, &["sh", "-c", "kill -9 $$"]));
    prove!("run/not-runnable", &run(&now, &["/no/such/flask", "upgrade-db"]));
    prove!("run/not-migrated", &run(&["--deadline", "4s"], &["true"]));
    let shell = format!("{}; exit 1", migration(&server, "aaa"));
    prove!("run/migrated-and-failed", &run(&now, &["sh", "-c", &shell]));
}

/// The lock is held by a transaction that stands still: no limit of the server's for such ends it.
#[test]
fn limits_for_transactions_do_not_lose_the_lock() {
    let (server, image) = (Postgres::start(), image("aaa"));
    for limit in ["transaction_timeout", "idle_in_transaction_session_timeout"] {
        let _ = server.sql("postgres", &format!("ALTER ROLE dify SET {limit} = '1s'"));
    }
    let shell = format!("sleep 4; {}", migration(&server, "aaa"));
    let seen = look(&server, image.path(), &["run", "--stall-after", "1500ms", "--", "sh", "-c", &shell]);
    seen.expect_ready(&["migrated"]);
    assert!(!seen.output.contains("migration lock broke"), "{}", seen.output);
    assert!(seen.output.contains("executes nothing in the database"), "{}", seen.output);
}

#[test]
fn one_at_a_time() {
    let (server, image, folder) = (Postgres::start(), image("aaa"), tempfile::tempdir().unwrap());
    let begun = folder.path().join("begun");
    let shell = format!("touch {}; exec sleep 60", begun.display());
    let first = call(&server, image.path(), &["run", "--", "sh", "-c", &shell]).spawn();
    until(&begun);
    prove!("schema/empty-migrating", &look(&server, image.path(), &["check"]));
    stamped(&server, "");
    prove!("run/locked", &look(&server, image.path(), &["--deadline", "4s", "run", "--", "true"]));
    first.signal("TERM");
    assert_eq!(first.wait().code, 143);
}
