//! How the kubelet asks whether a container has started, is ready, lives.
//!
//! Slow starts are normal: a Python application takes minutes on a busy laptop, so the start may take a quarter of an hour.
//! Afterwards readiness may fail at any time; liveness asks for the process alone, so that nothing is restarted because
//! what it depends on is away.

use topology::{Component, Health};

use crate::template::Yaml;
use crate::wiring::at_least;

/// Asks the worker by its own name, over the broker, with a Celery that does not load the application. It costs a second of
/// Python, so it is asked only until the worker has answered once: until then an older pod must not go.
const WORKER: &str = r#"exec celery -A celery_healthcheck.celery inspect ping -d "celery@$HOSTNAME""#;

/// The first release with that Celery: `api/celery_healthcheck.py` of its sources.
const WORKER_SINCE: &str = "1.14.0";

/// The three probes of a component's main container.
pub(super) fn probes(yaml: &mut Yaml<'_>, component: &Component, section: &str) {
    for (name, custom) in [
        ("startupProbe", "customStartupProbe"),
        ("readinessProbe", "customReadinessProbe"),
        ("livenessProbe", "customLivenessProbe"),
    ] {
        let own = format!("{section}.{custom}");
        let Some(question) = question(component, name) else {
            yaml.fragment(name, &own);
            continue;
        };
        yaml.action(&format!("if .Values.{own}"));
        yaml.map(name, |yaml| yaml.dump(&format!(".Values.{own}")));
        let enabled = format!(".Values.{section}.{name}.enabled");
        let condition = match component.health {
            Health::None => format!("and {enabled} ({})", at_least(WORKER_SINCE)),
            _ => enabled,
        };
        yaml.action(&format!("else if {condition}"));
        yaml.map(name, |yaml| {
            question(yaml);
            yaml.dump(&format!("(omit .Values.{section}.{name} \"enabled\")"));
        });
        yaml.action("end");
    }
}

/// How a component is asked. Nothing can be asked of beat, and of the worker only over the broker: a process that ends ends
/// its container, and a broker that is away is no reason to restart either.
fn question(component: &Component, probe: &str) -> Option<impl FnOnce(&mut Yaml<'_>)> {
    let port = component.ports.first().map_or("", |port| port.name);
    let line = match component.health {
        Health::Http(path) => format!("httpGet: {{path: {path}, port: {port}}}"),
        Health::Tcp => format!("tcpSocket: {{port: {port}}}"),
        Health::None if component.mode == Some("worker") && probe == "startupProbe" => String::new(),
        Health::Command | Health::None => return None,
    };
    Some(move |yaml: &mut Yaml<'_>| {
        if !line.is_empty() {
            return yaml.line(&line);
        }
        yaml.map("exec", |yaml| {
            yaml.map("command", |yaml| {
                yaml.entry("sh");
                yaml.entry("-c");
                yaml.entry(&format!("'{WORKER}'"));
            });
        });
    })
}
