//! Who may connect to whom is what the topology says, no more and no less.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeSet;

use serde_json::Value;
use support::{Helm, Object, objects};

const RELEASE: &str = "1.16.1";

/// Every component that is off by default.
const ALL: &str = "agentBackend.enabled=true,apiWebsocket.enabled=true,apiWebsocket.socketUrl=wss://dify";

fn installation(arguments: &[&str]) -> Vec<Object> {
    let mut all = vec!["--values", "examples/network-policies.yaml"];
    all.extend(arguments);
    objects(&Helm::Newest.render(&all))
}

fn policies(objects: &[Object]) -> impl Iterator<Item = &Object> {
    objects.iter().filter(|object| object.kind == "NetworkPolicy")
}

fn component(selector: &Value) -> Option<&str> {
    selector.pointer("/matchLabels/app.kubernetes.io~1component").and_then(Value::as_str)
}

fn list<'v>(value: &'v Value, pointer: &str) -> impl Iterator<Item = &'v Value> {
    value.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

/// Pairs of caller and called that the policies allow.
fn allowed(objects: &[Object]) -> BTreeSet<(String, String)> {
    let mut pairs = BTreeSet::new();
    for policy in policies(objects) {
        let to = component(&policy.value["spec"]["podSelector"]).expect("one component each");
        for rule in list(&policy.value, "/spec/ingress") {
            for from in list(rule, "/from").filter_map(|peer| component(&peer["podSelector"])) {
                pairs.insert((from.to_owned(), to.to_owned()));
            }
        }
    }
    pairs
}

#[test]
fn a_link_of_the_topology_is_open_and_nothing_else_is() {
    let release = topology::release(RELEASE).expect("described");
    let mut wanted: BTreeSet<(String, String)> =
        topology::links(release).into_iter().map(|link| (link.from.to_owned(), link.to.to_owned())).collect();
    let asked_by_api: Vec<String> =
        wanted.iter().filter(|(from, _)| from == "api").map(|(_, to)| to.clone()).collect();
    wanted.extend(asked_by_api.into_iter().chain(["api".to_owned()]).map(|to| ("test".to_owned(), to)));
    // Dify uses one vector store: no installation has both.
    for (store, other) in [("weaviate", "qdrant"), ("qdrant", "weaviate")] {
        let set = format!("{ALL},{store}.enabled=true");
        let mut wanted = wanted.clone();
        wanted.retain(|(_, to)| to != other);
        assert_eq!(allowed(&installation(&["--set", &set])), wanted);
    }
}

#[test]
fn every_pod_that_stays_has_a_policy_and_every_port_in_it_exists() {
    for arguments in [
        &[] as &[&str],
        &["--set", ALL],
        &["--set", "weaviate.enabled=true"],
        &["--set", "qdrant.enabled=true"],
        &["--values", "examples/external-services.yaml"],
    ] {
        let objects = installation(arguments);
        let staying = |object: &&Object| ["Deployment", "StatefulSet"].contains(&object.kind.as_str());
        let pods: BTreeSet<&str> = objects.iter().filter(staying).map(Object::component).collect();
        let guarded: BTreeSet<&str> =
            policies(&objects).filter_map(|policy| component(&policy.value["spec"]["podSelector"])).collect();
        assert_eq!(pods, guarded);
        for policy in policies(&objects) {
            let pod = objects
                .iter()
                .filter(staying)
                .find(|pod| pod.component() == policy.component())
                .expect("its pod");
            let open: Vec<&Value> =
                list(pod.pod().expect("a pod"), "/containers/0/ports").map(|port| &port["name"]).collect();
            for port in list(&policy.value, "/spec/ingress").flat_map(|rule| list(rule, "/ports")) {
                assert!(open.contains(&&port["port"]), "{}: {port}", policy.name);
            }
        }
    }
}

#[test]
fn code_of_users_gets_out_by_the_proxy_alone() {
    let objects = installation(&[]);
    let of = |name: &str| policies(&objects).find(|policy| policy.component() == name).expect("a policy");
    let ways: Vec<&Value> = list(&of("sandbox").value, "/spec/egress").collect();
    assert_eq!(ways.len(), 2, "names, and the proxy");
    assert!(list(ways[0], "/ports").all(|port| port["port"] == 53) && ways[0].get("to").is_none());
    assert_eq!(
        list(ways[1], "/to").map(|peer| component(&peer["podSelector"])).collect::<Vec<_>>(),
        [Some("ssrf-proxy")]
    );

    // So do the shells of agents, by one that knows what they are offered.
    let agents = installation(&["--set", ALL]);
    let shell = policies(&agents).find(|policy| policy.component() == "local-sandbox").expect("a policy");
    let ways: Vec<&Value> = list(&shell.value, "/spec/egress").collect();
    assert_eq!(ways.len(), 2, "names, and the proxy");
    assert_eq!(component(&ways[1]["to"][0]["podSelector"]), Some("agent-ssrf-proxy"));

    let proxy = list(&of("ssrf-proxy").value, "/spec/egress").last().expect("a way out").to_string();
    for private in
        ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "fc00::/7"]
    {
        assert!(proxy.contains(private), "{private}");
    }
    assert!(proxy.contains(r#"{"cidr":"10.20.30.0/24"}"#), "{proxy}");
}

#[test]
fn without_the_switch_there_is_no_policy() {
    assert_eq!(policies(&objects(&Helm::Newest.render(&[]))).count(), 0);
}
