//! The states of a real Redis that stands alone.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;

use std::io::copy;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::thread::{sleep, spawn};
use std::time::Duration;

use common::{all, check, look, tool};
use testbed::redis::{Redis, RedisPlan, until};

fn at(redis: &Redis) -> String {
    redis.port().to_string()
}

#[test]
fn a_writable_master_is_ready_and_no_scratch_key_is_left() {
    let redis = Redis::start();
    let seen = check(&[("REDIS_HOST", "localhost"), ("REDIS_PORT", &at(&redis))]);
    seen.expect_ready(&[]);
    assert!(seen.message.contains("is a master and takes writes (Redis 8."), "{}", seen.message);
    assert_eq!(seen.warnings, Vec::<String>::new());
    assert_eq!(redis.ask(&[&["DBSIZE"]]), ":0");
}

#[test]
fn a_redis_that_comes_late_is_waited_for() {
    let plan = RedisPlan::new();
    let port = plan.port.to_string();
    let run = tool().args(["wait", "--deadline", "60s", "--output", "json"]).env("REDIS_PORT", &port).spawn();
    sleep(Duration::from_millis(700));
    let _redis = plan.start();
    let run = run.wait();
    run.expect(0, &["ECONNREFUSED", "\"class\":\"ready\""]);
}

#[test]
fn nothing_there_ends_at_the_deadline() {
    let port = RedisPlan::new().port.to_string();
    let seen = look(&["wait", "--deadline", "1s"], &[("REDIS_PORT", &port)]);
    seen.expect(75, "not_yet", "tcp", Some("ECONNREFUSED"), &["connection refused by localhost:"]);
}

#[test]
fn the_four_ways_of_a_password_are_told_apart() {
    let open = Redis::start();
    let closed = RedisPlan::new().set("requirepass", "correct-horse").start();
    check(&[("REDIS_PORT", &at(&closed)), ("REDIS_PASSWORD", "correct-horse")]).expect_ready(&[]);
    check(&[("REDIS_PORT", &at(&closed))]).expect(
        69,
        "suspect",
        "auth",
        Some("NOAUTH"),
        &["wants a password, and none is set", "set REDIS_PASSWORD"],
    );
    check(&[("REDIS_PORT", &at(&closed)), ("REDIS_PASSWORD", "wrong")]).expect(
        69,
        "suspect",
        "auth",
        Some("WRONGPASS"),
        &["refuses the password of user \"default\"", "check REDIS_PASSWORD"],
    );
    check(&[("REDIS_PORT", &at(&open)), ("REDIS_PASSWORD", "superfluous")]).expect(
        69,
        "never",
        "auth",
        Some("ERR"),
        &["has no password, but one is sent", "unset REDIS_PASSWORD"],
    );
}

#[test]
fn a_wrong_password_is_retried_for_the_grace_and_a_superfluous_one_is_not() {
    let closed = RedisPlan::new().set("requirepass", "correct-horse").start();
    let wrong = [("REDIS_PORT", at(&closed)), ("REDIS_PASSWORD", "wrong".to_owned())];
    let run = tool().args(["wait", "--grace", "1s", "--deadline", "60s"]).envs(wrong).run();
    run.expect(69, &["WRONGPASS"]);
    assert!(run.time >= Duration::from_secs(1), "{:?}", run.time);
    let open = Redis::start();
    let superfluous = [("REDIS_PORT", at(&open)), ("REDIS_PASSWORD", "superfluous".to_owned())];
    let run = tool().args(["wait", "--grace", "60s", "--deadline", "60s"]).envs(superfluous).run();
    run.expect(69, &["has no password, but one is sent"]);
    assert!(run.time < Duration::from_secs(30), "{:?}", run.time);
}

#[test]
fn a_password_that_the_server_learns_in_time_ends_well() {
    let redis = RedisPlan::new().set("requirepass", "old").start();
    let variables = [("REDIS_PORT", at(&redis)), ("REDIS_PASSWORD", "new".to_owned())];
    let run = tool().args(["wait", "--output", "json", "--deadline", "60s"]).envs(variables).spawn();
    sleep(Duration::from_millis(700));
    assert_eq!(redis.ask(&[&["AUTH", "old"], &["CONFIG", "SET", "requirepass", "new"]]), "+OK");
    run.wait().expect(0, &["WRONGPASS", "\"class\":\"ready\""]);
}

#[test]
fn every_printable_ascii_character_may_be_in_a_password() {
    let password: String = (b'!'..=b'~').map(char::from).collect();
    let redis = Redis::start();
    assert_eq!(redis.ask(&[&["CONFIG", "SET", "requirepass", &password]]), "+OK");
    let encoded: String =
        password.bytes().flat_map(|byte| format!("%{byte:02X}").into_bytes()).map(char::from).collect();
    let broker = format!("redis://:{encoded}@localhost:{}/1", redis.port());
    let seen = all(
        &["check"],
        &[("REDIS_PORT", &at(&redis)), ("REDIS_PASSWORD", &password), ("CELERY_BROKER_URL", &broker)],
    );
    assert_eq!(seen.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["app", "broker"]);
    for (_, seen) in &seen {
        seen.expect_ready(&[]);
    }
}

const USERS: &str = "user default off\n\
    user dify on >pw ~* &* +@all\n\
    user narrow on >pw ~dify:* &* +@all -@dangerous\n\
    user silent on >pw ~* &* +@all -ping\n\
    user reader on >pw ~* &* +@read +@connection +role +info\n\
    user mute on >pw ~* &* +@all -hello\n\
    user anyone on nopass ~* &* +@all\n\
    user deaf on >pw ~* resetchannels +@all\n";

fn users() -> Redis {
    RedisPlan::new().file("users.acl", USERS).set("aclfile", "/srv/work/users.acl").start()
}

#[test]
fn users_of_an_acl_are_told_apart() {
    let redis = users();
    let as_user = |user: &str, more: &[(&str, &str)]| {
        let port = at(&redis);
        let mut variables =
            vec![("REDIS_PORT", port.as_str()), ("REDIS_USERNAME", user), ("REDIS_PASSWORD", "pw")];
        variables.extend_from_slice(more);
        check(&variables)
    };
    as_user("dify", &[]).expect_ready(&[]);
    as_user("nobody", &[]).expect(
        69,
        "suspect",
        "auth",
        Some("WRONGPASS"),
        &["user \"nobody\"", "check REDIS_PASSWORD and REDIS_USERNAME"],
    );
    let silent = as_user("silent", &[]);
    silent.expect(
        69,
        "suspect",
        "permission",
        Some("NOPERM"),
        &["user \"silent\" may not run PING", "+ping"],
    );
    as_user("reader", &[]).expect(69, "suspect", "permission", Some("NOPERM"), &["may not run SET", "+set"]);
    // An ACL cannot forbid what a client may send before its login.
    as_user("mute", &[]).expect_ready(&[]);
    // Keys of a prefix only: the scratch key must be one of them.
    as_user("narrow", &[]).expect(69, "suspect", "permission", Some("NOPERM"), &["may not use Dify's keys"]);
    let narrow = as_user("narrow", &[("REDIS_KEY_PREFIX", "dify")]);
    narrow.expect_ready(&[]);
    assert!(narrow.warnings.iter().any(|warning| warning.contains("refuses INFO")), "{narrow:?}");
    assert!(narrow.warnings.iter().any(|warning| warning.contains("refuses ROLE")), "{narrow:?}");
    check(&[("REDIS_PORT", &at(&redis)), ("REDIS_USERNAME", "anyone")]).expect_ready(&[]);
}

#[test]
fn the_event_bus_needs_its_channels_and_not_its_keys() {
    let redis = users();
    let bus = |user: &str, pw: &str| format!("redis://{user}:{pw}@localhost:{}/0", redis.port());
    let target = ["check", "--target", "event-bus"];
    look(&target, &[("EVENT_BUS_REDIS_URL", &bus("dify", "pw"))]).expect_ready(&[]);
    look(&target, &[("PUBSUB_REDIS_URL", &bus("dify", "pw"))]).expect_ready(&[]);
    look(&target, &[("EVENT_BUS_REDIS_URL", &bus("deaf", "pw"))]).expect(
        69,
        "suspect",
        "permission",
        Some("NOPERM"),
        &["channels"],
    );
    let streams =
        [("EVENT_BUS_REDIS_URL", bus("reader", "pw")), ("EVENT_BUS_REDIS_CHANNEL_TYPE", "streams".into())];
    let streams: Vec<_> = streams.iter().map(|(name, value)| (*name, value.as_str())).collect();
    look(&target, &streams).expect(69, "suspect", "permission", Some("NOPERM"), &["may not run SET"]);
    let sharded =
        [("EVENT_BUS_REDIS_URL", bus("dify", "pw")), ("EVENT_BUS_REDIS_CHANNEL_TYPE", "sharded".into())];
    let sharded: Vec<_> = sharded.iter().map(|(name, value)| (*name, value.as_str())).collect();
    look(&target, &sharded).expect_ready(&[]);
}

#[test]
fn a_database_that_the_server_does_not_have_is_never() {
    let redis = RedisPlan::new().set("databases", 2).start();
    let port = at(&redis);
    check(&[("REDIS_PORT", &port), ("REDIS_DB", "1")]).expect_ready(&[]);
    check(&[("REDIS_PORT", &port), ("REDIS_DB", "7")]).expect(
        69,
        "never",
        "config",
        Some("ERR"),
        &["check REDIS_DB"],
    );
    let seen = look(&["check", "--target", "broker"], &[("REDIS_PORT", &port), ("PREFLIGHT_BROKER_DB", "7")]);
    seen.expect(69, "never", "config", Some("ERR"), &["check PREFLIGHT_BROKER_DB"]);
}

#[test]
fn a_replica_is_refused_and_its_master_named() {
    let master = Redis::start();
    let replica = RedisPlan::new().set("replicaof", format!("127.0.0.1 {}", master.port())).start();
    until(|| replica.ask(&[&["INFO", "replication"]]).contains("master_link_status:up"));
    let of = format!("read-only replica of 127.0.0.1:{}", master.port());
    check(&[("REDIS_PORT", &at(&replica))]).expect(
        69,
        "suspect",
        "state",
        Some("READONLY"),
        &[&of, "point REDIS_HOST at the master"],
    );
    // Takes writes that no other server will ever see.
    assert_eq!(replica.ask(&[&["CONFIG", "SET", "replica-read-only", "no"]]), "+OK");
    check(&[("REDIS_PORT", &at(&replica))]).expect(69, "suspect", "state", Some("READONLY"), &[&of]);
}

/// An address of its own that leads each new connection to where `to` says by then, as a Service does.
fn leads(to: &Arc<AtomicU16>) -> u16 {
    let front = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let (port, to) = (front.local_addr().unwrap().port(), Arc::clone(to));
    spawn(move || {
        for client in front.incoming() {
            let client = client.unwrap();
            let server = TcpStream::connect(("127.0.0.1", to.load(Ordering::SeqCst))).unwrap();
            let (mut asked, mut answered) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            spawn(move || copy(&mut asked, &mut &server));
            spawn(move || copy(&mut answered, &mut &client));
        }
    });
    port
}

#[test]
fn an_address_that_moves_from_the_replica_to_the_master_is_followed() {
    let master = Redis::start();
    let replica = RedisPlan::new().set("replicaof", format!("127.0.0.1 {}", master.port())).start();
    until(|| replica.ask(&[&["INFO", "replication"]]).contains("master_link_status:up"));
    let to = Arc::new(AtomicU16::new(replica.port()));
    let port = leads(&to).to_string();
    let run = tool().args(["wait", "--deadline", "30s", "--output", "json"]).env("REDIS_PORT", &port).spawn();
    sleep(Duration::from_secs(2));
    to.store(master.port(), Ordering::SeqCst);
    run.wait().expect(0, &["is a read-only replica of", "\"class\":\"ready\""]);
}

#[test]
fn a_replica_without_its_master_is_not_yet() {
    let mut master = Redis::start();
    let replica = RedisPlan::new()
        .set("replicaof", format!("127.0.0.1 {}", master.port()))
        .set("replica-serve-stale-data", "no")
        .start();
    until(|| replica.ask(&[&["INFO", "replication"]]).contains("master_link_status:up"));
    master.process.kill();
    until(|| replica.ask(&[&["PING"]]).starts_with("-MASTERDOWN"));
    check(&[("REDIS_PORT", &at(&replica))]).expect(
        75,
        "not_yet",
        "state",
        Some("MASTERDOWN"),
        &["lost its master"],
    );
}

#[test]
fn a_dataset_that_is_being_loaded_is_waited_for() {
    let mut redis = RedisPlan::new().set("enable-debug-command", "yes").start();
    assert_eq!(redis.ask(&[&["DEBUG", "POPULATE", "4000"], &["SAVE"]]), "+OK");
    // Half a millisecond for each key.
    redis.restart(&["--key-load-delay", "500", "--loading-process-events-interval-bytes", "1024"]);
    let port = at(&redis);
    let run = tool().args(["wait", "--output", "json", "--deadline", "60s"]).env("REDIS_PORT", &port).run();
    run.expect(0, &["LOADING", "is loading its dataset into memory", "\"class\":\"ready\""]);
}

#[test]
fn full_memory_is_a_suspect_and_a_policy_that_evicts_is_a_warning() {
    let redis = RedisPlan::new().set("maxmemory", "1").start();
    let port = at(&redis);
    check(&[("REDIS_PORT", &port)]).expect(69, "suspect", "state", Some("OOM"), &["all of its maxmemory"]);
    let settings: [&[&str]; 2] =
        [&["CONFIG", "SET", "maxmemory", "100mb"], &["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"]];
    assert_eq!(redis.ask(&settings), "+OK");
    let broker = format!("redis://localhost:{port}/1");
    let seen = look(&["check", "--target", "broker"], &[("CELERY_BROKER_URL", &broker)]);
    seen.expect_ready(&[]);
    assert!(seen.warnings.iter().any(|warning| warning.contains("allkeys-lru")), "{seen:?}");
}

#[test]
fn a_server_without_room_for_another_client_says_so() {
    let redis = RedisPlan::new().set("maxclients", 1).start();
    // The first may be turned away itself, while the server still counts the one that saw it start.
    let _others = [0; 3].map(|_| {
        let other = std::net::TcpStream::connect(("127.0.0.1", redis.port())).unwrap();
        sleep(Duration::from_millis(100));
        other
    });
    let seen = check(&[("REDIS_PORT", &at(&redis)), ("REDIS_PASSWORD", "some-password")]);
    seen.expect(75, "not_yet", "state", Some("ERR"), &["maxclients"]);
}

#[test]
fn a_long_script_is_waited_for() {
    let redis = RedisPlan::new().set("busy-reply-threshold", "50").start();
    let port = redis.port();
    let script =
        std::thread::spawn(move || testbed::redis::ask(port, &[&["EVAL", "while true do end", "0"]]));
    until(|| redis.ask(&[&["PING"]]).starts_with("-BUSY"));
    check(&[("REDIS_PORT", &at(&redis))]).expect(
        75,
        "not_yet",
        "state",
        Some("BUSY"),
        &["busy running a script"],
    );
    assert_eq!(redis.ask(&[&["SCRIPT", "KILL"]]), "+OK");
    let _ = script.join();
    check(&[("REDIS_PORT", &at(&redis))]).expect_ready(&[]);
}

#[test]
fn a_broker_without_a_url_is_the_applications_redis() {
    let redis = RedisPlan::new().set("requirepass", "pw-pw").start();
    let port = at(&redis);
    let seen =
        all(&["check"], &[("REDIS_PORT", &port), ("REDIS_PASSWORD", "pw-pw"), ("PREFLIGHT_BROKER_DB", "1")]);
    assert_eq!(seen.len(), 2);
    seen[1].1.expect_ready(&[]);
    assert!(seen[1].1.message.contains("database 1"), "{seen:?}");
}

#[test]
fn a_node_of_a_cluster_is_never_ready() {
    let node = RedisPlan::new().set("cluster-enabled", "yes").set("dir", "/srv/work").start();
    check(&[("REDIS_PORT", &at(&node))]).expect(
        69,
        "never",
        "state",
        None,
        &["is a node of a Redis Cluster"],
    );
}
