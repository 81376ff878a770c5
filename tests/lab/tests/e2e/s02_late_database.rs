use std::thread::sleep;
use std::time::Duration;

use crate::scenario::Scenario;

/// The database appears 60 s after the release: nothing crashes or restarts meanwhile, and the pods that waited
/// say what they waited for.
#[test]
fn a_late_database_is_waited_for_by_name() {
    let scenario = Scenario::new("late-database");
    scenario.apply("postgres-secret");
    scenario.install(&crate::scenario::EXTERNAL_POSTGRES);
    sleep(Duration::from_mins(1));
    scenario.assert_no_restarts();
    assert!(
        scenario.pods_of("api").iter().all(|pod| pod.main_started().is_none()),
        "{}",
        scenario.situation()
    );

    scenario.apply("postgres");
    scenario.until_ready();
    scenario.assert_no_restarts();
    scenario.assert_order();
    let waited = scenario.container("bootstrap", "bootstrap").and_then(|container| container.message);
    let waited = waited.unwrap_or_default();
    assert!(waited.contains("waited") && waited.contains("postgres"), "{waited}");
}
