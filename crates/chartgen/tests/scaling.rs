//! One pod or several, by the user's number or by the cluster's.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeSet;

use support::{Helm, Object, objects};

fn of<'o>(objects: &'o [Object], kind: &str) -> BTreeSet<&'o str> {
    objects.iter().filter(|object| object.kind == kind).map(Object::component).collect()
}

fn one<'o>(objects: &'o [Object], kind: &str, component: &str) -> &'o Object {
    let found = objects.iter().find(|object| object.kind == kind && object.component() == component);
    found.unwrap_or_else(|| panic!("no {kind} of {component}"))
}

#[test]
fn one_pod_has_no_budget_and_several_have_one() {
    let plain = objects(&Helm::Newest.render(&[]));
    assert!(of(&plain, "PodDisruptionBudget").is_empty(), "it would hold up every drain");
    let several = objects(&Helm::Newest.render(&["--values", "examples/high-availability.yaml"]));
    assert_eq!(
        of(&several, "PodDisruptionBudget"),
        BTreeSet::from(["api", "nginx", "plugin-daemon", "web", "worker"]),
        "the worker's by its fewest pods"
    );
    let budget = one(&several, "PodDisruptionBudget", "api");
    let pods = one(&several, "Deployment", "api");
    assert_eq!(budget.value["spec"]["selector"], pods.value["spec"]["selector"]);
    let without = Helm::Newest.render(&["--set", "web.replicas=2,web.podDisruptionBudget.enabled=false"]);
    assert!(of(&objects(&without), "PodDisruptionBudget").is_empty());
}

#[test]
fn who_is_scaled_by_the_cluster_has_no_number_of_ours() {
    let objects = objects(&Helm::Newest.render(&["--values", "examples/high-availability.yaml"]));
    assert_eq!(of(&objects, "HorizontalPodAutoscaler"), BTreeSet::from(["worker"]));
    let scaler = one(&objects, "HorizontalPodAutoscaler", "worker");
    let worker = one(&objects, "Deployment", "worker");
    assert_eq!(scaler.value["spec"]["scaleTargetRef"]["name"], worker.name.as_str());
    assert_eq!(scaler.value["spec"]["metrics"].as_array().map(Vec::len), Some(1), "memory is not looked at");
    assert!(
        worker.value["spec"].get("replicas").is_none(),
        "each upgrade would throw the cluster's choice away"
    );
    assert_eq!(one(&objects, "Deployment", "api").value["spec"]["replicas"], 3);
}
