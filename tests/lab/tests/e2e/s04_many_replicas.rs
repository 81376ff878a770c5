use crate::scenario::{EXTERNAL_S3, SLOW_MIGRATION, Scenario};

const REPLICAS: [&str; 4] =
    ["api.replicas=3", "worker.replicas=2", "pluginDaemon.replicas=3", SLOW_MIGRATION];

/// Three api replicas, two workers, three plugin daemons and a migration of a minute: one migration, the daemons' tables
/// made by one after the other, nothing killed, order kept.
#[test]
fn a_long_migration_runs_once_for_many_replicas() {
    let scenario = Scenario::new("many-replicas");
    // Several pods share no volume that one node alone may mount.
    scenario.apply("s3");
    scenario.install(&[&EXTERNAL_S3, &REPLICAS[..]].concat());
    scenario.until_ready();
    assert_eq!(scenario.pods_of("api").len(), 3);
    assert_eq!(scenario.pods_of("worker").len(), 2);
    assert_eq!(scenario.pods_of("plugin-daemon").len(), 3);
    scenario.assert_no_restarts();
    scenario.assert_order();
    scenario.assert_one_migration();
    let migrate = scenario.container("migrate", "migrate").expect("the migration's container");
    let (started, finished) = (migrate.started.expect("its start"), migrate.finished.expect("its end"));
    assert!(finished.duration_since(started).is_ok_and(|took| took.as_secs() >= 60), "it was not slow");
}
