//! Servers and networks that misbehave.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;

use std::thread::sleep;
use std::time::Duration;

use common::{check, look, tool};
use testbed::proxy::{Fault, Proxy};
use testbed::redis::{Redis, RedisPlan};

fn through(proxy: &Proxy) -> common::Seen {
    check(&[("REDIS_PORT", &proxy.port.to_string()), ("REDIS_PASSWORD", "some-password")])
}

#[test]
fn a_server_that_hangs_is_waited_for() {
    let redis = Redis::start();
    let port = redis.port().to_string();
    redis.process.signal("STOP");
    let seen = check(&[("REDIS_PORT", &port)]);
    seen.expect(75, "not_yet", "tcp", Some("ETIMEDOUT"), &["accepts connections but does not answer"]);
    let run = tool().args(["wait", "--output", "json", "--deadline", "60s"]).env("REDIS_PORT", &port).spawn();
    sleep(Duration::from_millis(500));
    redis.process.signal("CONT");
    run.wait().expect(0, &["\"class\":\"ready\""]);
}

#[test]
fn the_deadline_holds_while_a_server_accepts_and_never_answers() {
    let proxy = Proxy::start(1, Fault::Hang);
    for tls in ["false", "true"] {
        let variables = [("REDIS_PORT", proxy.port.to_string()), ("REDIS_USE_SSL", tls.to_owned())];
        let run = tool().args(["wait", "--deadline", "1s"]).envs(variables).run();
        run.expect(75, &["ETIMEDOUT"]);
        assert!(run.time < Duration::from_secs(10), "{:?}", run.time);
    }
}

#[test]
fn closed_cut_and_foreign_answers_are_told_apart() {
    let redis = Redis::start();
    let proxy = Proxy::start(redis.port(), Fault::Close);
    let seen = through(&proxy);
    assert_eq!((seen.exit, seen.class.as_str(), seen.hop.as_str()), (75, "not_yet", "tcp"), "{seen:?}");
    proxy.set(Fault::CutAfter(3));
    through(&proxy).expect(75, "not_yet", "tcp", Some("EOF"), &["closed the connection"]);
    proxy.set(Fault::Garbage(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()));
    through(&proxy).expect(
        69,
        "suspect",
        "state",
        None,
        &["is no Redis", "HTTP/1.1 400", "check REDIS_HOST"],
    );
    proxy.set(Fault::Garbage(b"\x1b[31m\0\xff\xfe".to_vec()));
    let seen = through(&proxy);
    assert_eq!(seen.class, "suspect", "{seen:?}");
    assert!(!seen.message.contains('\u{1b}'), "{seen:?}");
}

#[test]
fn a_slow_network_is_no_fault() {
    let redis = Redis::start();
    let proxy = Proxy::start(redis.port(), Fault::Delay(Duration::from_millis(150)));
    check(&[("REDIS_PORT", &proxy.port.to_string())]).expect_ready(&[]);
}

#[test]
fn a_server_that_is_up_but_not_ready_sees_one_login() {
    let mut redis = RedisPlan::new().set("enable-debug-command", "yes").start();
    assert_eq!(redis.ask(&[&["DEBUG", "POPULATE", "4000"], &["SAVE"]]), "+OK");
    redis.restart(&["--key-load-delay", "500", "--loading-process-events-interval-bytes", "1024"]);
    let proxy = Proxy::start(redis.port(), Fault::None);
    let port = proxy.port.to_string();
    let run = tool().args(["wait", "--output", "json", "--deadline", "60s"]).env("REDIS_PORT", &port).run();
    run.expect(0, &["LOADING"]);
    assert_eq!(proxy.accepted(), 1);
}

#[test]
fn usage_and_configuration_errors_have_their_exit_codes() {
    let run = |arguments: &[&str]| tool().args(arguments.iter().copied()).run();
    run(&["wait", "--deadline", "0"]).expect(2, &["--deadline"]);
    run(&["wait", "--target", "nothing"]).expect(2, &["--target"]);
    run(&["check", "--termination-log", "/proc/none/log"]).expect(2, &["PREFLIGHT_TERMINATION_LOG"]);
    run(&[]).expect(2, &["Usage"]);
    for (name, value) in [
        ("REDIS_PORT", ""),
        ("REDIS_DB", "x"),
        ("REDIS_USE_SSL", "perhaps"),
        ("REDIS_HOST", "redis:6379"),
        ("REDIS_USE_CLUSTERS", "true"),
        ("REDIS_USE_SENTINEL", "true"),
        ("CELERY_BROKER_URL", "gopher://redis"),
        ("CELERY_BROKER_URL", "amqp://guest@rabbit//"),
        ("EVENT_BUS_REDIS_URL", "http://redis"),
    ] {
        let seen = look(&["wait"], &[(name, value)]);
        let key = match name {
            "REDIS_USE_SENTINEL" => "REDIS_SENTINELS",
            "REDIS_USE_CLUSTERS" => "REDIS_CLUSTERS",
            other => other,
        };
        seen.expect(69, "never", "config", None, &[key]);
    }
}

#[test]
fn a_signal_ends_the_wait_at_once() {
    let port = RedisPlan::new().port.to_string();
    let run = tool().args(["wait"]).env("REDIS_PORT", &port).spawn();
    sleep(Duration::from_millis(300));
    run.signal("TERM");
    run.wait().expect(143, &["stopped by a signal"]);
}

#[test]
fn the_termination_log_says_what_stopped_us() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let redis = RedisPlan::new().set("requirepass", "correct-horse").start();
    let variables = [("REDIS_PORT", redis.port().to_string()), ("REDIS_PASSWORD", "wrong".to_owned())];
    let run = tool().args(["check", "--termination-log", log.to_str().unwrap()]).envs(variables).run();
    run.expect(69, &[]);
    let message = std::fs::read_to_string(log).unwrap();
    assert!(
        message.contains("redis-check: ") && message.contains("(WRONGPASS); check REDIS_PASSWORD"),
        "{message}"
    );
}
