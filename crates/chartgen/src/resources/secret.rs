//! The Secret of literal values. What the keys job makes is never here: Helm does not see it.

use std::collections::BTreeSet;

use topology::{Key, SHARED_KEYS, Source, When};

use crate::registry::Registry;
use crate::template::{File, Yaml};
use crate::wiring;

use super::statefulset::KEYS;
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

/// Picks of the literal secrets those of one component.
const LITERALS: &str = include_str!("../text/_literals.tpl");

/// The helper by which pods restart when a literal of theirs changes, and the table of who reads which.
pub(super) fn readers(registry: &Registry) -> File {
    let mut yaml = Yaml::new(registry);
    yaml.line("{{/* Written by chartgen: resources/secret.rs. */}}");
    LITERALS.lines().for_each(|line| yaml.line(line));
    yaml.line("");
    yaml.line("{{/* Who reads which literal secret. */}}");
    yaml.line("{{- define \"dify.literalReaders\" }}");
    for key in SHARED_KEYS {
        row(&mut yaml, key.name, |source, _| matches!(source, Source::Key(name) if name == key.name));
    }
    row(&mut yaml, wiring::NAMED_VECTOR_STORE, |_, when| matches!(when, When::Vector(_)));
    yaml.line("{{- end }}");
    File { path: "templates/_literals.tpl".to_owned(), text: yaml.finish() }
}

/// The components that read a variable of this kind.
fn row(yaml: &mut Yaml<'_>, name: &str, is_meant: impl Fn(Source, When) -> bool) {
    let meant = topology::variables().filter(|variable| is_meant(variable.source, variable.when));
    let mut readers: BTreeSet<&str> = meant.flat_map(|variable| variable.consumers.iter().copied()).collect();
    readers.extend(KEYS.iter().filter(|(_, key)| *key == name).map(|(store, _)| *store));
    let readers: Vec<&str> = readers.into_iter().collect();
    yaml.pair(name, format!("[{}]", readers.join(", ")));
}
