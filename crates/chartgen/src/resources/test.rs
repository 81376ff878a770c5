//! What `helm test` runs once an installation stands: a login at every dependency, and a question to the running api.

use crate::Error;
use crate::registry::Registry;
use crate::template::{File, Yaml, plain};
use crate::wiring;

use super::deployment::object_name;
use super::{pod, try_file};

/// Asks the api whether somebody has set the installation up: the first of its answers that comes out of the database.
const ASK: &str = include_str!("../text/setup.py");

/// The pod.
pub(super) fn template(registry: &Registry) -> Result<File, Error> {
    let api = wiring::component("api")?;
    try_file(registry, "tests", "test", |yaml| {
        yaml.pair("apiVersion", "v1");
        yaml.pair("kind", "Pod");
        metadata(yaml);
        yaml.map_with("spec", |yaml| {
            yaml.pair("restartPolicy", "Never");
            pod::preamble(yaml);
            yaml.map("securityContext", |yaml| pod::own_security(yaml, api.uid, true));
            yaml.map("containers", |yaml| {
                yaml.item(|yaml| dependencies(yaml));
                yaml.item(|yaml| setup(yaml, registry));
            });
            let written = yaml.map_with("volumes", |yaml| {
                let mut outcome = Ok(());
                yaml.item(|yaml| {
                    yaml.pair("name", "secrets");
                    yaml.map("projected", |yaml| {
                        yaml.map("sources", |yaml| outcome = wiring::secret_files(yaml, api.name));
                    });
                });
                pod::storage_volume(yaml, "storage", api.name);
                wiring::trust_volume(yaml, api.name);
                outcome
            });
            pod::placement(yaml, "api", Some("test"));
            pod::service_account(yaml, "api");
            written
        })
    })
}

fn metadata(yaml: &mut Yaml<'_>) {
    yaml.map("metadata", |yaml| {
        yaml.pair("name", object_name("test"));
        yaml.pair("namespace", "{{ .Release.Namespace | quote }}");
        yaml.map("labels", |yaml| yaml.include("dify.labels", "(list . \"test\")"));
        yaml.map("annotations", |yaml| {
            yaml.pair("helm.sh/hook", "test");
            // What it said stays to be read until the next test.
            yaml.pair("helm.sh/hook-delete-policy", "before-hook-creation");
            yaml.more("commonAnnotations");
        });
    });
}

/// The api's own checks, once, and every running component asked with the key that the others have.
fn dependencies(yaml: &mut Yaml<'_>) {
    let api = wiring::component("api").map(topology::gate_checks).unwrap_or_default();
    yaml.pair("name", "dependencies");
    yaml.map("command", |yaml| {
        yaml.entry("gate");
        let database = ["db-migrate", "check", "--for", "database"];
        let live = ["plugin-keys", "check", "--live"];
        let asked = api.iter().filter(|check| check.command.get(1) == Some(&"wait"));
        let asked =
            asked.filter(|check| check.container != "check-keys").map(|check| check.command.as_slice());
        for words in std::iter::once(database.as_slice()).chain(asked).chain([live.as_slice()]) {
            yaml.entry("--");
            for word in words {
                yaml.entry(if *word == "wait" { "check" } else { word });
            }
        }
        yaml.entry(&format!("--env=DIFY_INNER_API_URL=http://{}:5001", object_name("api")));
    });
    yaml.include("dify.preflight", ".");
    yaml.pair("envFrom", format!("[{{configMapRef: {{name: {}}}}}]", object_name("api")));
    yaml.map("volumeMounts", |yaml| {
        yaml.entry("{name: secrets, mountPath: /run/dify/secrets, readOnly: true}");
        yaml.when(wiring::ON_VOLUMES, |yaml| {
            yaml.entry(&wiring::mount("storage", wiring::API_VOLUME));
        });
        wiring::trust_mount(yaml, "api");
    });
}

fn setup(yaml: &mut Yaml<'_>, registry: &Registry) {
    yaml.pair("name", "setup");
    yaml.pair("image", "{{ include \"dify.image\" (list . .Values.image.api) }}");
    yaml.pair("imagePullPolicy", plain(registry, "image.api.pullPolicy"));
    yaml.map("command", |yaml| {
        yaml.entry("python3");
        yaml.entry("-c");
        yaml.item(|yaml| yaml.script(ASK));
        yaml.entry(&format!("http://{}:5001", object_name("api")));
    });
    yaml.map("resources", |yaml| yaml.dump(".Values.preflight.resources"));
    yaml.map("securityContext", |yaml| pod::own_restricted(yaml, true));
}
