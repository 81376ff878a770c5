//! The Secret of literal values. What the keys job makes is never here: Helm does not see it.

use topology::SHARED_KEYS;

use crate::registry::Registry;
use crate::template::File;

use super::{file, stable_head};

/// The Secret.
pub(super) fn template(registry: &Registry) -> File {
    let mut given: Vec<String> =
        SHARED_KEYS.iter().map(|key| format!(".Values.{}.value", key.setting)).collect();
    given.push("(include \"dify.vectorLiterals\" .)".to_owned());
    file(registry, "secrets", "secret", |yaml| {
        let condition = format!("or\n    {}", given.join("\n    "));
        yaml.when(&condition, |yaml| {
            stable_head(yaml, "Secret", "{{ include \"dify.fullname\" . }}-values", "secrets");
            yaml.pair("type", "Opaque");
            yaml.map("stringData", |yaml| {
                for key in SHARED_KEYS {
                    yaml.action(&format!("with .Values.{}.value", key.setting));
                    yaml.pair(key.name, "{{ . | quote }}");
                    yaml.action("end");
                }
                yaml.action("with include \"dify.vectorLiterals\" . | trim");
                yaml.action(". | nindent 2");
                yaml.action("end");
            });
        });
    })
}
