use crate::scenario::{LONG, Scenario};

/// External Redis behind three Sentinels; the master dies while the release starts: Ready on the new master.
#[test]
fn a_failover_during_the_start_is_followed_to_the_new_master() {
    let scenario = Scenario::new("sentinel-failover");
    scenario.apply("sentinel");
    let ask = |question: &[&str]| {
        let command = [
            &[
                "exec",
                "sentinel-0",
                "--",
                "redis-cli",
                "-p",
                "26379",
                "-a",
                "lab-sentinel-password",
                "--no-auth-warning",
            ],
            question,
        ];
        scenario.kubectl(&command.concat()).unwrap_or_default()
    };
    scenario.until("a quorum", LONG, || {
        ask(&["sentinel", "ckquorum", "mymaster"]).contains("OK 3").then_some(())
    });
    scenario.until("a replica", LONG, || {
        ask(&["sentinel", "replicas", "mymaster"]).contains("slave").then_some(())
    });
    let master = || {
        ask(&["sentinel", "get-master-addr-by-name", "mymaster"])
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let old = master();

    scenario.kubectl(&["scale", "statefulset", "redis-master", "--replicas=0"]).expect("the master goes");
    scenario.install(&crate::scenario::EXTERNAL_SENTINEL);
    scenario.until_ready();
    assert_ne!(master(), old);
    scenario.assert_no_restarts();
    scenario.assert_order();
    let gate = scenario.container("api", "gate").expect("the gate");
    assert_eq!(gate.exit_code, Some(0));
}
