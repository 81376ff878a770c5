//! The init container that makes the plugin daemon's tables.

use topology::{Component, Need};

use super::deployment::object_name;
use super::pod;
use crate::Error;
use crate::registry::Registry;
use crate::template::Yaml;
use crate::wiring;

/// Makes the tables in the daemon's own image and with its own environment, one pod after the other.
pub(super) fn container(
    yaml: &mut Yaml<'_>,
    registry: &Registry,
    component: &Component,
) -> Result<(), Error> {
    if !component.requires(Need::PluginMigrations) {
        return Ok(());
    }
    let section = wiring::section(component.name);
    let since = wiring::at_least(topology::PLUGIN_MIGRATION_SINCE);
    let mut outcome = Ok(());
    yaml.when(&format!("and .Values.{section}.migrate ({since})"), |yaml| {
        yaml.item(|yaml| {
            yaml.pair("name", "migrate");
            pod::image(yaml, registry, component);
            let own = ["/preflight/db-migrate", "run", "--target", "daemon", "--"];
            yaml.words("command", &[&own[..], topology::PLUGIN_MIGRATION_COMMAND].concat());
            pod::env_from(yaml, Some(&object_name(component.name)), section);
            yaml.map("env", |yaml| {
                yaml.entry("{name: PREFLIGHT_DEADLINE, value: {{ .Values.preflight.deadline }}}");
                yaml.entry("{name: PREFLIGHT_GRACE, value: {{ .Values.preflight.grace }}}");
                outcome = wiring::secret_env(yaml, component.name);
                yaml.more_of(&pod::extra_env(&[section]));
            });
            yaml.map("resources", |yaml| yaml.dump(&format!(".Values.{section}.resources")));
            pod::restricted(yaml, false, section);
            yaml.map("volumeMounts", |yaml| {
                yaml.entry("{name: preflight, mountPath: /preflight, readOnly: true}");
                wiring::trust_mount(yaml, component.name);
                yaml.more(&format!("{section}.extraVolumeMounts"));
            });
        });
    });
    outcome
}
