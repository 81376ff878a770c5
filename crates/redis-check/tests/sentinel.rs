//! A real master with replicas behind three real Sentinels.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;

use common::{Seen, all, check, look, results, tool};
use testbed::redis::{Redis, RedisPlan, Sentinels, until};

const SERVICE: &str = "mymaster";

/// A master, a replica in step, and Sentinels that know both. Every part has a password of its own.
struct House {
    master: Redis,
    replica: Redis,
    sentinels: Sentinels,
}

impl House {
    fn new() -> Self {
        let master = plan().start();
        let replica = plan().set("replicaof", format!("127.0.0.1 {}", master.port())).start();
        let settings = [
            "sentinel auth-pass mymaster data-pw",
            "requirepass watch-pw",
            "sentinel sentinel-pass watch-pw",
        ];
        let sentinels = Sentinels::start(SERVICE, master.port(), &settings);
        let house = Self { master, replica, sentinels };
        for index in 0..3 {
            until(|| house.sentinels.configuration(index).contains("known-replica"));
        }
        house
    }

    fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("REDIS_USE_SENTINEL", "true".to_owned()),
            ("REDIS_SENTINELS", self.sentinels.addresses()),
            ("REDIS_SENTINEL_SERVICE_NAME", SERVICE.to_owned()),
            ("REDIS_SENTINEL_PASSWORD", "watch-pw".to_owned()),
            ("REDIS_PASSWORD", "data-pw".to_owned()),
        ]
    }

    fn check_with(&self, name: &'static str, value: &str) -> Seen {
        let mut variables = self.variables();
        variables.retain(|(key, _)| *key != name);
        variables.push((name, value.to_owned()));
        check(&borrowed(&variables))
    }
}

fn plan() -> RedisPlan {
    RedisPlan::new().set("requirepass", "data-pw").set("masterauth", "data-pw")
}

fn borrowed<'a>(variables: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    variables.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[test]
fn the_master_is_found_and_each_hop_has_its_own_password() {
    let house = House::new();
    let seen = check(&borrowed(&house.variables()));
    seen.expect_ready(&[]);
    let named = format!("127.0.0.1:{} (master mymaster) is a master", house.master.port());
    assert!(seen.message.contains(&named), "{seen:?}");

    house.check_with("REDIS_SENTINEL_PASSWORD", "wrong").expect(
        69,
        "suspect",
        "auth",
        Some("WRONGPASS"),
        &["Sentinel 127.0.0.1:", "check REDIS_SENTINEL_PASSWORD"],
    );
    house.check_with("REDIS_SENTINEL_PASSWORD", "").expect(
        69,
        "suspect",
        "auth",
        Some("NOAUTH"),
        &["Sentinel 127.0.0.1:", "set REDIS_SENTINEL_PASSWORD"],
    );
    house.check_with("REDIS_PASSWORD", "wrong").expect(
        69,
        "suspect",
        "auth",
        Some("WRONGPASS"),
        &["(master mymaster)", "check REDIS_PASSWORD"],
    );
    house.check_with("REDIS_SENTINEL_SERVICE_NAME", "nosuch").expect(
        69,
        "suspect",
        "config",
        None,
        &["know no master named \"nosuch\"", "check REDIS_SENTINEL_SERVICE_NAME"],
    );
    // The broker by URL: the password of the URL is the master's.
    let url: Vec<_> =
        house.sentinels.ports.iter().map(|port| format!("sentinel://:data-pw@127.0.0.1:{port}/1")).collect();
    let broker = [
        ("CELERY_BROKER_URL", url.join(";")),
        ("CELERY_USE_SENTINEL", "true".to_owned()),
        ("CELERY_SENTINEL_MASTER_NAME", SERVICE.to_owned()),
        ("CELERY_SENTINEL_PASSWORD", "watch-pw".to_owned()),
    ];
    look(&["check", "--target", "broker"], &borrowed(&broker)).expect_ready(&[]);
    // And without one.
    let mut variables = house.variables();
    variables.push(("PREFLIGHT_BROKER_DB", "1".to_owned()));
    let seen = all(&["check"], &borrowed(&variables));
    assert_eq!(seen.len(), 2);
    seen[1].1.expect_ready(&[]);
}

#[test]
fn a_failover_is_waited_for_and_ends_on_the_new_master() {
    let mut house = House::new();
    house.master.process.kill();
    let run = tool().args(["wait", "--output", "json", "--deadline", "120s"]).envs(house.variables()).run();
    assert_eq!(run.code, 0, "{}", run.output());
    let (_, seen) = &results(&run)[0];
    let named = format!("127.0.0.1:{} (master mymaster)", house.replica.port());
    assert!(seen.message.contains(&named), "{seen:?}");
    // At no time was anything but a living master good enough.
    assert!(run.stdout.contains("\"class\":\"not_yet\""), "{}", run.stdout);
}

#[test]
fn a_dead_master_that_nobody_replaces_is_named_at_the_deadline() {
    let mut house = House::new();
    house.replica.process.kill();
    house.master.process.kill();
    let port = house.sentinels.ports[0];
    until(|| {
        let ask: [&[&str]; 2] = [&["AUTH", "watch-pw"], &["SENTINEL", "MASTER", SERVICE]];
        testbed::redis::ask(port, &ask).contains("s_down")
    });
    let mut seen = check(&borrowed(&house.variables()));
    // Each Sentinel notices by itself.
    until(|| {
        seen = check(&borrowed(&house.variables()));
        seen.code.as_deref() == Some("s_down") && seen.message.matches("for dead").count() == 3
    });
    seen.expect(75, "not_yet", "proxy", Some("s_down"), &["do not agree on a living master \"mymaster\""]);
}

#[test]
fn a_minority_of_sentinels_is_not_enough_and_a_majority_is() {
    let mut house = House::new();
    house.sentinels.processes[0].kill();
    let seen = check(&borrowed(&house.variables()));
    seen.expect_ready(&[]);
    let gone = format!("Sentinel 127.0.0.1:{}", house.sentinels.ports[0]);
    assert!(seen.warnings.iter().any(|warning| warning.contains(&gone)), "{seen:?}");
    house.sentinels.processes[1].kill();
    let seen = check(&borrowed(&house.variables()));
    seen.expect(75, "not_yet", "proxy", Some("NOQUORUM"), &["2 of 3 Sentinels do not agree"]);
    house.sentinels.processes[2].kill();
    let seen = check(&borrowed(&house.variables()));
    seen.expect(
        75,
        "not_yet",
        "tcp",
        Some("ECONNREFUSED"),
        &["no Sentinel answers", "check REDIS_SENTINELS"],
    );
}

#[test]
fn a_sentinel_that_hangs_does_not_hold_up_the_others() {
    let house = House::new();
    house.sentinels.processes[2].signal("STOP");
    let seen = check(&borrowed(&house.variables()));
    house.sentinels.processes[2].signal("CONT");
    seen.expect_ready(&[]);
    assert!(seen.warnings.iter().any(|warning| warning.contains("does not answer")), "{seen:?}");
}

#[test]
fn sentinels_and_redis_taken_for_each_other_are_named() {
    let redis = Redis::start();
    let address = format!("127.0.0.1:{}", redis.port());
    let seen = check(&[
        ("REDIS_USE_SENTINEL", "true"),
        ("REDIS_SENTINELS", &address),
        ("REDIS_SENTINEL_SERVICE_NAME", SERVICE),
    ]);
    seen.expect(
        69,
        "suspect",
        "state",
        Some("ERR"),
        &["is a Redis, not a Sentinel", "check REDIS_SENTINELS"],
    );
    let sentinels = Sentinels::start_alone(SERVICE, redis.port(), &[]);
    let port = sentinels.ports[0].to_string();
    let seen = check(&[("REDIS_PORT", &port)]);
    seen.expect(69, "never", "state", None, &["is a Sentinel, not a Redis", "point REDIS_HOST at the Redis"]);
}
