//! The jobs that make an installation ready: bootstrap and migrate. A Job is named by the hash of its own pod template:
//! the same content is the same Job, which is never patched; other content is a new one.

use topology::Component;

use crate::Error;
use crate::registry::Registry;
use crate::template::{File, Yaml, plain};
use crate::wiring;

use super::deployment::object_name;
use super::{head, pod, try_file};

/// Both jobs.
pub(super) fn templates(registry: &Registry) -> Result<Vec<File>, Error> {
    Ok(vec![bootstrap(registry)?, migrate(registry)?])
}

/// Writes a Job around the pod template that `body` writes; it is there only if the condition holds.
pub(super) fn job(
    yaml: &mut Yaml<'_>,
    name: &str,
    condition: Option<&str>,
    body: impl FnOnce(&mut Yaml<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    yaml.line(&format!("{{{{- define \"dify.{name}.podTemplate\" -}}}}"));
    let outcome = body(yaml);
    yaml.action("end");
    yaml.when_some(condition, |yaml| {
        yaml.line(&format!("{{{{- $podTemplate := include \"dify.{name}.podTemplate\" . -}}}}"));
        let hashed = format!("{}-{{{{ $podTemplate | sha256sum | trunc 10 }}}}", object_name(name));
        head(yaml, "batch/v1", "Job", &hashed, name);
        yaml.map("spec", |yaml| {
            yaml.comment("Each try heals what was put right meanwhile: there may be many, and no deadline over all of them.");
            yaml.value("backoffLimit", "migration.backoffLimit");
            yaml.map("template", |yaml| yaml.action("$podTemplate | nindent 4"));
        });
    });
    outcome
}

/// Labels and checksums of a Job's pod; nothing that changes with the chart's version.
fn metadata(yaml: &mut Yaml<'_>, name: &str) {
    yaml.map("metadata", |yaml| {
        yaml.map("labels", |yaml| {
            yaml.include("dify.selectorLabels", &format!("(list . \"{name}\")"));
            yaml.more("commonLabels");
        });
        yaml.map("annotations", |yaml| {
            pod::checksum(yaml, "config", &format!("{name}/configmap.yaml"));
            pod::literals_checksum(yaml, name);
            yaml.more("commonAnnotations");
        });
    });
}

fn bootstrap(registry: &Registry) -> Result<File, Error> {
    let component = wiring::component("bootstrap")?;
    try_file(registry, "bootstrap", "job", |yaml| {
        job(yaml, "bootstrap", None, |yaml| {
            metadata(yaml, "bootstrap");
            let mut outcome = Ok(());
            yaml.map("spec", |yaml| {
                yaml.pair("restartPolicy", "OnFailure");
                pod::preamble(yaml);
                yaml.map("securityContext", |yaml| pod::own_security(yaml, component.uid, true));
                yaml.map("containers", |yaml| yaml.item(bootstrap_container));
                yaml.map("volumes", |yaml| {
                    outcome = secrets_volume(yaml, component);
                    pod::storage_volume(yaml, "storage", "api");
                    yaml.when_some(wiring::enabled("plugin-daemon"), |yaml| {
                        pod::storage_volume(yaml, "plugins", "plugin-daemon");
                    });
                    wiring::trust_volume(yaml, "bootstrap");
                });
                pod::placement(yaml, "api", Some("bootstrap"));
                pod::service_account(yaml, "api");
            });
            outcome
        })
    })
}

fn bootstrap_container(yaml: &mut Yaml<'_>) {
    yaml.pair("name", "bootstrap");
    yaml.map("command", |yaml| {
        yaml.entry("gate");
        beside(yaml, &["db-migrate", "bootstrap"]);
        beside(yaml, &["storage-bootstrap", "ensure", "--for", "api"]);
        yaml.when_some(wiring::enabled("plugin-daemon"), |yaml| {
            beside(yaml, &["storage-bootstrap", "ensure", "--for", "daemon"]);
        });
    });
    yaml.include("dify.preflight", ".");
    yaml.pair("envFrom", format!("[{{configMapRef: {{name: {}}}}}]", object_name("bootstrap")));
    yaml.map("volumeMounts", |yaml| {
        yaml.entry("{name: secrets, mountPath: /run/dify/secrets, readOnly: true}");
        yaml.when(wiring::ON_VOLUMES, |yaml| {
            yaml.entry(&wiring::mount("storage", wiring::API_VOLUME));
            yaml.when_some(wiring::enabled("plugin-daemon"), |yaml| {
                yaml.entry(&wiring::mount("plugins", wiring::DAEMON_VOLUME));
            });
        });
        wiring::trust_mount(yaml, "bootstrap");
    });
}

/// One more command of the gate.
fn beside(yaml: &mut Yaml<'_>, words: &[&str]) {
    yaml.entry("--");
    for word in words {
        yaml.entry(word);
    }
}

fn secrets_volume(yaml: &mut Yaml<'_>, component: &Component) -> Result<(), Error> {
    let mut outcome = Ok(());
    yaml.item(|yaml| {
        yaml.pair("name", "secrets");
        yaml.map("projected", |yaml| {
            yaml.map("sources", |yaml| outcome = wiring::secret_files(yaml, component.name));
        });
    });
    outcome
}

fn migrate(registry: &Registry) -> Result<File, Error> {
    let component = wiring::component("migrate")?;
    try_file(registry, "migrate", "job", |yaml| {
        job(yaml, "migrate", None, |yaml| {
            metadata(yaml, "migrate");
            let mut outcome = Ok(());
            yaml.map("spec", |yaml| {
                yaml.pair("restartPolicy", "OnFailure");
                pod::preamble(yaml);
                yaml.map("securityContext", |yaml| pod::own_security(yaml, component.uid, true));
                let checked = wiring::init_containers(yaml, registry, component, None, |_| Ok(()));
                yaml.map("containers", |yaml| {
                    yaml.item(|yaml| outcome = migrate_container(yaml, registry));
                });
                let volumes = yaml.map_with("volumes", |yaml| {
                    let written = secrets_volume(yaml, component);
                    yaml.entry("{name: preflight, emptyDir: {}}");
                    pod::storage_volume(yaml, "storage", "api");
                    wiring::trust_volume(yaml, "migrate");
                    written
                });
                outcome = std::mem::replace(&mut outcome, Ok(())).and(checked).and(volumes);
                pod::placement(yaml, "api", Some("migrate"));
                pod::service_account(yaml, "api");
            });
            outcome
        })
    })
}

fn migrate_container(yaml: &mut Yaml<'_>, registry: &Registry) -> Result<(), Error> {
    yaml.pair("name", "migrate");
    yaml.pair("image", "{{ include \"dify.image\" (list . .Values.image.api) }}");
    yaml.pair("imagePullPolicy", plain(registry, "image.api.pullPolicy"));
    yaml.pair("command", "[/preflight/db-migrate, run, --, flask, upgrade-db]");
    yaml.pair("envFrom", format!("[{{configMapRef: {{name: {}}}}}]", object_name("migrate")));
    let outcome = yaml.map_with("env", |yaml| {
        yaml.entry("{name: PREFLIGHT_DEADLINE, value: {{ .Values.migration.deadline }}}");
        yaml.entry("{name: PREFLIGHT_GRACE, value: {{ .Values.preflight.grace }}}");
        let outcome = wiring::secret_env(yaml, "migrate");
        yaml.more_of(&pod::extra_env(&["api", "migration"]));
        outcome
    });
    yaml.map("resources", |yaml| yaml.dump(".Values.migration.resources"));
    yaml.map("securityContext", |yaml| pod::own_restricted(yaml, false));
    yaml.map("volumeMounts", |yaml| {
        yaml.entry("{name: preflight, mountPath: /preflight, readOnly: true}");
        yaml.when(wiring::ON_VOLUMES, |yaml| {
            yaml.entry(&wiring::mount("storage", wiring::API_VOLUME));
        });
        wiring::trust_mount(yaml, "migrate");
    });
    outcome
}
