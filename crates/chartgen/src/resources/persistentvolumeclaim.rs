//! Claims for files and databases that are kept on volumes.

use crate::registry::Registry;
use crate::template::{File, Yaml};
use crate::wiring::{OBJECT_STORE, enabled, section};

use super::deployment::object_name;
use super::{file, head_without_annotations};

/// The application's claim and the plugin daemon's, and those of the built-in stores.
pub(super) fn templates(registry: &Registry) -> Vec<File> {
    ["api", "plugin-daemon", "postgresql", "redis", "weaviate", "qdrant"]
        .into_iter()
        .map(|name| claim(registry, name))
        .collect()
}

/// When the claim is made: files are not in a bucket, the store is ours, and there is no claim of the user's.
fn condition(name: &str, persistence: &str) -> String {
    let existing = format!(".Values.{persistence}.existingClaim");
    let files = format!("not (or ({OBJECT_STORE}) {existing})");
    match enabled(name).map(|condition| (condition, condition.strip_prefix("not "))) {
        Some((_, Some(external))) => format!("not (or {external} {existing})"),
        Some((ours, None)) if name == "plugin-daemon" => format!("and {ours} ({files})"),
        Some((ours, None)) => format!("and {ours} (not {existing})"),
        None => files,
    }
}

fn claim(registry: &Registry, name: &str) -> File {
    let persistence = format!("{}.persistence", section(name));
    file(registry, name, "persistentvolumeclaim", |yaml| {
        yaml.when(&condition(name, &persistence), |yaml| {
            head_without_annotations(yaml, "v1", "PersistentVolumeClaim", &object_name(name), name);
            yaml.indented(|yaml| {
                yaml.map("annotations", |yaml| {
                    yaml.comment(
                        "Whoever removes the release may want it back: files and databases belong together.",
                    );
                    yaml.action("$keep := dict \"helm.sh/resource-policy\" \"keep\"");
                    let own = format!(".Values.{persistence}.annotations");
                    yaml.dump(&format!("(merge dict {own} .Values.commonAnnotations $keep)"));
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
    yaml.pair("storageClassName", "{{ ternary \"\" . (eq . \"-\") | quote }}");
    yaml.action("end");
    yaml.map("resources", |yaml| {
        yaml.map("requests", |yaml| yaml.value("storage", &format!("{persistence}.size")));
    });
}
