use crate::scenario::{LONG, SLOWISH_MIGRATION, Scenario};

/// The migrator is killed (SIGKILL) in mid-migration: the next run completes, and nobody waits on a dead lock.
#[test]
fn a_killed_migration_is_completed_by_the_next_run() {
    let scenario = Scenario::new("killed-migrator");
    scenario.install(&[SLOWISH_MIGRATION]);
    let victim = scenario.until("the migration under way", LONG, || {
        let sleeping =
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()";
        let arguments =
            ["exec", "dify-postgresql-0", "--", "psql", "-U", "dify", "-d", "dify", "-Atqc", sleeping];
        let count = scenario.kubectl(&arguments).ok()?;
        (count.trim() != "0").then(|| scenario.pods_of("migrate")[0].clone())
    });
    // Without a grace period the kubelet's first signal is SIGKILL.
    scenario
        .kubectl(&["delete", "pod", &victim.name, "--grace-period=0", "--force", "--wait=false"])
        .expect("the pod is killed");

    scenario.until("another migrator", LONG, || {
        scenario.pods_of("migrate").iter().any(|pod| pod.uid != victim.uid).then_some(())
    });
    scenario.until_ready();
    scenario.assert_no_restarts();
    let revision = scenario.sql("dify-postgresql-0", "dify", "SELECT version_num FROM alembic_version");
    assert_eq!(revision, Scenario::head());
}
