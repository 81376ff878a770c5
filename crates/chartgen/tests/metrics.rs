//! Whom Prometheus asks, and which alerts it raises.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use support::{Helm, Object, objects};

const EXAMPLE: &[&str] = &["--values", "examples/prometheus.yaml"];

fn of_kind<'o>(objects: &'o [Object], kind: &str) -> Vec<&'o Object> {
    objects.iter().filter(|object| object.kind == kind).collect()
}

#[test]
fn a_monitor_leads_to_a_port_of_one_service() {
    let all = objects(&Helm::Newest.render(EXAMPLE));
    let monitors = of_kind(&all, "ServiceMonitor");
    let components: Vec<&str> = monitors.iter().map(|one| one.component()).collect();
    assert_eq!(components, ["plugin-daemon", "qdrant"]);
    for monitor in monitors {
        let wanted = monitor.value["spec"]["selector"]["matchLabels"].as_object().expect("labels");
        let has = |object: &&&Object| {
            let labels = &object.value["metadata"]["labels"];
            wanted.iter().all(|(name, value)| labels[name] == *value)
        };
        let services = of_kind(&all, "Service");
        let found: Vec<&&Object> = services.iter().filter(has).collect();
        assert_eq!(found.len(), 1, "{}", monitor.key());
        let port = &monitor.value["spec"]["endpoints"][0]["port"];
        let ports = found[0].value["spec"]["ports"].as_array().expect("ports");
        assert!(ports.iter().any(|one| one["name"] == *port), "{}", monitor.key());
    }
}

#[test]
fn alerts_name_the_pods_of_this_release_and_the_command_that_tells_why() {
    let all = objects(&Helm::Newest.render(EXAMPLE));
    let [rule] = of_kind(&all, "PrometheusRule")[..] else { panic!("one rule") };
    let alerts = rule.value["spec"]["groups"][0]["rules"].as_array().expect("alerts");
    assert_eq!(alerts.len(), 5);
    for alert in alerts {
        let expression = alert["expr"].as_str().expect("an expression");
        assert!(expression.contains(r#"namespace="dify", "#) && expression.contains(r#"=~"demo-dify-.*""#));
        assert_eq!(alert["labels"]["team"], "platform");
        let next = alert["annotations"]["description"].as_str().expect("what to do");
        assert!(next.starts_with("kubectl -n dify ") && next.contains("{{ $labels."), "{next}");
    }
}

#[test]
fn nothing_of_it_is_there_unless_asked_for() {
    let all = objects(&Helm::Newest.render(&["--set", "qdrant.enabled=true"]));
    assert!(of_kind(&all, "ServiceMonitor").is_empty() && of_kind(&all, "PrometheusRule").is_empty());
    let less = objects(
        &Helm::Newest.render(&["--set", "metrics.serviceMonitor.enabled=true,pluginDaemon.enabled=false"]),
    );
    assert!(of_kind(&less, "ServiceMonitor").is_empty());
}
