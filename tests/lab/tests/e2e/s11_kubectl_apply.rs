use crate::scenario::Scenario;

/// `kubectl apply` of `helm template`'s output, twice: the second time nothing changes.
#[test]
fn applying_the_rendered_chart_twice_changes_nothing() {
    let scenario = Scenario::new("kubectl-apply");
    let rendered = scenario.helm(&["template", "--skip-tests"], &[]);
    let apply = || {
        scenario
            .cluster
            .kubectl_with(&["apply", "-n", &scenario.namespace, "-f", "-"], &rendered)
            .unwrap_or_else(|error| panic!("{error}"))
    };
    apply();
    scenario.until_ready();
    scenario.assert_no_restarts();
    scenario.assert_order();
    let second = apply();
    let changed: Vec<&str> = second.lines().filter(|line| !line.ends_with(" unchanged")).collect();
    assert!(changed.is_empty(), "{changed:?}");
}
