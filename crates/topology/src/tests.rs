//! The data agrees with itself.

use std::collections::BTreeSet;

use super::*;

#[test]
fn every_component_runs_a_known_image() {
    for release in RELEASES {
        for component in release.components {
            assert!(
                component.image == "preflight" || release.image(component.image).is_some(),
                "{}: {}",
                release.version,
                component.name
            );
            for port in component.ports {
                assert!(port.name.len() <= 15, "{}", port.name);
            }
        }
    }
}

#[test]
fn every_consumer_and_address_is_a_component_of_the_newest_release() {
    let release = release("1.16.1").expect("described");
    for variable in variables() {
        for consumer in variable.consumers {
            assert!(release.component(consumer).is_some(), "{}: {consumer}", variable.name);
        }
        if let Source::Host(name) | Source::Address(name, _) = variable.source {
            assert!(release.component(name).is_some_and(|found| found.port().is_some()), "{}", variable.name);
        }
    }
}

#[test]
fn every_key_that_is_read_is_known_and_secret() {
    for variable in variables() {
        if let Source::Key(name) = variable.source {
            assert!(shared_key(name).is_some(), "{name}");
            assert_eq!(variable.visibility, Visibility::Secret);
        }
    }
    for key in SHARED_KEYS.iter().filter(|key| key.generated) {
        let read = variables().any(|variable| variable.source == Source::Key(key.name));
        assert!(read, "nobody reads {}", key.name);
    }
}

#[test]
fn no_component_gets_a_variable_twice_in_one_situation() {
    let mut seen = BTreeSet::new();
    for variable in variables() {
        for consumer in variable.consumers {
            assert!(
                seen.insert((variable.name, *consumer, format!("{:?}", variable.when))),
                "{} for {consumer}",
                variable.name
            );
        }
    }
}

#[test]
fn every_need_of_a_running_component_is_proven() {
    for release in RELEASES {
        for component in release.components {
            let proven: BTreeSet<Need> = proofs(component).into_iter().map(|proof| proof.need).collect();
            assert_eq!(proven, component.needs.iter().copied().collect(), "{}", component.name);
        }
    }
}

#[test]
fn the_daemon_and_the_api_do_not_wait_for_each_other() {
    let release = release("1.16.1").expect("described");
    let daemon = release.component("plugin-daemon").expect("described");
    assert!(!daemon.requires(Need::Migrations));
    let commands: Vec<String> = gate_checks(daemon).iter().map(|check| check.command.join(" ")).collect();
    assert_eq!(
        commands,
        [
            "db-migrate wait --for database",
            "redis-check wait --target daemon",
            "storage-bootstrap wait --for daemon",
            "plugin-keys wait --key PLUGIN_DAEMON_KEY --key INNER_API_KEY_FOR_PLUGIN",
            "db-migrate install /preflight",
        ]
    );
}

#[test]
fn variables_know_their_releases() {
    let bus = variables().find(|variable| variable.name == "EVENT_BUS_REDIS_URL").expect("described");
    assert!(bus.read_by_release("1.16.1"));
    assert!(!bus.read_by_release("1.10.1"));
}

#[test]
fn links_are_what_components_are_told() {
    let release = release("1.16.1").expect("described");
    let callers = |to: &str| -> Vec<&str> {
        links(release).into_iter().filter(|link| link.to == to).map(|link| link.from).collect()
    };
    assert_eq!(callers("sandbox"), ["api", "api-websocket", "beat", "worker"]);
    assert_eq!(callers("web"), ["nginx"]);
    assert_eq!(callers("local-sandbox"), ["agent-backend"]);
    assert_eq!(callers("agent-backend"), ["agent-ssrf-proxy", "api", "api-websocket", "beat", "worker"]);
    assert!(callers("api").contains(&"plugin-daemon"));
    assert!(callers("ssrf-proxy").contains(&"sandbox"));
    assert_eq!(callers("agent-ssrf-proxy"), ["local-sandbox"]);
    assert!(callers("postgresql").contains(&"migrate"));
    assert!(callers("nginx").is_empty() && callers("worker").is_empty());
    assert!(
        links(release).iter().all(|link| {
            link.built_in == ["postgresql", "redis", "weaviate", "qdrant"].contains(&link.to)
        })
    );
    assert_eq!(callers("weaviate"), callers("qdrant"));
    let old = super::release("1.10.1").expect("described");
    assert!(links(old).iter().all(|link| link.to != "agent-backend"));
}
