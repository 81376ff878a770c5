//! ConfigMaps: the plain environment of each component, and the files of nginx and squid.

use crate::Error;
use crate::registry::Registry;
use crate::template::{File, Yaml};
use crate::wiring::{config_data, config_of, enabled, has_config, section};

use super::deployment::object_name;
use super::{components, routes, stable_head, try_file};

/// All ConfigMaps.
pub(super) fn templates(registry: &Registry) -> Result<Vec<File>, Error> {
    let mut files = Vec::new();
    let own = |name: &str| config_of(name) == name && has_config(name);
    for name in components()?.iter().map(|component| component.name).filter(|name| own(name)) {
        files.push(config_map(registry, name, |yaml| config_data(yaml, registry, name))?);
    }
    for (name, key, text) in [
        ("nginx", "nginx.conf", routes::nginx()?),
        ("ssrf-proxy", "squid.conf", squid("ssrf-proxy", "")),
        (
            "agent-ssrf-proxy",
            "squid.conf",
            squid("agent-ssrf-proxy", include_str!("../text/squid-agent.conf")),
        ),
    ] {
        files.push(config_map(registry, name, |yaml| {
            yaml.block(key, &text);
            Ok(())
        })?);
    }
    Ok(files)
}

/// The file of one of the proxies, with what it lets through of its own accord.
fn squid(name: &str, own: &str) -> String {
    include_str!("../text/squid.conf")
        .replace("@own@\n", own)
        .replace("@name@", name)
        .replace("@section@", section(name))
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
