//! The Secret of literal values. What the keys job makes is never here: Helm does not see it.

use topology::{Key, SHARED_KEYS};

use crate::registry::Registry;
use crate::template::File;

use super::storage::AZURE_CONNECTION;
use super::{file, stable_head};

/// The Secret.
pub(super) fn template(registry: &Registry) -> File {
    let mut given: Vec<String> = SHARED_KEYS.iter().map(literal).collect();
    given.push("(include \"dify.vectorLiterals\" .)".to_owned());
    file(registry, "secrets", "secret", |yaml| {
        let condition = format!("or\n    {}", given.join("\n    "));
        yaml.when(&condition, |yaml| {
            stable_head(yaml, "Secret", "{{ include \"dify.fullname\" . }}-values", "secrets");
            yaml.pair("type", "Opaque");
            yaml.map("stringData", |yaml| {
                for key in SHARED_KEYS {
                    yaml.action(&format!("with {}", literal(key)));
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

/// Says the literal of a key, if there is one.
fn literal(key: &Key) -> String {
    if key.name == AZURE_CONNECTION {
        return "(include \"dify.azureConnection\" . | fromJson).value".to_owned();
    }
    format!(".Values.{}.value", key.setting)
}
