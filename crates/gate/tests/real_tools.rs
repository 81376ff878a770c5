#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed step of a test is a failed test")]
//! Our own tools as children, against a real Redis and a real S3 server.
//!
//! They are found beside gate, as in the image: `cargo test --workspace` puts them there.

use std::fs;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;
use testbed::Tool;
use testbed::redis::{Redis, RedisPlan};
use testbed::s3::{S3, S3Plan, variables};

const COMMANDS: &str = "-- redis-check wait --target app -- storage-bootstrap ensure -- plugin-keys check";

fn gate(folder: &TempDir, redis_port: u16, s3_endpoint: &str) -> Tool {
    let gate = Path::new(env!("CARGO_BIN_EXE_gate"));
    for tool in ["redis-check", "storage-bootstrap", "plugin-keys"] {
        assert!(
            gate.with_file_name(tool).exists(),
            "{tool} is not built: run cargo build --workspace --bins first"
        );
    }
    for (name, value) in [
        ("SECRET_KEY", "canary-secret-key-7731"),
        ("PLUGIN_DAEMON_KEY", "canary-daemon-key-7731"),
        ("INNER_API_KEY_FOR_PLUGIN", "canary-inner-key-7731"),
        ("CODE_EXECUTION_API_KEY", "canary-sandbox-key-7731"),
    ] {
        fs::write(folder.path().join(name), value).unwrap();
    }
    Tool::new(gate)
        .env("REDIS_HOST", "127.0.0.1")
        .env("REDIS_PORT", redis_port)
        .envs(variables(s3_endpoint, "gate"))
        .env("PREFLIGHT_ENV_DIR", folder.path().display())
        .env("PREFLIGHT_TERMINATION_LOG", folder.path().join("log").display())
        .env("PREFLIGHT_DEADLINE", "60s")
        .env("PREFLIGHT_GRACE", "1s")
}

fn message(folder: &TempDir) -> String {
    fs::read_to_string(folder.path().join("log")).unwrap()
}

#[test]
fn everything_there_is_one_message_that_names_each() {
    let (redis, s3, folder) = (Redis::start(), S3::start(), tempfile::tempdir().unwrap());
    let run = gate(&folder, redis.port(), &s3.endpoint()).args(COMMANDS.split(' ')).run();
    run.expect(
        0,
        &["redis-check app: ready", "storage-bootstrap api: ready", "plugin-keys SECRET_KEY: ready"],
    );
    let message = message(&folder);
    assert_eq!(message.lines().count(), 7, "{message}");
    run.expect_no("canary");
}

#[test]
fn servers_that_come_later_are_waited_for_side_by_side() {
    let (redis, s3, folder) = (RedisPlan::new(), S3Plan::new(), tempfile::tempdir().unwrap());
    let endpoint = format!("http://127.0.0.1:{}", s3.port);
    let running = gate(&folder, redis.port, &endpoint).args(COMMANDS.split(' ')).spawn();
    std::thread::sleep(Duration::from_secs(1));
    let (_redis, _s3) = (redis.start(), s3.start());
    running
        .wait()
        .expect(0, &["redis-check app: not yet, tcp", "storage-bootstrap api: not yet, tcp", "ECONNREFUSED"]);
    assert!(message(&folder).contains("waited"), "{}", message(&folder));
}

#[test]
fn a_wrong_key_ends_it_and_what_the_others_saw_is_told() {
    let (s3, folder) = (S3::start(), tempfile::tempdir().unwrap());
    let run = gate(&folder, testbed::free_port(), &s3.endpoint())
        .env("S3_SECRET_KEY", "canary-wrong-secret")
        .args(COMMANDS.split(' '))
        .run();
    run.expect(69, &["SignatureDoesNotMatch", "ECONNREFUSED", "plugin-keys SECRET_KEY: ready"]);
    let message = message(&folder);
    assert!(message.contains("SignatureDoesNotMatch") && message.contains("ECONNREFUSED"), "{message}");
    run.expect_no("canary");
}

#[test]
fn a_signal_ends_all_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let dead = format!("http://127.0.0.1:{}", testbed::free_port());
    let running = gate(&folder, testbed::free_port(), &dead).args(COMMANDS.split(' ')).spawn();
    std::thread::sleep(Duration::from_secs(1));
    running.signal("TERM");
    let run = running.wait();
    run.expect(143, &[]);
    assert!(message(&folder).contains("stopped by a signal"), "{}", message(&folder));
}
