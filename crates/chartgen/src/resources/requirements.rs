//! The Python packages of code nodes: a file that the sandbox reads when it starts, and installs.

use super::deployment::object_name;
use super::{file, pod, stable_head};
use crate::registry::Registry;
use crate::template::{File, Yaml};

/// Whose packages they are.
const SANDBOX: &str = "sandbox";
/// Where the sandbox looks. Source: dify-sandbox's `internal/static/config.go`.
const PATH: &str = "/dependencies/python-requirements.txt";
const KEY: &str = "python-requirements.txt";
const SOME: &str = ".Values.sandbox.pythonPackages";

/// The file.
pub(super) fn template(registry: &Registry) -> File {
    file(registry, SANDBOX, "requirements", |yaml| {
        yaml.when(&format!("and .Values.sandbox.enabled {SOME}"), |yaml| {
            stable_head(yaml, "ConfigMap", &name(), SANDBOX);
            yaml.map("data", |yaml| {
                yaml.pair(KEY, format!("{{{{ join \"\\n\" {SOME} | quote }}}}"));
            });
        });
    })
}

fn name() -> String {
    object_name(SANDBOX) + "-requirements"
}

/// New packages replace the pods.
pub(super) fn checksum(yaml: &mut Yaml<'_>, component: &str) {
    if component == SANDBOX {
        yaml.when(SOME, |yaml| pod::checksum(yaml, "requirements", "sandbox/requirements.yaml"));
    }
}

/// The volume of the sandbox.
pub(super) fn volume(yaml: &mut Yaml<'_>, component: &str) {
    entry(yaml, component, &format!("{{name: requirements, configMap: {{name: {}}}}}", name()));
}

/// Where it is mounted: in place of the image's own file, beside the others of that folder.
pub(super) fn mount(yaml: &mut Yaml<'_>, component: &str) {
    let mount = format!("{{name: requirements, mountPath: {PATH}, subPath: {KEY}, readOnly: true}}");
    entry(yaml, component, &mount);
}

fn entry(yaml: &mut Yaml<'_>, component: &str, text: &str) {
    if component == SANDBOX {
        yaml.when(SOME, |yaml| yaml.entry(text));
    }
}
