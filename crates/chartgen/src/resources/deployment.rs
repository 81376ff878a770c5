//! Deployments of all components that run for ever.

use topology::{Component, Kind};

use crate::Error;
use crate::registry::Registry;
use crate::template::{File, Yaml};
use crate::wiring;

use super::{components, head, plugin_migration, pod, probe, requirements, try_file};

/// What the topology does not say about a component's pod.
struct Shape {
    component: &'static str,
    /// The program, where the image's own start script would write where it may not, or would look up too much.
    command: &'static [&'static str],
    /// Whether the image's own files can be read-only.
    read_only: bool,
    /// Whether the program gives up all capabilities. The sandbox changes root and user for each piece of code.
    restricted: bool,
    /// Folders that must be writable.
    scratch: &'static [(&'static str, &'static str)],
    /// A file of the component's own ConfigMap: its key and where it belongs.
    file: Option<(&'static str, &'static str)>,
    /// Where the folder of files is mounted by a component that does not itself prove it.
    shares_storage: bool,
}

const PLAIN: Shape = Shape {
    component: "",
    command: &[],
    read_only: false,
    restricted: true,
    scratch: &[],
    file: None,
    shares_storage: false,
};

/// squid, whoever it serves.
const SQUID: Shape = Shape {
    command: &["squid", "-N", "-f", "/etc/dify/squid.conf"],
    read_only: true,
    scratch: &[("tmp", "/tmp")],
    file: Some(("squid.conf", "/etc/dify")),
    ..PLAIN
};

/// Where plugins run: `PLUGIN_WORKING_PATH`, always a local disk.
const PLUGINS: &str = "/app/cwd";

/// The condition that the environments of plugins outlive the pod.
pub(super) const KEPT_PLUGINS: &str = "get .Values.pluginDaemon.workingVolume \"persistentVolumeClaim\"";

/// nginx wants the address of a DNS server and does not read /etc/resolv.conf.
const NGINX: &str = r#"while read -r word address _; do
  [ "$word" = nameserver ] || continue
  case "$address" in *:*) address="[$address]" ;; esac
  servers="$servers $address"
done < /etc/resolv.conf
echo "resolver$servers valid=5s;" > /tmp/resolver.conf
exec nginx -e stderr -c /etc/dify/nginx.conf -g "daemon off;""#;

/// Those that are not plain.
const SHAPES: &[Shape] = &[
    Shape { component: "beat", shares_storage: true, ..PLAIN },
    Shape { component: "plugin-daemon", scratch: &[("cwd", PLUGINS), ("tmp", "/tmp")], ..PLAIN },
    Shape { component: "sandbox", restricted: false, ..PLAIN },
    Shape { component: "ssrf-proxy", ..SQUID },
    Shape { component: "agent-ssrf-proxy", ..SQUID },
    Shape {
        component: "nginx",
        command: &["sh", "-ec", NGINX],
        read_only: true,
        scratch: &[("tmp", "/tmp")],
        file: Some(("nginx.conf", "/etc/dify")),
        ..PLAIN
    },
];

/// All Deployments: of whatever runs for ever and keeps nothing.
pub(super) fn templates(registry: &Registry) -> Result<Vec<File>, Error> {
    let staying = |component: &&Component| [Kind::Service, Kind::Single].contains(&component.kind);
    components()?.iter().filter(staying).map(|component| deployment(registry, component)).collect()
}

fn deployment(registry: &Registry, component: &Component) -> Result<File, Error> {
    let shape = SHAPES.iter().find(|shape| shape.component == component.name).unwrap_or(&PLAIN);
    let name = component.name;
    let section = wiring::section(name);
    try_file(registry, name, "deployment", |yaml| {
        let mut outcome = Ok(());
        yaml.when_some(wiring::enabled(name), |yaml| {
            head(yaml, "apps/v1", "Deployment", &workload_name(name), name);
            yaml.map("spec", |yaml| {
                if component.kind == Kind::Single {
                    yaml.comment("Two of them would do everything twice.");
                    yaml.pair("replicas", "1");
                    yaml.pair("strategy", "{type: Recreate}");
                } else {
                    yaml.when(&format!("not {}", scaled_by_cluster(name)), |yaml| {
                        yaml.value("replicas", &format!("{section}.replicas"));
                    });
                    yaml.map("strategy", |yaml| {
                        yaml.instead(&format!("{section}.updateStrategy"), |yaml| strategy(yaml, name));
                    });
                }
                yaml.value("revisionHistoryLimit", "upgrade.revisionHistoryLimit");
                if !component.needs.is_empty() {
                    yaml.pair("progressDeadlineSeconds", "{{ include \"dify.progressDeadline\" . }}");
                }
                yaml.map("selector", |yaml| {
                    yaml.map("matchLabels", |yaml| pod::selector(yaml, name));
                });
                yaml.map("template", |yaml| outcome = pod_template(yaml, registry, component, shape));
            });
        });
        outcome
    })
}

/// How pods are replaced. Two daemons cannot run plugins in one folder, not even while one takes the other's place.
fn strategy(yaml: &mut Yaml<'_>, component: &str) {
    if component != "plugin-daemon" {
        return yaml.include("dify.strategy", ".");
    }
    yaml.either(
        KEPT_PLUGINS,
        |yaml| yaml.pair("type", "Recreate"),
        |yaml| yaml.include("dify.strategy", "."),
    );
}

/// The name of a component's own objects. The Service of nginx alone has the bare name.
pub(super) fn object_name(component: &str) -> String {
    format!("{{{{ include \"dify.fullname\" . }}}}-{component}")
}

/// The name of what runs a component's pods, and of what scales it: a pool of workers has one of its own.
pub(super) fn workload_name(component: &str) -> String {
    let name = object_name(component);
    if component == "worker" { name + "{{ with get . \"Pool\" }}-{{ . }}{{ end }}" } else { name }
}

/// Whether the cluster chooses how many pods there are.
pub(super) fn scaled_by_cluster(component: &str) -> String {
    let section = wiring::section(component);
    if component == "worker" {
        "(or .Values.worker.autoscaling.enabled .Values.worker.keda.enabled)".to_owned()
    } else {
        format!(".Values.{section}.autoscaling.enabled")
    }
}

fn pod_template(
    yaml: &mut Yaml<'_>,
    registry: &Registry,
    component: &Component,
    shape: &Shape,
) -> Result<(), Error> {
    let name = component.name;
    let section = wiring::section(name);
    let secrets = !wiring::secrets(name)?.is_empty();
    let config = (wiring::has_config(name) || shape.file.is_some()).then(|| wiring::config_of(name));
    yaml.map("metadata", |yaml| pod::metadata(yaml, name, config, secrets));
    let mut outcome = Ok(());
    yaml.map("spec", |yaml| {
        pod::preamble(yaml);
        yaml.value("terminationGracePeriodSeconds", &format!("{section}.terminationGracePeriodSeconds"));
        let owns_volume = wiring::volume(component).is_some() || shape.shares_storage;
        pod::security(yaml, component.uid, owns_volume, section);
        let checked = wiring::init_containers(yaml, registry, component, Some(section), |yaml| {
            plugin_migration::container(yaml, registry, component)
        });
        yaml.map("containers", |yaml| {
            yaml.item(|yaml| outcome = container(yaml, registry, component, shape, secrets));
            yaml.more(&format!("{section}.extraContainers"));
        });
        let waits = waits_for_secret(component, secrets);
        let extra = format!("{section}.extraVolumes");
        if has_volumes(component, shape) || waits {
            let written = yaml.map_with("volumes", |yaml| {
                let written = volumes(yaml, component, shape, waits);
                yaml.more(&extra);
                written
            });
            if outcome.is_ok() {
                outcome = written;
            }
        } else if storage(component, shape).is_some() {
            yaml.when(&format!("or ({}) .Values.{extra}", wiring::ON_VOLUMES), |yaml| {
                yaml.map("volumes", |yaml| {
                    outcome = volumes(yaml, component, shape, waits);
                    yaml.more(&extra);
                });
            });
        } else {
            yaml.fragment("volumes", &extra);
        }
        let holds_files = storage(component, shape).map(|_| name);
        if component.kind == Kind::Service {
            pod::spread_placement(yaml, section, name, holds_files);
        } else {
            pod::placement(yaml, section, holds_files);
        }
        pod::service_account(yaml, section);
        if outcome.is_ok() {
            outcome = checked;
        }
    });
    outcome
}

fn container(
    yaml: &mut Yaml<'_>,
    registry: &Registry,
    component: &Component,
    shape: &Shape,
    secrets: bool,
) -> Result<(), Error> {
    let name = component.name;
    let section = wiring::section(name);
    yaml.pair("name", name);
    pod::image(yaml, registry, component);
    command(yaml, shape, section);
    let config = wiring::has_config(name).then(|| object_name(wiring::config_of(name)));
    pod::env_from(yaml, config.as_deref(), section);
    let mut outcome = Ok(());
    if secrets || component.mode.is_some() {
        yaml.map("env", |yaml| {
            if let Some(mode) = component.mode {
                yaml.entry(&format!("{{name: MODE, value: {mode}}}"));
            }
            outcome = wiring::container_env(yaml, registry, name);
            if outcome.is_ok() {
                outcome = wiring::secret_env(yaml, name);
            }
            yaml.more_of(&pod::extra_env(&[section]));
        });
    } else {
        yaml.fragment_of("env", &pod::extra_env(&[section]));
    }
    if !component.ports.is_empty() {
        yaml.map("ports", |yaml| {
            for port in component.ports {
                yaml.entry(&format!("{{name: {}, containerPort: {}}}", port.name, port.number));
            }
        });
    }
    probe::probes(yaml, component, section);
    lifecycle(yaml, component, section);
    yaml.map("resources", |yaml| yaml.dump(&format!(".Values.{section}.resources")));
    if shape.restricted {
        pod::restricted(yaml, shape.read_only, section);
    } else {
        yaml.fragment("securityContext", &format!("{section}.containerSecurityContext"));
    }
    mounts(yaml, component, shape, waits_for_secret(component, secrets));
    outcome
}

/// The user's own program, or ours where the image's would not do.
fn command(yaml: &mut Yaml<'_>, shape: &Shape, section: &str) {
    let [own, arguments] = ["command", "args"].map(|key| format!("{section}.{key}"));
    let Some((script, words)) = shape.command.split_last() else {
        yaml.fragment("command", &own);
        return yaml.fragment("args", &arguments);
    };
    yaml.either(
        &format!("or .Values.{own} .Values.{arguments}"),
        |yaml| {
            yaml.fragment("command", &own);
            yaml.fragment("args", &arguments);
        },
        |yaml| {
            if script.contains('\n') {
                yaml.pair("command", format!("[{}]", words.join(", ")));
                yaml.map("args", |yaml| yaml.item(|yaml| yaml.script(script)));
            } else {
                yaml.pair("command", format!("[{}]", shape.command.join(", ")));
            }
        },
    );
}

/// A pod that is to end goes on answering until everybody knows that it will: its address is taken out of the Service
/// at the same moment as it is told to end, and callers hear of that later.
fn lifecycle(yaml: &mut Yaml<'_>, component: &Component, section: &str) {
    let own = format!("{section}.lifecycle");
    if component.kind != Kind::Service || component.ports.is_empty() {
        return yaml.fragment("lifecycle", &own);
    }
    yaml.map("lifecycle", |yaml| {
        yaml.instead(&own, |yaml| yaml.pair("preStop", "{exec: {command: [sleep, \"5\"]}}"));
    });
}

/// Whether a pod without init containers mounts its secrets although it reads them from the environment: a volume whose
/// Secret is not there yet is tried again at once, a variable only after ten seconds and more.
fn waits_for_secret(component: &Component, secrets: bool) -> bool {
    component.needs.is_empty() && secrets
}

fn has_volumes(component: &Component, shape: &Shape) -> bool {
    !component.needs.is_empty() || !shape.scratch.is_empty() || shape.file.is_some()
}

fn storage(component: &Component, shape: &Shape) -> Option<(&'static str, &'static str)> {
    wiring::volume(component).or(shape.shares_storage.then_some(wiring::API_VOLUME))
}

fn mounts(yaml: &mut Yaml<'_>, component: &Component, shape: &Shape, waits: bool) {
    let mut always: Vec<String> =
        shape.scratch.iter().map(|(name, path)| format!("{{name: {name}, mountPath: {path}}}")).collect();
    if waits {
        always.push("{name: secrets, mountPath: /run/dify/secrets, readOnly: true}".to_owned());
    }
    if let Some((_, path)) = shape.file {
        always.push(format!("{{name: config, mountPath: {path}, readOnly: true}}"));
    }
    let storage = storage(component, shape);
    let trust = wiring::trust(component.name);
    let extra = format!("{}.extraVolumeMounts", wiring::section(component.name));
    let write = |yaml: &mut Yaml<'_>| {
        yaml.map("volumeMounts", |yaml| {
            for mount in &always {
                yaml.entry(mount);
            }
            if let Some(files) = storage {
                yaml.when(wiring::ON_VOLUMES, |yaml| {
                    yaml.entry(&wiring::mount("storage", files));
                });
            }
            wiring::trust_mount(yaml, component.name);
            requirements::mount(yaml, component.name);
            yaml.more(&extra);
        });
    };
    if !always.is_empty() {
        return write(yaml);
    }
    let sometimes: Vec<String> = storage
        .map(|_| wiring::ON_VOLUMES)
        .into_iter()
        .chain(trust)
        .map(|condition| format!("({condition})"))
        .collect();
    if sometimes.is_empty() {
        yaml.fragment("volumeMounts", &extra);
    } else {
        yaml.when(&format!("or {} .Values.{extra}", sometimes.join(" ")), write);
    }
}

fn volumes(yaml: &mut Yaml<'_>, component: &Component, shape: &Shape, waits: bool) -> Result<(), Error> {
    let mut outcome = Ok(());
    if waits {
        yaml.comment(
            "The pod waits for this Secret as a volume: a variable would be tried again much later.",
        );
    }
    if !component.needs.is_empty() || waits {
        yaml.item(|yaml| {
            yaml.pair("name", "secrets");
            yaml.map("projected", |yaml| {
                if waits {
                    // Nobody reads it there.
                    yaml.pair("defaultMode", "0400");
                }
                yaml.map("sources", |yaml| outcome = wiring::secret_files(yaml, component.name));
            });
        });
    }
    if topology::runs_db_migrate(component) {
        yaml.entry("{name: preflight, emptyDir: {}}");
    }
    for (name, path) in shape.scratch {
        if *path == PLUGINS {
            yaml.item(|yaml| {
                yaml.pair("name", name);
                yaml.instead("pluginDaemon.workingVolume", |yaml| yaml.pair("emptyDir", "{}"));
            });
        } else {
            yaml.entry(&format!("{{name: {name}, emptyDir: {{}}}}"));
        }
    }
    if shape.file.is_some() {
        yaml.entry(&format!("{{name: config, configMap: {{name: {}}}}}", object_name(component.name)));
    }
    if let Some((claim, _)) = storage(component, shape) {
        pod::storage_volume(yaml, "storage", claim);
    }
    wiring::trust_volume(yaml, component.name);
    requirements::volume(yaml, component.name);
    outcome
}
