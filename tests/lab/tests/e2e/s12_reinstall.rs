use crate::scenario::{LONG, Scenario};

/// `helm uninstall`, then install again: data and keys are still there, and the documented way removes them.
#[test]
fn data_and_keys_survive_an_uninstall_and_can_be_removed() {
    let scenario = Scenario::new("reinstall");
    scenario.install(&[]);
    scenario.until_ready();
    scenario.sql(
        "dify-postgresql-0",
        "dify",
        "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('still here')",
    );
    let keys = || {
        scenario.kubectl(&["get", "secret", "dify-keys", "-o", "jsonpath={.metadata.uid}"]).expect("the keys")
    };
    let before = keys();

    scenario.cluster.helm(&["uninstall", "dify", "-n", &scenario.namespace, "--wait"]).expect("it goes");
    scenario.until("no pods", LONG, || scenario.pods().is_empty().then_some(()));
    scenario.install(&[]);
    scenario.until_ready();
    assert_eq!(keys(), before);
    assert_eq!(scenario.sql("dify-postgresql-0", "dify", "SELECT word FROM kept"), "still here");
    scenario.assert_no_restarts();

    scenario.cluster.helm(&["uninstall", "dify", "-n", &scenario.namespace, "--wait"]).expect("it goes");
    // As the chart's NOTES say.
    scenario.kubectl(&["delete", "secret", "dify-keys"]).expect("the keys can be removed");
    let data = ["delete", "pvc", "--selector", "app.kubernetes.io/instance=dify"];
    scenario.kubectl(&data).expect("the data can be removed");
    let left = scenario.kubectl(&["get", "pvc,secret", "-o", "name"]).expect("a list");
    assert!(!left.contains("dify"), "{left}");
}
