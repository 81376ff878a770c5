//! How requests get in: every route leads somewhere, and what is switched off is named nowhere.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeSet;

use serde_json::Value;
use support::{Helm, Object, in_parallel, objects};

const RELEASE: &str = "1.16.1";

/// All that is off by default, and every way in.
const EVERYTHING: &str = "apiWebsocket.enabled=true,global.consoleApiDomain=https://dify.example.com,\
    agentBackend.enabled=true,ingress.enabled=true,httpRoute.enabled=true,httpRoute.parentRefs[0].name=public,\
    networkPolicy.enabled=true";

/// The switches, and the components that then do not run.
const SWITCHES: [(&str, &[&str]); 10] = [
    ("apiWebsocket.enabled=false", &["api-websocket"]),
    ("worker.enabled=false", &["worker"]),
    ("beat.enabled=false", &["beat"]),
    ("web.enabled=false", &["web"]),
    ("proxy.enabled=false", &["nginx"]),
    ("sandbox.enabled=false", &["sandbox"]),
    ("ssrfProxy.enabled=false", &["ssrf-proxy"]),
    ("pluginDaemon.enabled=false,agentBackend.enabled=false", &["plugin-daemon"]),
    ("agentBackend.enabled=false", &["agent-backend", "local-sandbox", "agent-ssrf-proxy"]),
    ("localSandbox.enabled=false", &["local-sandbox", "agent-ssrf-proxy"]),
];

fn installation(settings: &str) -> Vec<Object> {
    objects(&Helm::Newest.render(&["--set", EVERYTHING, "--set", settings]))
}

#[test]
fn what_is_switched_off_is_named_nowhere() {
    let whole = installation("");
    in_parallel(&SWITCHES, |(switch, gone)| {
        let rest = installation(switch);
        for component in *gone {
            assert!(whole.iter().any(|object| object.component() == *component), "{component} never runs");
            let label = format!("app.kubernetes.io/component: {component}\n");
            let name = format!("demo-dify-{component}");
            for object in &rest {
                assert!(!object.text.contains(&label), "{switch}: {} selects {component}", object.key());
                let called = object.text.match_indices(&name).any(|(at, _)| {
                    let next = object.text[at + name.len()..].chars().next();
                    !next.is_some_and(|next| next == '-' || next.is_ascii_alphanumeric())
                });
                assert!(!called, "{switch}: {} calls {component}", object.key());
            }
        }
        ways(&rest);
    });
}

/// The pairs of path and Service that Ingress and `HTTPRoute` lead to; each Service must have the port.
fn ways(objects: &[Object]) -> BTreeSet<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value, pointer: &str| -> Vec<Value> {
        value.pointer(pointer).and_then(Value::as_array).cloned().unwrap_or_default()
    };
    let mut found = BTreeSet::new();
    for object in objects.iter().filter(|object| object.component() == "edge") {
        for path in list(&object.value, "/spec/rules/0/http/paths") {
            let service = text(&path["backend"]["service"]["name"]);
            port(objects, &service, |port| port["name"] == path["backend"]["service"]["port"]["name"]);
            found.insert((text(&path["path"]), service));
        }
        for rule in list(&object.value, "/spec/rules").iter().filter(|rule| rule.get("backendRefs").is_some())
        {
            let service = text(&rule["backendRefs"][0]["name"]);
            port(objects, &service, |port| port["port"] == rule["backendRefs"][0]["port"]);
            let matches = list(rule, "/matches");
            assert!(matches.len() <= 8, "a Gateway takes no more than eight matches in a rule");
            found.extend(matches.iter().map(|way| (text(&way["path"]["value"]), service.clone())));
        }
    }
    found
}

fn port(objects: &[Object], service: &str, wanted: impl Fn(&Value) -> bool) {
    let found = objects.iter().find(|object| object.kind == "Service" && object.name == service);
    let found = found.unwrap_or_else(|| panic!("no Service {service}"));
    let ports = found.value["spec"]["ports"].as_array().expect("ports");
    assert!(ports.iter().any(wanted), "{service} has no such port");
}

#[test]
fn without_nginx_each_path_leads_to_its_component() {
    let release = topology::release(RELEASE).expect("described");
    let table: BTreeSet<(String, String)> = release
        .routes
        .iter()
        .map(|route| (route.path.to_owned(), format!("demo-dify-{}", route.to)))
        .collect();
    let straight = "proxy.enabled=false";
    for way in ["ingress.enabled=false", "httpRoute.enabled=false"] {
        assert_eq!(ways(&installation(&format!("{straight},{way}"))), table, "{way}");
    }
    // With it, nginx alone knows the paths.
    let nginx = BTreeSet::from([("/".to_owned(), "demo-dify".to_owned())]);
    assert_eq!(ways(&installation("httpRoute.enabled=false")), nginx);
}

#[test]
fn nginx_knows_every_path_and_no_component_that_does_not_run() {
    let release = topology::release(RELEASE).expect("described");
    let file = |settings: &str| {
        let objects = installation(settings);
        let map = objects.iter().find(|object| object.key() == "ConfigMap/demo-dify-nginx").expect("nginx");
        map.value["data"]["nginx.conf"].as_str().expect("a file").to_owned()
    };
    let whole = file("");
    for route in release.routes {
        let location = format!("location {} {{", route.path);
        assert!(whole.contains(&location), "{location}");
        let address = format!("http://demo-dify-{}.dify.svc.cluster.local:", route.to);
        assert!(whole.contains(&address), "{address}");
    }
    let less = file(
        "pluginDaemon.enabled=false,agentBackend.enabled=false,web.enabled=false,apiWebsocket.enabled=false",
    );
    assert_eq!(less.matches("set $").count(), 1);
    assert!(less.contains("location / { return 404; }"));
}

#[test]
fn without_nginx_policies_open_what_is_routed_and_nothing_else() {
    let objects = installation(
        "proxy.enabled=false,networkPolicy.edgePeers[0].namespaceSelector.matchLabels.name=edge",
    );
    let policies = objects.iter().filter(|object| object.kind == "NetworkPolicy");
    let open: BTreeSet<&str> =
        policies.filter(|policy| policy.text.contains("name: edge")).map(Object::component).collect();
    assert_eq!(open, BTreeSet::from(["api", "api-websocket", "plugin-daemon", "web"]));
}

#[test]
fn the_websocket_runs_the_api_s_code_with_its_own_server() {
    let objects = installation("");
    let mut api = support::environment(&objects, "api", "api");
    assert_ne!(api.remove("GUNICORN_TIMEOUT"), None);
    let mut socket = support::environment(&objects, "api-websocket", "api-websocket");
    for (name, value) in [
        ("SERVER_WORKER_CLASS", "geventwebsocket.gunicorn.workers.GeventWebSocketWorker"),
        ("SERVER_WORKER_AMOUNT", "1"),
        ("SERVER_WORKER_CONNECTIONS", "1000"),
        ("GUNICORN_TIMEOUT", "360"),
    ] {
        assert_eq!(socket.remove(name).as_deref(), Some(value));
    }
    assert_eq!(api, socket);
    assert_eq!(api["ENABLE_COLLABORATION_MODE"], "true");
    let web = support::environment(&objects, "web", "web");
    assert_eq!(web["NEXT_PUBLIC_SOCKET_URL"], "wss://dify.example.com");
    let service =
        objects.iter().find(|object| object.key() == "Service/demo-dify-api-websocket").expect("one");
    assert_eq!(service.value["spec"]["sessionAffinity"], "ClientIP");
}

/// Every Service takes what a mesh wants to read of it; that of nginx has its own section.
#[test]
fn services_of_components_take_labels_annotations_and_an_address() {
    let sections = [
        ("api", "api"),
        ("apiWebsocket", "api-websocket"),
        ("web", "web"),
        ("sandbox", "sandbox"),
        ("ssrfProxy", "ssrf-proxy"),
        ("pluginDaemon", "plugin-daemon"),
        ("agentBackend", "agent-backend"),
        ("localSandbox", "local-sandbox"),
        ("agentSsrfProxy", "agent-ssrf-proxy"),
    ];
    for (section, component) in sections {
        let service = format!("{section}.service");
        let objects = installation(&format!(
            "{service}.labels.mine=yes,{service}.annotations.mesh=on,{service}.clusterIP=10.96.1.1"
        ));
        for object in objects.iter().filter(|object| object.kind == "Service") {
            let own = object.component() == component;
            let metadata = &object.value["metadata"];
            assert_eq!(metadata["labels"]["mine"] == "yes", own, "{section}: {}", object.key());
            assert_eq!(metadata["annotations"]["mesh"] == "on", own, "{section}: {}", object.key());
            assert_eq!(object.value["spec"]["clusterIP"] == "10.96.1.1", own, "{section}: {}", object.key());
        }
    }
}

#[test]
fn with_a_default_deny_nobody_connects_to_what_is_no_component() {
    let objects = installation("networkPolicy.defaultDeny=true");
    let policy =
        objects.iter().find(|object| object.key() == "NetworkPolicy/demo-dify-default-deny").expect("one");
    assert_eq!(policy.value["spec"]["podSelector"]["matchLabels"]["app.kubernetes.io/instance"], "demo");
    assert!(policy.value["spec"].get("ingress").is_none());
}
