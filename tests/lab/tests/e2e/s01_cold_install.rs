use crate::scenario::Scenario;

/// `helm install --wait` with default values: all Ready, nothing restarted, everything in the proven order,
/// exactly one migration. Then `helm test` passes, and names what is missing once something is.
#[test]
fn a_cold_install_is_ready_in_order_without_a_restart() {
    let scenario = Scenario::new("cold-install");
    scenario.helm(&["install", "--wait", "--timeout", "6m"], &[]);
    scenario.until_ready();
    scenario.assert_no_restarts();
    scenario.assert_order();
    scenario.assert_one_migration();
    let revision = scenario.sql("dify-postgresql-0", "dify", "SELECT version_num FROM alembic_version");
    assert_eq!(revision, Scenario::head());

    let said = scenario.helm_test().expect("all stands");
    assert!(said.contains("setup: not_started"), "{said}");
    scenario.kubectl(&["scale", "deployment/dify-sandbox", "--replicas=0"]).expect("the sandbox goes");
    // One on its way out goes on answering for some seconds.
    let sandbox = "app.kubernetes.io/component=sandbox";
    scenario.kubectl(&["wait", "--for=delete", "pod", "-l", sandbox, "--timeout=2m"]).expect("it is gone");
    let said = scenario.helm_test().expect_err("the sandbox is gone");
    assert!(said.contains("dify-sandbox"), "{said}");
}
