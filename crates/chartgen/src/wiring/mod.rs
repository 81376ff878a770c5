//! From what a component needs and reads to init containers, environment and volumes. The only place that knows both
//! the names of `topology` and the paths of the values.

mod checks;
mod choices;
mod config;
mod secrets;
mod storage;
mod trust;
mod vector;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use topology::{Component, Kind, Variable, Visibility};

use crate::{Error, RELEASE};

pub(crate) use checks::init_containers;
pub(crate) use config::{config_data, container_env, host, service_name};
pub(crate) use secrets::{secret_env, secret_files, secrets};
pub(crate) use storage::{
    API_VOLUME, DAEMON_VOLUME, OBJECT_STORE, ON_VOLUMES, key_settings, mount, volume, with_keys,
};
pub(crate) use trust::{trust, trust_mount, trust_volume};
pub(crate) use vector::{NAMED as NAMED_VECTOR_STORE, SOME as SOME_VECTOR_STORE};

/// The section of the values that belongs to a component.
pub(crate) fn section(component: &str) -> &'static str {
    match component {
        "nginx" => "proxy",
        other => SECTIONS.get(other).map_or("api", |names| &names.section),
    }
}

/// What follows from a component's name. Jobs have the values of the api, whose work they do.
struct Names {
    section: String,
    switch: String,
}

static SECTIONS: LazyLock<BTreeMap<&str, Names>> = LazyLock::new(|| {
    let components = topology::release(RELEASE).map(|release| release.components).unwrap_or_default();
    let named = components.iter().filter(|component| component.kind != Kind::Job).map(|component| {
        let section = camel_case(component.name);
        (component.name, Names { switch: format!(".Values.{section}.enabled"), section })
    });
    named.collect()
});

/// `agent-backend` as `agentBackend`.
fn camel_case(name: &str) -> String {
    let mut upper = false;
    let mut text = String::new();
    for character in name.chars() {
        if character == '-' {
            upper = true;
        } else {
            text.push(if std::mem::take(&mut upper) { character.to_ascii_uppercase() } else { character });
        }
    }
    text
}

/// The path of the image's values.
pub(crate) fn image(component: &Component) -> &'static str {
    match component.image {
        "web" => "image.web",
        "plugin-daemon" => "image.pluginDaemon",
        "sandbox" => "image.sandbox",
        "agent-backend" => "image.agentBackend",
        "local-sandbox" => "image.localSandbox",
        "nginx" => "image.proxy",
        "squid" => "image.ssrfProxy",
        "postgresql" => "image.postgresql",
        "redis" => "image.redis",
        "weaviate" => "image.weaviate",
        "qdrant" => "image.qdrant",
        "preflight" => "image.preflight",
        _ => "image.api",
    }
}

/// Whose ConfigMap a component reads: all that runs the application's code shares one, so that no variable is forgotten in
/// one of them. The plugin daemon never shares it: many of its names mean something else there.
pub(crate) fn config_of(component: &str) -> &str {
    match component {
        "api-websocket" | "worker" | "beat" => "api",
        other => other,
    }
}

/// Whether the component has a ConfigMap of plain variables.
pub(crate) fn has_config(component: &str) -> bool {
    variables(component).iter().any(|variable| variable.visibility == Visibility::Plain)
}

/// The component of this name in the release.
pub(crate) fn component(name: &str) -> Result<&'static Component, Error> {
    topology::release(RELEASE)
        .and_then(|release| release.component(name))
        .ok_or_else(|| Error::Unknown(format!("component {name}")))
}

/// The variables that a component reads in this release.
pub(crate) fn variables(component: &str) -> Vec<&'static Variable> {
    topology::variables()
        .filter(|variable| variable.read_by(component) && variable.read_by_release(RELEASE))
        .collect()
}

/// The condition that the release of Dify to be installed is this one or a later one.
pub(crate) fn at_least(release: &str) -> String {
    format!("semverCompare \">={release}\" (include \"dify.tag\" .)")
}

/// The condition under which a component is part of the installation, if it is not always.
pub(crate) fn enabled(component: &str) -> Option<&'static str> {
    match component {
        "api" => None,
        "nginx" => Some(".Values.proxy.enabled"),
        "local-sandbox" | "agent-ssrf-proxy" => {
            Some("and .Values.agentBackend.enabled .Values.localSandbox.enabled")
        }
        "postgresql" => Some("not (or .Values.externalPostgres.enabled .Values.externalMysql.enabled)"),
        "redis" => Some("not .Values.externalRedis.enabled"),
        other => SECTIONS.get(other).map(|names| names.switch.as_str()),
    }
}

/// Whether a variable is put together by the kubelet from a secret, so that no ConfigMap holds it.
pub(super) fn in_pod(variable: &Variable) -> bool {
    variable.name == "DIFY_AGENT_REDIS_URL"
}
