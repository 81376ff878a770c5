//! A Redis that stands alone, of several makes, in every state of the table.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use common::{Seen, check, look};
use testbed::dns::{Answer, NameServer};
use testbed::prove;
use testbed::proxy::{Fault, Proxy};
use testbed::redis::{Product, Redis, RedisPlan, Sentinels, until};

fn at(redis: &Redis, more: &[(&str, &str)]) -> Seen {
    let port = redis.port().to_string();
    let mut variables = vec![("REDIS_PORT", port.as_str())];
    variables.extend_from_slice(more);
    check(&variables)
}

#[test]
fn it_is_not_there() {
    let port = testbed::free_port().to_string();
    prove!("redis/refused", &check(&[("REDIS_PORT", &port)]));
    let names = NameServer::start(Answer::NoName);
    let asking = names.asked_by(Path::new(env!("CARGO_BIN_EXE_redis-check")), "");
    let run = asking.args(["--output", "json", "check"]).env("REDIS_HOST", "redis.invalid").run();
    prove!("redis/no-such-name", &Seen::of(&run));
}

#[test]
fn passwords_and_users() {
    let open = Redis::start();
    prove!("redis/ready", &at(&open, &[]));
    prove!("redis/password-superfluous", &at(&open, &[("REDIS_PASSWORD", "superfluous")]));
    let closed = RedisPlan::new().set("requirepass", "pw").start();
    prove!("redis/password-missing", &at(&closed, &[]));
    prove!("redis/wrong-password", &at(&closed, &[("REDIS_PASSWORD", "wrong")]));
    let login = [("REDIS_USERNAME", "nobody"), ("REDIS_PASSWORD", "pw")];
    prove!("redis/no-such-user", &at(&closed, &login));
}

/// Adds the users of the rows about rights.
fn add_users(redis: &Redis) {
    for rules in [
        &["silent", "on", ">pw", "~*", "&*", "+@all", "-ping"][..],
        &["reader", "on", ">pw", "~*", "&*", "+@read", "+@connection", "+ping"],
        &["narrow", "on", ">pw", "~dify:*", "&*", "+@all", "-@dangerous"],
    ] {
        let command: Vec<&str> = ["ACL", "SETUSER"].iter().chain(rules).copied().collect();
        assert_eq!(redis.ask(&[&command]), "+OK");
    }
}

#[test]
fn rights_of_a_user() {
    let redis = Redis::start();
    add_users(&redis);
    let as_user = |user: &str, prefix: &str| {
        at(&redis, &[("REDIS_USERNAME", user), ("REDIS_PASSWORD", "pw"), ("REDIS_KEY_PREFIX", prefix)])
    };
    prove!("redis/acl-command", &as_user("silent", ""));
    prove!("redis/acl-write", &as_user("reader", ""));
    prove!("redis/acl-keys", &as_user("narrow", ""));
    prove!("redis/acl-hides-info", &as_user("narrow", "dify"));
}

#[test]
fn it_is_busy_with_itself() {
    let mut redis = RedisPlan::new().set("enable-debug-command", "yes").start();
    assert_eq!(redis.ask(&[&["DEBUG", "POPULATE", "8000"], &["SAVE"]]), "+OK");
    redis.restart(&["--key-load-delay", "1000", "--loading-process-events-interval-bytes", "1024"]);
    prove!("redis/loading", &at(&redis, &[]));

    let redis = RedisPlan::new().set("busy-reply-threshold", "50").start();
    let port = redis.port();
    let endless: &[&[&str]] = &[&["EVAL", "while true do end", "0"]];
    let script = std::thread::spawn(move || testbed::redis::ask(port, endless));
    until(|| redis.ask(&[&["PING"]]).starts_with("-BUSY"));
    prove!("redis/busy", &at(&redis, &[]));
    assert_eq!(redis.ask(&[&["SCRIPT", "KILL"]]), "+OK");
    let _ = script.join();

    let redis = RedisPlan::new().set("maxclients", 1).start();
    let _others = [0; 3].map(|_| {
        let other = std::net::TcpStream::connect(("127.0.0.1", redis.port())).unwrap();
        sleep(Duration::from_millis(100));
        other
    });
    prove!("redis/max-clients", &at(&redis, &[]));

    let redis = Redis::start();
    redis.process.signal("STOP");
    prove!("redis/hangs", &at(&redis, &[]));
    redis.process.signal("CONT");
}

#[test]
fn its_memory() {
    let redis = RedisPlan::new().set("maxmemory", "1").start();
    prove!("redis/out-of-memory", &at(&redis, &[]));
    let evicting: [&[&str]; 2] =
        [&["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"], &["CONFIG", "SET", "maxmemory", "100mb"]];
    assert_eq!(redis.ask(&evicting), "+OK");
    prove!("redis/evicts", &at(&redis, &[]));
    assert_eq!(redis.ask(&[&["CONFIG", "SET", "maxmemory-policy", "noeviction"]]), "+OK");
    let info = redis.ask(&[&["INFO", "memory"]]);
    let used: u64 =
        info.lines().find_map(|line| line.strip_prefix("used_memory:")).unwrap().trim().parse().unwrap();
    let barely = (used * 105 / 100).to_string();
    assert_eq!(redis.ask(&[&["CONFIG", "SET", "maxmemory", &barely]]), "+OK");
    prove!("redis/nearly-full", &at(&redis, &[]));
}

#[test]
fn its_disk() {
    let redis = RedisPlan::new().set("dir", "/srv/work").start();
    redis.occupy("dump.rdb");
    let fails = || redis.ask(&[&["INFO", "persistence"]]).contains("rdb_last_bgsave_status:err");
    let save: [&[&str]; 3] = [
        &["CONFIG", "SET", "stop-writes-on-bgsave-error", "no"],
        &["CONFIG", "SET", "save", "3600 1"],
        &["SET", "key", "1"],
    ];
    assert_eq!(redis.ask(&save), "+OK");
    let _ = redis.ask(&[&["BGSAVE"]]);
    until(fails);
    prove!("redis/last-save-failed", &at(&redis, &[]));
    assert_eq!(redis.ask(&[&["CONFIG", "SET", "stop-writes-on-bgsave-error", "yes"]]), "+OK");
    prove!("redis/cannot-save", &at(&redis, &[]));
}

#[test]
fn masters_and_replicas() {
    let mut master = RedisPlan::new().set("min-replicas-to-write", 1).start();
    prove!("redis/too-few-replicas", &at(&master, &[]));
    let replica = RedisPlan::new()
        .set("replicaof", format!("127.0.0.1 {}", master.port()))
        .set("replica-serve-stale-data", "no")
        .start();
    until(|| replica.ask(&[&["INFO", "replication"]]).contains("master_link_status:up"));
    prove!("redis/replica", &at(&replica, &[]));
    assert_eq!(replica.ask(&[&["CONFIG", "SET", "replica-read-only", "no"]]), "+OK");
    prove!("redis/writable-replica", &at(&replica, &[]));
    master.process.kill();
    until(|| replica.ask(&[&["PING"]]).starts_with("-MASTERDOWN"));
    prove!("redis/master-lost", &at(&replica, &[]));
    let stale: [&[&str]; 2] = [
        &["CONFIG", "SET", "replica-serve-stale-data", "yes"],
        &["CONFIG", "SET", "replica-read-only", "yes"],
    ];
    assert_eq!(replica.ask(&stale), "+OK");
    prove!("redis/replica-cut-off", &at(&replica, &[]));
}

#[test]
fn it_is_another_thing() {
    let redis = RedisPlan::new().set("databases", 2).start();
    prove!("redis/no-such-database", &at(&redis, &[("REDIS_DB", "7")]));
    let sentinels = Sentinels::start_alone("mymaster", redis.port(), &[]);
    let port = sentinels.ports[0].to_string();
    prove!("redis/is-sentinel", &check(&[("REDIS_PORT", &port)]));
    // It turns away whoever is not on its own machine, and tests are.
    let denied = b"-DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user.\r\n";
    let recorded_denial = Proxy::start(1, Fault::Garbage(denied.to_vec()));
    prove!("redis/protected", &check(&[("REDIS_PORT", &recorded_denial.port.to_string())]));
}

#[test]
fn it_is_older() {
    let redis = RedisPlan::new().set("rename-command", "HELLO").and("").start();
    prove!("older-redis/no-hello", &at(&redis, &[]));
    let redis = RedisPlan::new().set("rename-command", "SPUBLISH").and("").start();
    let url = format!("redis://127.0.0.1:{}", redis.port());
    let sharded = [("EVENT_BUS_REDIS_URL", url.as_str()), ("EVENT_BUS_REDIS_CHANNEL_TYPE", "sharded")];
    let target = ["check", "--target", "event-bus"];
    prove!("older-redis/no-sharded-channels", &look(&target, &sharded));

    let redis = RedisPlan::of(Product::Redis7).start();
    prove!("redis-7/ready", &at(&redis, &[]));
    add_users(&redis);
    let narrow = [("REDIS_USERNAME", "narrow"), ("REDIS_PASSWORD", "pw")];
    prove!("redis-7/acl-keys", &at(&redis, &narrow));
    let url = format!("redis://127.0.0.1:{}", redis.port());
    let sharded = [("EVENT_BUS_REDIS_URL", url.as_str()), ("EVENT_BUS_REDIS_CHANNEL_TYPE", "sharded")];
    prove!("redis-7/sharded", &look(&target, &sharded));
    assert_eq!(redis.ask(&[&["CONFIG", "SET", "requirepass", "pw"]]), "+OK");
    prove!("redis-7/wrong-password", &at(&redis, &[("REDIS_PASSWORD", "wrong")]));
}

#[test]
fn it_is_valkey() {
    let redis = RedisPlan::of(Product::Valkey).start();
    prove!("valkey/ready", &at(&redis, &[]));
    prove!("valkey/no-such-database", &at(&redis, &[("REDIS_DB", "99")]));
    assert_eq!(redis.ask(&[&["CONFIG", "SET", "maxmemory", "1"]]), "+OK");
    prove!("valkey/out-of-memory", &at(&redis, &[]));
    assert_eq!(redis.ask(&[&["CONFIG", "SET", "requirepass", "pw"]]), "+OK");
    prove!("valkey/password-missing", &at(&redis, &[]));
    prove!("valkey/wrong-password", &at(&redis, &[("REDIS_PASSWORD", "wrong")]));
}

#[test]
fn the_network_misbehaves() {
    let redis = Redis::start();
    let proxy = Proxy::start(redis.port(), Fault::CutAfter(3));
    let port = proxy.port.to_string();
    let through = || check(&[("REDIS_PORT", &port)]);
    prove!("fault/cut", &through());
    proxy.set(Fault::Garbage(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()));
    prove!("fault/not-redis", &through());
    // As if it had a gigabyte to say.
    proxy.set(Fault::Flood(b"$1073741824\r\n".to_vec(), vec![b'x'; 65536]));
    prove!("fault/flood", &through());
    proxy.set(Fault::Garbage(b"\x1b[31mred\x1b[0m\r\n".to_vec()));
    let seen = through();
    prove!("fault/escapes", &seen);
    assert!(!seen.message.contains('\u{1b}'), "{seen:?}");
}
