//! The secrets of the vector stores, as a helper: every pod of the application asks it for those of the one in use.

use topology::{Source, VECTOR_STORES, Variable, When, shared_key};

use crate::registry::Registry;
use crate::template::{File, Yaml};
use crate::wiring;

/// Which store there is, and what is given to one that the chart knows by its variables alone.
const HELPERS: &str = include_str!("../text/_vector.tpl");

/// The helpers. What is optional and not given is left out; the key of a built-in store is made where it is not given.
pub(super) fn template(registry: &Registry) -> File {
    let mut yaml = Yaml::new(registry);
    yaml.line("{{/* Written by chartgen: resources/vector.rs. */}}");
    HELPERS.lines().for_each(|line| yaml.line(line));
    yaml.line("");
    yaml.line("{{/* The secrets of the vector store that is enabled, by the names of their variables, as JSON. */}}");
    yaml.line("{{- define \"dify.vectorSecrets\" -}}");
    yaml.action("$secrets := dict");
    let stores: Vec<(&str, String)> =
        VECTOR_STORES.iter().filter_map(|section| Some((*section, given(section)?))).collect();
    for (position, (section, secrets)) in stores.iter().enumerate() {
        let word = if position == 0 { "if" } else { "else if" };
        yaml.action(&format!("{word} .Values.{section}.enabled"));
        yaml.action(&format!("$secrets = {secrets}"));
    }
    yaml.action("end");
    yaml.action("$made := or .Values.weaviate.enabled .Values.qdrant.enabled");
    yaml.action("range $name, $secret := $secrets");
    yaml.action("$secret = merge $secret (dict \"existingSecret\" dict)");
    yaml.when("not (or $made $secret.value $secret.existingSecret.name)", |yaml| {
        yaml.action("$secrets = unset $secrets $name");
    });
    yaml.action("end");
    yaml.action("toJson $secrets");
    yaml.action("end");
    File { path: "templates/_vector.tpl".to_owned(), text: yaml.finish() }
}

/// The secrets of a store as a dictionary, if it has any.
fn given(section: &'static str) -> Option<String> {
    if section == wiring::NAMED_VECTOR_STORE {
        return Some(format!("merge dict .Values.{section}.secrets"));
    }
    let of = |variable: &&Variable| variable.when == When::Vector(section) && variable.read_by("api");
    let secrets: Vec<String> = topology::variables()
        .filter(of)
        .filter_map(|variable| match variable.source {
            Source::Key(name) => Some(format!("\"{}\" .Values.{}", variable.name, shared_key(name)?.setting)),
            _ => None,
        })
        .collect();
    (!secrets.is_empty()).then(|| format!("dict {}", secrets.join("\n    ")))
}
