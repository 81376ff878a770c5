use std::thread::sleep;
use std::time::Duration;

use crate::scenario::{EXTERNAL_REDIS, LONG, Scenario};

/// A stranger holds Dify's own lock in Redis: `flask upgrade-db` then exits 0 without migrating. That is no
/// success here; the migration happens once the lock is free.
#[test]
fn a_held_redis_lock_is_no_success() {
    let scenario = Scenario::new("held-lock");
    scenario.apply("redis");
    let redis = |arguments: &[&str]| {
        let command = [
            &["exec", "redis-0", "--", "redis-cli", "-a", "lab-redis-password", "--no-auth-warning"],
            arguments,
        ];
        scenario.kubectl(&command.concat())
    };
    scenario.until("Redis", LONG, || redis(&["ping"]).ok().filter(|answer| answer.contains("PONG")));
    redis(&["set", "db_upgrade_lock", "stranger"]).expect("the lock is taken");
    scenario.install(&EXTERNAL_REDIS);

    scenario.until("a skipped migration", LONG, || {
        let log = scenario
            .kubectl(&["logs", "-l", "app.kubernetes.io/component=migrate", "--tail=-1", "-c", "migrate"])
            .ok()?;
        log.contains("migration skipped").then_some(())
    });
    sleep(Duration::from_secs(10));
    assert!(scenario.pods_of("migrate").iter().all(|pod| !pod.succeeded()), "{}", scenario.situation());
    let started = scenario.pods_of("api").iter().any(|pod| pod.main_started().is_some());
    assert!(!started, "{}", scenario.situation());

    redis(&["del", "db_upgrade_lock"]).expect("the lock is released");
    scenario.until_ready();
    scenario.assert_no_restarts();
    scenario.assert_order();
}
