//! `run`: the lock, the child, and the proof.

mod common;

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use common::{add_revision, call, image, look, migration, result, stamped, tool};
use tempfile::TempDir;
use testbed::postgres::Postgres;
use testbed::tool::Running;

/// Waits for a file that a command touches.
fn until(path: &Path) {
    let start = Instant::now();
    while !path.exists() {
        assert!(start.elapsed() < Duration::from_secs(30), "{} does not appear", path.display());
        sleep(Duration::from_millis(20));
    }
}

fn start(server: &Postgres, image: &TempDir, more: &[&str], shell: &str) -> Running {
    let mut arguments = more.to_vec();
    arguments.extend(["run", "--", "sh", "-c", shell]);
    call(server, image.path(), &arguments).spawn()
}

#[test]
fn the_second_of_two_waits_and_then_finds_nothing_to_do() {
    let (server, image, folder) = (Postgres::start(), image("aaa"), tempfile::tempdir().unwrap());
    let begun = folder.path().join("begun");
    let slow = format!("touch {}; sleep 2; {}", begun.display(), migration(&server, "aaa"));
    let first = start(&server, &image, &[], &slow);
    until(&begun);
    // A waiter sees who migrates; a second migrator waits for the lock.
    look(&server, image.path(), &["check"]).expect(
        75,
        "not_yet",
        "state",
        Some("empty"),
        &["a migration is running: process", "db-migrate run@"],
    );
    let second = call(&server, image.path(), &["run", "--", "false"]).run();
    result(&first.wait()).expect_ready(&["migrated"]);
    let seen = result(&second);
    seen.expect_ready(&["the schema is at aaa"]);
    assert!(
        second.stdout.contains("the migration lock of") && second.stdout.contains("db-migrate run@"),
        "{}",
        second.stdout
    );
}

#[test]
fn a_held_lock_ends_at_the_deadline_with_its_holder() {
    let (server, image, folder) = (Postgres::start(), image("aaa"), tempfile::tempdir().unwrap());
    let begun = folder.path().join("begun");
    let first = start(&server, &image, &[], &format!("touch {}; exec sleep 60", begun.display()));
    until(&begun);
    look(&server, image.path(), &["--deadline", "4s", "run", "--", "true"]).expect(
        75,
        "not_yet",
        "state",
        Some("locked"),
        &["process", "db-migrate run@"],
    );
    first.signal("TERM");
    assert_eq!(first.wait().code, 143);
}

/// The session ends with the process, and so does the command: nothing migrates without the lock.
#[test]
fn a_killed_migrator_blocks_nobody_and_leaves_no_command_behind() {
    let (server, image, folder) = (Postgres::start(), image("aaa"), tempfile::tempdir().unwrap());
    let (begun, late) = (folder.path().join("begun"), folder.path().join("late"));
    let first = start(
        &server,
        &image,
        &[],
        &format!("echo $$ >{}; sleep 2; touch {}", begun.display(), late.display()),
    );
    until(&begun);
    first.signal("KILL");
    assert_eq!(first.wait().code, 137);
    let shell = migration(&server, "aaa");
    look(&server, image.path(), &["--deadline", "20s", "run", "--", "sh", "-c", &shell])
        .expect_ready(&["migrated"]);
    sleep(Duration::from_secs(3));
    assert!(!late.exists(), "the command went on without its migrator");
}

/// Dify's own command exits with 0 when somebody else holds its Redis lock.
#[test]
fn exit_code_0_without_a_migration_is_caught_and_retried() {
    let (server, image, folder) = (Postgres::start(), image("aaa"), tempfile::tempdir().unwrap());
    look(&server, image.path(), &["--deadline", "5s", "run", "--", "echo", "Database migration skipped"])
        .expect(
            75,
            "not_yet",
            "state",
            Some("not_migrated"),
            &["exit code 0", "no revision and not at aaa", "db_upgrade_lock"],
        );
    let tried = folder.path().join("tried");
    let shell =
        format!("test -e {0} || {{ touch {0}; exit 0; }}; {1}", tried.display(), migration(&server, "aaa"));
    let run = start(&server, &image, &[], &shell).wait();
    result(&run).expect_ready(&["migrated"]);
    assert!(run.stdout.contains("not_migrated") || run.stdout.contains("exit code 0, but"), "{}", run.stdout);
}

#[test]
fn a_failure_ends_after_the_grace_with_its_last_lines() {
    let (server, image) = (Postgres::start(), image("aaa"));
    let shell = "echo Preparing; echo 'Traceback: relation \"x\" already exists' >&2; exit 1";
    let seen = look(&server, image.path(), &["--grace", "1s", "run", "--", "sh", "-c", shell]);
    seen.expect(
        69,
        "suspect",
        "state",
        Some("exit 1"),
        &["ended with exit code 1", "Traceback: relation", "already exists"],
    );
    assert!(seen.tries > 1, "{seen:?}");
    assert!(seen.output.contains("Preparing"), "the output is passed through");
}

#[test]
fn a_failure_that_heals_within_the_grace() {
    let (server, image, folder) = (Postgres::start(), image("aaa"), tempfile::tempdir().unwrap());
    let tried = folder.path().join("tried");
    let shell =
        format!("test -e {0} || {{ touch {0}; exit 1; }}; {1}", tried.display(), migration(&server, "aaa"));
    look(&server, image.path(), &["run", "--", "sh", "-c", &shell]).expect_ready(&["migrated"]);
}

/// Releases before 1.13.1 end with 1 when their Redis lock ran out during a migration that was committed.
#[test]
fn a_migration_that_is_there_counts_whatever_the_exit_code() {
    let (server, image) = (Postgres::start(), image("aaa"));
    let shell = format!("{}; exit 1", migration(&server, "aaa"));
    look(&server, image.path(), &["run", "--", "sh", "-c", &shell])
        .expect_ready(&["migrated", "exit code 1"]);
}

#[test]
fn a_command_that_cannot_be_run() {
    let (server, image) = (Postgres::start(), image("aaa"));
    look(&server, image.path(), &["run", "--", "/no/such/flask", "upgrade-db"]).expect(
        69,
        "never",
        "config",
        Some("exit 127"),
        &["cannot run /no/such/flask"],
    );
}

#[test]
fn a_signal_reaches_the_command_and_its_end_is_awaited() {
    let (server, image, folder) = (Postgres::start(), image("aaa"), tempfile::tempdir().unwrap());
    for (name, code) in [("TERM", 143), ("INT", 130)] {
        let (begun, told) =
            (folder.path().join(format!("begun{name}")), folder.path().join(format!("told{name}")));
        let shell = format!(
            "trap 'sleep 1; touch {1}; exit 0' {2}; touch {0}; while :; do sleep 0.1; done",
            begun.display(),
            told.display(),
            name
        );
        let run = start(&server, &image, &[], &shell);
        until(&begun);
        run.signal(name);
        let run = run.wait();
        assert_eq!(run.code, code, "{}", run.output());
        assert!(told.exists(), "the end of the command was not awaited");
    }
}

#[test]
fn a_signal_while_waiting_for_the_lock_or_between_tries_ends_at_once() {
    let (server, image) = (Postgres::start(), image("aaa"));
    let run = start(&server, &image, &[], "true");
    sleep(Duration::from_millis(1500));
    let asked = Instant::now();
    run.signal("TERM");
    assert_eq!(run.wait().code, 143);
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
}

/// A migration is never cut off in its middle.
#[test]
fn the_deadline_lets_a_running_migration_end() {
    let (server, image) = (Postgres::start(), image("aaa"));
    let shell = format!("sleep 6; {}", migration(&server, "aaa"));
    let seen = look(&server, image.path(), &["--deadline", "4s", "run", "--", "sh", "-c", &shell]);
    seen.expect_ready(&["migrated"]);
    assert!(seen.output.contains("the deadline has passed"), "{}", seen.output);
}

#[test]
fn the_command_gets_the_environment_unchanged() {
    let (server, image, folder) = (Postgres::start(), image("aaa"), tempfile::tempdir().unwrap());
    stamped(&server, "");
    let seen = folder.path().join("env");
    let shell = format!("env >{}; {}", seen.display(), migration(&server, "aaa"));
    let run = call(&server, image.path(), &["run", "--", "sh", "-c", &shell])
        .env("MIGRATION_ENABLED", "false")
        .run();
    result(&run).expect_ready(&[]);
    let environment = std::fs::read_to_string(seen).unwrap();
    for line in ["MIGRATION_ENABLED=false", "DB_PASSWORD=secret", "DB_USERNAME=dify"] {
        assert!(environment.lines().any(|found| found == line), "no {line} in {environment}");
    }
}

#[test]
fn an_upgrade_adds_to_the_history() {
    let (server, image) = (Postgres::start(), image("aaa bbb:aaa"));
    let shell = migration(&server, "bbb");
    look(&server, image.path(), &["run", "--", "sh", "-c", &shell]).expect_ready(&[]);
    add_revision(image.path(), "ccc:bbb");
    let shell = migration(&server, "ccc");
    look(&server, image.path(), &["run", "--", "sh", "-c", &shell]).expect_ready(&["ccc"]);

    let status = tool()
        .args(["status", "--migrations"])
        .args([image.path().to_str().unwrap()])
        .envs(server.env())
        .run();
    status.expect(
        0,
        &[
            "current    ccc",
            "state      at_head",
            "lock       free",
            "history",
            "bbb  (2 revisions",
            "ccc  (3 revisions",
        ],
    );
    let json = call(&server, image.path(), &["status"]).run();
    json.expect(
        0,
        &["\"state\":\"at_head\"", "\"current\":[\"ccc\"]", "\"heads\":[\"ccc\"]", "\"lock_holder\":null"],
    );
    // A status of something else than ready is told by the exit code.
    add_revision(image.path(), "ddd:ccc");
    call(&server, image.path(), &["status"]).run().expect(75, &["\"state\":\"behind\"", "\"missing\":1"]);
}

#[test]
fn a_database_that_goes_away_during_the_migration_is_waited_for() {
    let (mut server, image, folder) = (Postgres::start(), image("aaa"), tempfile::tempdir().unwrap());
    let begun = folder.path().join("begun");
    let shell = format!("touch {}; sleep 2; {}", begun.display(), migration(&server, "aaa"));
    let run = start(&server, &image, &[], &shell);
    until(&begun);
    server.restart();
    result(&run.wait()).expect_ready(&["aaa"]);
}
