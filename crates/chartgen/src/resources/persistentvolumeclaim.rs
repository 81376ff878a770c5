//! Claims for files and databases that are kept on volumes.

use crate::registry::Registry;
use crate::template::{File, Yaml};
use crate::wiring::{enabled, section};

use super::deployment::object_name;
use super::{file, head_without_annotations};

/// The application's claim and the plugin daemon's, and those of the built-in stores.
pub(super) fn templates(registry: &Registry) -> Vec<File> {
    ["api", "plugin-daemon", "postgresql", "redis"].into_iter().map(|name| claim(registry, name)).collect()
}

/// What makes the claim needless: files are in a bucket, or the store is not ours.
fn needless(name: &str) -> &str {
    let store = enabled(name).and_then(|condition| condition.strip_prefix("not "));
    store.unwrap_or(".Values.externalS3.enabled")
}

fn claim(registry: &Registry, name: &str) -> File {
    let persistence = format!("{}.persistence", section(name));
    file(registry, name, "persistentvolumeclaim", |yaml| {
        let condition = format!("not (or {} .Values.{persistence}.existingClaim)", needless(name));
        yaml.when(&condition, |yaml| {
            head_without_annotations(yaml, "v1", "PersistentVolumeClaim", &object_name(name), name);
            yaml.indented(|yaml| {
                yaml.map("annotations", |yaml| {
                    yaml.comment(
                        "Whoever removes the release may want it back: files and databases belong together.",
                    );
                    yaml.pair("helm.sh/resource-policy", "keep");
                    yaml.more("commonAnnotations");
                });
            });
            yaml.map("spec", |yaml| claim_spec(yaml, &persistence));
        });
    })
}

/// What is asked for.
fn claim_spec(yaml: &mut Yaml<'_>, persistence: &str) {
    yaml.pair("accessModes", format!("[{{{{ .Values.{persistence}.accessMode }}}}]"));
    yaml.action(&format!("with .Values.{persistence}.storageClass"));
    yaml.pair("storageClassName", "{{ . }}");
    yaml.action("end");
    yaml.map("resources", |yaml| {
        yaml.map("requests", |yaml| yaml.value("storage", &format!("{persistence}.size")));
    });
}
