//! ConfigMaps: the plain environment of each component, and the files of nginx and squid.

use crate::Error;
use crate::registry::Registry;
use crate::template::{File, Yaml};
use crate::wiring::{config_data, enabled};

use super::deployment::object_name;
use super::{stable_head, try_file};

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
            stable_head(yaml, "ConfigMap", &object_name(name), name);
            yaml.line("data:");
            outcome = yaml.indented(data);
        });
        outcome
    })
}
