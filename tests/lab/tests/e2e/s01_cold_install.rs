use crate::scenario::Scenario;

/// `helm install --wait` with default values: all Ready, nothing restarted, everything in the proven order,
/// exactly one migration.
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
}
