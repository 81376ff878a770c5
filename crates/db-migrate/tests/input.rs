//! What is not to be believed: bad input, and secrets that must not be seen.

mod common;

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use common::{image, migration, result, tool};
use testbed::postgres::Postgres;
use testbed::{Run, free_port};

/// A check that ends before it connects.
fn refused(variables: &[(&str, &str)], arguments: &[&str], key: &str) {
    let run = tool()
        .args(["--output", "json"])
        .args(arguments.iter().copied())
        .envs(variables.iter().map(|(name, value)| (*name, (*value).to_owned())))
        .run();
    result(&run).expect(69, "never", "config", None, &[key]);
}

#[test]
fn variables_are_named() {
    let database = ["wait", "--for", "database"];
    for (name, value) in [
        ("DB_PORT", ""),
        ("DB_PORT", "many"),
        ("DB_PORT", "65536"),
        ("DB_HOST", ""),
        ("DB_HOST", "postgresql://db"),
        ("DB_USERNAME", ""),
        ("DB_DATABASE", ""),
        ("DB_TYPE", ""),
        ("DB_TYPE", "mssql"),
        ("DB_EXTRAS", "sslmode=maybe"),
        ("DB_EXTRAS", "sslmod=require"),
        ("DB_PASSWORD_FILE", "/none"),
    ] {
        refused(&[(name, value)], &database, name);
    }
}

#[test]
fn folders_of_revisions_that_make_no_sense() {
    let cycle = image("aaa:ccc bbb:aaa ccc:bbb");
    let unknown = image("aaa bbb:zzz");
    let double = image("aaa bbb:aaa");
    std::fs::write(double.path().join("again.py"), "revision = 'bbb'\ndown_revision = 'aaa'\n").unwrap();
    let broken = image("aaa");
    std::fs::write(broken.path().join("broken.py"), "revision = 'bbb\ndown_revision = 'aaa'\n").unwrap();
    for (folder, text) in [
        (cycle.path(), "in a circle: aaa, bbb, ccc"),
        (unknown.path(), "follows revision zzz"),
        (double.path(), "both give revision bbb"),
        (broken.path(), "broken.py is no revision file"),
        (Path::new("/proc/self/mem"), "cannot read folder"),
    ] {
        for verb in [&["check"][..], &["wait"], &["status"], &["run", "--", "true"]] {
            refused(&[("PREFLIGHT_MIGRATIONS", folder.to_str().unwrap())], verb, text);
            refused(&[("PREFLIGHT_MIGRATIONS", folder.to_str().unwrap())], verb, "PREFLIGHT_MIGRATIONS");
        }
    }
}

#[test]
fn the_command_line() {
    for arguments in [
        &[][..],
        &["migrate"],
        &["run"],
        &["run", "flask"],
        &["wait", "--for", "tables"],
        &["wait", "--on-ahead", "perhaps"],
        &["wait", "--deadline", "0"],
        &["wait", "--deadline", "0s"],
        &["install"],
        &["check", "--termination-log", "/proc/none/log"],
    ] {
        let run = tool().args(arguments.iter().copied()).run();
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.output());
    }
    tool().args(["--help"]).run().expect(0, &["Proves that the schema"]);
    refused(&[], &["-e", "DB_PASSWORD=x", "check", "--for", "database"], "DB_PASSWORD");
}

#[test]
fn a_signal_ends_a_wait() {
    for (name, code) in [("TERM", 143), ("INT", 130)] {
        let waiting = tool().args(["wait", "--for", "database"]).env("DB_PORT", free_port()).spawn();
        std::thread::sleep(Duration::from_millis(300));
        let asked = Instant::now();
        waiting.signal(name);
        let run = waiting.wait();
        assert_eq!(run.code, code, "{}", run.output());
        assert!(asked.elapsed() < Duration::from_millis(500), "{:?}", asked.elapsed());
    }
}

#[test]
fn install_puts_a_program_that_runs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    for _ in 0..2 {
        result(&tool().args(["--output", "json", "install", path]).run()).expect_ready(&["installed"]);
    }
    let installed = folder.path().join("db-migrate");
    assert_eq!(std::fs::metadata(&installed).unwrap().permissions().mode() & 0o7777, 0o755);
    assert!(Command::new(&installed).arg("--version").status().unwrap().success());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
    let seen = result(&tool().args(["--output", "json", "install", "/proc/self"]).run());
    seen.expect(69, "never", "config", None, &["DIR", "cannot write /proc/self/db-migrate"]);
    refused(&[], &["install", "/none"], "is not a folder");
}

const CANARY: &str = "canary-7f3a\"'\\ %+:@/?#&=";
const ADMIN: &str = "admincanary-91bc";

/// Passwords that would be recognised anywhere, through every way in which a call can end.
#[test]
fn no_secret_is_ever_printed() {
    let server = Postgres::start();
    let quoted = CANARY.replace('\'', "''");
    let image = image("aaa");
    let dead = free_port().to_string();
    let log = tempfile::tempdir().unwrap();
    let log = log.path().join("termination");
    let all = |right: bool| {
        if right {
            let _ = server.sql("postgres", &format!("ALTER ROLE dify PASSWORD '{quoted}'"));
        }
        let migrate = migration(&server, "aaa");
        let calls: [&[&str]; 12] = [
            &["check"],
            &["check", "--for", "database"],
            &["wait"],
            &["wait", "--for", "database"],
            &["status"],
            &["run", "--", "sh", "-c", "echo the password is $DB_PASSWORD >/dev/null; exit 1"],
            &["run", "--", "sh", "-c", "echo $0; exit 1", CANARY],
            &["run", "--", "/none"],
            &["run", "--", "sh", "-c", &migrate],
            &["bootstrap"],
            &["--print-config", "check"],
            &["--print-config", "bootstrap"],
        ];
        for call in calls {
            for (more, output, deadline) in [
                (&[][..], "json", "1s"),
                (&[("DB_PORT", dead.as_str())], "text", "200ms"),
                (&[("DB_EXTRAS", "sslmode=require")], "text", "200ms"),
            ] {
                let run = tool()
                    .args(["-v", "--output", output, "--grace", "0s", "--deadline", deadline])
                    .args(["--termination-log", log.to_str().unwrap()])
                    .args(call.iter().copied())
                    .envs(server.env())
                    .env("PREFLIGHT_MIGRATIONS", image.path().display())
                    .env("DB_PASSWORD", CANARY)
                    .env("PREFLIGHT_ADMIN_DB_USERNAME", "postgres")
                    .env("PREFLIGHT_ADMIN_DB_PASSWORD", ADMIN)
                    .envs(more.iter().map(|(name, value)| (*name, (*value).to_owned())))
                    .run();
                clean(&run, call, &std::fs::read_to_string(&log).unwrap_or_default());
            }
        }
    };
    all(false);
    all(true);
    // An administrator's statement that fails is logged by the server: without the password.
    let logged = server.log();
    assert!(!logged.contains("canary-7f3a"), "{logged}");
}

fn clean(run: &Run, call: &[&str], termination: &str) {
    // Not even what a command of the user's prints.
    let ours = run.output();
    for text in [ours.as_str(), termination] {
        for secret in ["canary-7f3a", "admincanary"] {
            assert!(!text.contains(secret), "{call:?}: {text}");
        }
    }
}
