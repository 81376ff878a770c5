use std::collections::BTreeSet;

use crate::scenario::Scenario;

/// `helm upgrade` with the same values: the same Job, the same pods, the same Secret.
#[test]
fn an_upgrade_with_the_same_values_changes_nothing() {
    let scenario = Scenario::new("same-values");
    scenario.install(&[]);
    scenario.until_ready();
    let before = fingerprint(&scenario);
    scenario.install(&[]);
    scenario.until_ready();
    assert_eq!(fingerprint(&scenario), before);
}

/// UIDs of Jobs and pods, and the generation of the keys.
fn fingerprint(scenario: &Scenario) -> BTreeSet<String> {
    let jobs = scenario
        .kubectl(&[
            "get",
            "jobs",
            "-o",
            "jsonpath={range .items[*]}{.metadata.name}={.metadata.uid}{\"\\n\"}{end}",
        ])
        .expect("a list of Jobs");
    let secret = scenario
        .kubectl(&[
            "get",
            "secret",
            "dify-keys",
            "-o",
            "jsonpath={.metadata.uid}/{.metadata.resourceVersion}",
        ])
        .expect("the keys");
    let pods = scenario.pods().into_iter().map(|pod| pod.uid);
    pods.chain(jobs.lines().map(str::to_owned)).chain([secret]).collect()
}
