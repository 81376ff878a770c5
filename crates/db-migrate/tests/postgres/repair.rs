//! Migrations that were interrupted in the middle of a revision, and mending them.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use testbed::postgres::Postgres;
use testbed::prove;

use crate::common::{Seen, call, image, look, migration, stamped};

const INDEX: &str = "CREATE TABLE workflow_node_executions (tenant_id int); \
    CREATE INDEX workflow_node_executions_tenant_id_idx ON workflow_node_executions (tenant_id)";
const COLUMN: &str = "CREATE TABLE workflow_draft_variables (id int, user_id int)";
const ARCHIVE: &str = "CREATE TABLE archive (month int, shard int); \
    CREATE INDEX workflow_run_archive_bundle_month_id_idx ON archive (month); \
    CREATE INDEX workflow_run_archive_bundle_month_shard_id_idx ON archive (shard)";
const CELERY: &str = "CREATE SEQUENCE task_id_sequence; CREATE SEQUENCE taskset_id_sequence; \
    CREATE TABLE celery_taskmeta (id int); CREATE TABLE celery_tasksetmeta (id int)";

/// A database at `at`, with something left behind by Dify's own role.
fn left(server: &Postgres, at: &str, sql: &str) {
    stamped(server, at);
    let _ = server.sql("dify", &format!("SET ROLE dify; {sql}"));
}

fn repair(server: &Postgres, image: &Path, more: &[&str]) -> Seen {
    let arguments: Vec<&str> = [&["repair"], more].concat();
    look(server, image, &arguments)
}

#[test]
fn each_window_is_named_and_mended() {
    for (number, (at, applying, sql)) in [
        ("2adcbe1f5dfb", "4474872b0ee6", INDEX),
        ("0ec65df55790", "6b5f9f8b1a2c", COLUMN),
        ("7a1c2d9e4b60", "3c9f8e2a1d7b", ARCHIVE),
        ("", "64b051264f32", CELERY),
    ]
    .into_iter()
    .enumerate()
    {
        let server = Postgres::start();
        let words = if at.is_empty() { applying.to_owned() } else { format!("{at} {applying}:{at}") };
        let image = image(&words);
        left(&server, at, sql);
        let seen = look(&server, image.path(), &["check"]);
        match number {
            0 => prove!("stuck/index", &seen),
            1 => prove!("stuck/column", &seen),
            2 => prove!("stuck/archive", &seen),
            _ => prove!("stuck/celery", &seen),
        }
        if number == 0 {
            let run = ["--grace", "0s", "run", "--", "false"];
            prove!("stuck/refused", &look(&server, image.path(), &run));
            prove!("repair/half-applied", &repair(&server, image.path(), &[]));
            prove!("repair/repaired", &repair(&server, image.path(), &["--yes"]));
        } else {
            let shown = repair(&server, image.path(), &[]);
            shown.expect(69, "never", "state", Some("stuck"), &[applying, "DROP", "--yes"]);
            repair(&server, image.path(), &["--yes"]).expect_ready(&["repaired, by executing: "]);
        }
        repair(&server, image.path(), &["--yes"]).expect_ready(&["nothing to repair"]);
        let shell = migration(&server, applying);
        look(&server, image.path(), &["run", "--", "sh", "-c", &shell]).expect_ready(&["migrated"]);
    }
}

#[test]
fn nothing_is_repaired_while_somebody_is_at_work() {
    let (server, folder) = (Postgres::start(), tempfile::tempdir().unwrap());
    let image = image("2adcbe1f5dfb 4474872b0ee6:2adcbe1f5dfb");
    prove!("repair/nothing", &repair(&server, image.path(), &["--yes"]));
    stamped(&server, "2adcbe1f5dfb zzz");
    prove!("repair/diverged", &repair(&server, image.path(), &["--yes"]));

    stamped(&server, "2adcbe1f5dfb");
    let begun = folder.path().join("begun");
    let shell = format!("touch {}; exec sleep 60", begun.display());
    let running = call(&server, image.path(), &["run", "--", "sh", "-c", &shell]).spawn();
    until(|| begun.exists());
    let _ = server.sql("dify", &format!("SET ROLE dify; {INDEX}"));
    prove!("repair/migrating", &repair(&server, image.path(), &["--yes"]));
    running.signal("TERM");
    assert_eq!(running.wait().code, 143);

    // A transaction of another role, whose doings Dify's role may not see.
    let mut other = std::process::Command::new("sh")
        .args(["-c", &server.shell("BEGIN; SELECT pg_sleep(60)")])
        .spawn()
        .unwrap();
    let is_there = || {
        server.sql("dify", "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%'") == "2"
    };
    until(is_there);
    prove!("repair/busy", &repair(&server, image.path(), &["--yes"]));
    let sign = "SELECT to_regclass('workflow_node_executions_tenant_id_idx') IS NOT NULL";
    assert_eq!(server.sql("dify", sign), "t");
    let _ = server.sql("dify", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()");
    let _ = other.wait();
    repair(&server, image.path(), &["--yes"]).expect_ready(&["repaired"]);
}

/// The one thing that makes a migration stand still: a lock that an old pod holds in a transaction it forgot.
#[test]
fn a_migration_that_stands_still_is_told_with_whom_it_waits_for() {
    let server = Postgres::start();
    let image = image("aaa");
    stamped(&server, "");
    let _ = server.sql("dify", "SET ROLE dify; CREATE TABLE conversations (id int)");
    let mut other = std::process::Command::new("sh")
        .args(["-c", &server.shell("BEGIN; LOCK TABLE conversations; SELECT pg_sleep(60)")])
        .spawn()
        .unwrap();
    until(|| {
        server.sql("dify", "SELECT count(*) FROM pg_locks WHERE relation = 'conversations'::regclass") == "1"
    });
    let shell = format!(
        "{}; {}",
        server.shell("ALTER TABLE conversations ADD COLUMN name text"),
        migration(&server, "aaa")
    );
    let run = ["run", "--stall-after", "1500ms", "--", "sh", "-c", &shell];
    let run = call(&server, image.path(), &run).spawn();
    sleep(Duration::from_secs(4));
    let _ = server.sql("dify", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()");
    let _ = other.wait();
    let seen = Seen::of(&run.wait());
    seen.expect_ready(&["migrated"]);
    for text in [
        "no progress for 1.5s: process ",
        "for a lock held by process ",
        "of user dify",
        "ADD COLUMN name text",
    ] {
        assert!(seen.output.contains(text), "no {text:?} in {}", seen.output);
    }
}

fn until(so: impl Fn() -> bool) {
    let start = Instant::now();
    while !so() {
        assert!(start.elapsed() < Duration::from_secs(30), "it does not come to that");
        sleep(Duration::from_millis(50));
    }
}
