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
