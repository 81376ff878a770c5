//! From what a component needs and reads to init containers, environment and volumes. The only place that knows both
//! the names of `topology` and the paths of the values.

mod checks;
mod choices;
mod config;
mod secrets;
mod storage;
mod trust;
mod vector;

use topology::{Component, Need, Variable};

use crate::{Error, RELEASE};

pub(crate) use checks::init_containers;
pub(crate) use config::{config_data, container_env, host};
pub(crate) use secrets::{secret_env, secret_files, secrets};
pub(crate) use storage::{
    API_VOLUME, DAEMON_VOLUME, OBJECT_STORE, ON_VOLUMES, key_settings, mount, volume, with_keys,
};
pub(crate) use trust::{trust, trust_mount, trust_volume};
pub(crate) use vector::{NAMED as NAMED_VECTOR_STORE, SOME as SOME_VECTOR_STORE};

/// The section of the values that belongs to a component.
pub(crate) fn section(component: &str) -> &'static str {
    match component {
        "worker" => "worker",
        "beat" => "beat",
        "web" => "web",
        "nginx" => "proxy",
        "sandbox" => "sandbox",
        "ssrf-proxy" => "ssrfProxy",
        "plugin-daemon" => "pluginDaemon",
        "agent-backend" => "agentBackend",
        "local-sandbox" => "localSandbox",
        "postgresql" => "postgresql",
        "redis" => "redis",
        "weaviate" => "weaviate",
        "qdrant" => "qdrant",
        _ => "api",
    }
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
        "worker" | "beat" => "api",
        other => other,
    }
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

/// Whether db-migrate must be copied into the pod's other images.
pub(crate) fn needs_binary(component: &Component) -> bool {
    component.requires(Need::Migrations) || component.mode == Some("migration")
}

/// The condition under which a component is part of the installation, if it is not always.
pub(crate) fn enabled(component: &str) -> Option<&'static str> {
    match component {
        "agent-backend" | "local-sandbox" => Some(".Values.agentBackend.enabled"),
        "postgresql" => Some("not (or .Values.externalPostgres.enabled .Values.externalMysql.enabled)"),
        "redis" => Some("not .Values.externalRedis.enabled"),
        "weaviate" => Some(".Values.weaviate.enabled"),
        "qdrant" => Some(".Values.qdrant.enabled"),
        _ => None,
    }
}

/// Whether a variable is put together by the kubelet from a secret, so that no ConfigMap holds it.
pub(super) fn in_pod(variable: &Variable) -> bool {
    variable.name == "DIFY_AGENT_REDIS_URL"
}
