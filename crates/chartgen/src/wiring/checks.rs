//! The init containers that prove what a component needs.

use topology::{Component, Need};

use super::secrets::one_secret;
use super::{ON_VOLUMES, config_of, host, mount, trust_mount, volume};
use crate::Error;
use crate::registry::Registry;
use crate::template::{Yaml, plain};

/// Writes the init containers that prove a component's needs, then what is to be done `after_checks`, and after that
/// those of the user.
pub(crate) fn init_containers(
    yaml: &mut Yaml<'_>,
    registry: &Registry,
    component: &Component,
    section: Option<&str>,
    after_checks: impl FnOnce(&mut Yaml<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let extra = section.map(|section| format!("{section}.extraInitContainers"));
    let checks = topology::gate_checks(component);
    if checks.is_empty() {
        if let Some(extra) = extra {
            yaml.fragment("initContainers", &extra);
        }
        return Ok(());
    }
    let mut outcome = Ok(());
    let config = config_of(component.name);
    yaml.map("initContainers", |yaml| {
        yaml.either(
            "eq .Values.preflight.mode \"gate\"",
            |yaml| {
                yaml.item(|yaml| {
                    yaml.pair("name", "gate");
                    yaml.map("command", |yaml| {
                        yaml.entry("gate");
                        for check in &checks {
                            yaml.entry("--");
                            for word in &check.command {
                                yaml.entry(word);
                            }
                        }
                    });
                    rest_of_check(yaml, component, config, None);
                });
            },
            |yaml| {
                for check in &checks {
                    yaml.item(|yaml| {
                        yaml.pair("name", check.container);
                        yaml.words("command", &check.command);
                        rest_of_check(yaml, component, config, Some(check));
                    });
                }
            },
        );
        if component.requires(Need::Migrations) {
            outcome = wait_migrations(yaml, registry, config);
        }
        if outcome.is_ok() {
            outcome = after_checks(yaml);
        }
        if let Some(extra) = extra {
            yaml.more(&extra);
        }
    });
    outcome
}

/// What follows the command: all that any check needs for the gate, only its own for a check that runs alone.
fn rest_of_check(yaml: &mut Yaml<'_>, component: &Component, config: &str, alone: Option<&topology::Check>) {
    let proves =
        |needs: &[Need]| alone.is_none_or(|check| check.proves.iter().any(|need| needs.contains(need)));
    let installs = alone.is_none_or(|check| check.proves.is_empty());
    yaml.include("dify.preflight", ".");
    if alone.is_none() || !installs {
        yaml.pair("envFrom", format!("[{{configMapRef: {{name: {}}}}}]", host(config)));
    }
    yaml.map("volumeMounts", |yaml| {
        if alone.is_none() || !installs {
            yaml.entry("{name: secrets, mountPath: /run/dify/secrets, readOnly: true}");
        }
        if installs && topology::runs_db_migrate(component) {
            yaml.entry("{name: preflight, mountPath: /preflight}");
        }
        if let Some(files) = volume(component)
            && proves(&[Need::Storage, Need::PluginStorage])
        {
            yaml.when(ON_VOLUMES, |yaml| {
                yaml.entry(&mount("storage", files));
            });
        }
        if alone.is_none() || !installs {
            trust_mount(yaml, config);
        }
    });
}

/// Waits in the api image, whose revision files say what the schema must be.
fn wait_migrations(yaml: &mut Yaml<'_>, registry: &Registry, config: &str) -> Result<(), Error> {
    let mut outcome = Ok(());
    yaml.item(|yaml| {
        yaml.pair("name", "wait-migrations");
        yaml.pair("image", "{{ include \"dify.image\" (list . .Values.image.api) }}");
        yaml.pair("imagePullPolicy", plain(registry, "image.api.pullPolicy"));
        yaml.map("command", |yaml| {
            for word in ["/preflight/db-migrate", "wait", "--for", "schema"] {
                yaml.entry(word);
            }
            yaml.entry("--on-ahead={{ .Values.preflight.onDatabaseAhead }}");
        });
        yaml.pair("envFrom", format!("[{{configMapRef: {{name: {}}}}}]", host(config)));
        yaml.map("env", |yaml| {
            outcome = one_secret(yaml, config, "DB_PASSWORD");
            yaml.entry("{name: PREFLIGHT_DEADLINE, value: {{ .Values.preflight.deadline }}}");
            yaml.entry("{name: PREFLIGHT_GRACE, value: {{ .Values.preflight.grace }}}");
        });
        yaml.map("resources", |yaml| yaml.dump(".Values.preflight.resources"));
        yaml.map("securityContext", |yaml| {
            yaml.pair("allowPrivilegeEscalation", "false");
            yaml.pair("readOnlyRootFilesystem", "true");
            yaml.pair("capabilities", "{drop: [ALL]}");
        });
        yaml.map("volumeMounts", |yaml| {
            yaml.entry("{name: preflight, mountPath: /preflight, readOnly: true}");
            trust_mount(yaml, config);
        });
    });
    outcome
}
