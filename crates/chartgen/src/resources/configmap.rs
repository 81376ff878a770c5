//! ConfigMaps: the plain environment of each component, and the files of nginx and squid.

use crate::Error;
use crate::registry::Registry;
use crate::template::{File, Yaml};
use crate::wiring::{config_data, enabled, host};

use super::try_file;

/// The components and jobs that read variables.
const ENVIRONMENTS: &[&str] =
    &["api", "web", "plugin-daemon", "sandbox", "agent-backend", "migrate", "bootstrap"];

/// All ConfigMaps.
pub(super) fn templates(registry: &Registry) -> Result<Vec<File>, Error> {
    let mut files = Vec::new();
    for name in ENVIRONMENTS {
        files.push(config_map(registry, name, |yaml| config_data(yaml, registry, name))?);
    }
    for (name, key, text) in [
        ("nginx", "nginx.conf", include_str!("../text/nginx.conf")),
        ("ssrf-proxy", "squid.conf", include_str!("../text/squid.conf")),
    ] {
        files.push(config_map(registry, name, |yaml| {
            yaml.block(key, text);
            Ok(())
        })?);
    }
    Ok(files)
}

fn config_map(
    registry: &Registry,
    name: &str,
    data: impl FnOnce(&mut Yaml<'_>) -> Result<(), Error>,
) -> Result<File, Error> {
    try_file(registry, name, "configmap", |yaml| {
        let mut outcome = Ok(());
        yaml.when_some(enabled(name), |yaml| {
            yaml.pair("apiVersion", "v1");
            yaml.pair("kind", "ConfigMap");
            yaml.map("metadata", |yaml| {
                yaml.pair("name", if name == "nginx" { format!("{}-nginx", host("nginx")) } else { host(name) });
                yaml.pair("namespace", "{{ .Release.Namespace }}");
                // No version among the labels: pods restart when this file changes, and only then.
                yaml.map("labels", |yaml| {
                    yaml.include("dify.selectorLabels", &format!("(list . \"{name}\")"));
                });
            });
            yaml.line("data:");
            outcome = yaml.indented(data);
        });
        outcome
    })
}
