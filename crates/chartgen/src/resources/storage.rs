//! The keys of the stores of objects, as a helper: every pod that opens the one in use asks it.

use topology::{OBJECT_STORES, Source, Variable, When, shared_key};

use crate::registry::Registry;
use crate::template::{File, Yaml};
use crate::wiring;

/// Text of the helpers that need no list.
const HELPERS: &str = include_str!("../text/_storage.tpl");

/// The helpers.
pub(super) fn template(registry: &Registry) -> File {
    let mut yaml = Yaml::new(registry);
    yaml.line("{{/* Written by chartgen: resources/storage.rs. */}}");
    yaml.line("{{/* The stores of objects that are enabled: one at most, or the values are refused. */}}");
    yaml.line("{{- define \"dify.objectStore\" -}}");
    yaml.line("{{- $enabled := list -}}");
    let names: Vec<String> = OBJECT_STORES.iter().map(|section| format!("{section:?}")).collect();
    let (first, rest) = names.split_at(names.len() / 2);
    yaml.line(&format!("{{{{- range list {}\n    {} -}}}}", first.join(" "), rest.join(" ")));
    yaml.line("{{- if (index $.Values .).enabled }}{{ $enabled = append $enabled . }}{{ end -}}");
    yaml.line("{{- end -}}");
    yaml.line("{{- join \" and \" $enabled -}}");
    yaml.line("{{- end }}");
    yaml.line("");
    for line in HELPERS.lines() {
        yaml.line(line);
    }
    yaml.line("");
    yaml.line("{{/* The keys of the store in use, as JSON: for the api, for the plugin daemon, and for a job that does the work of");
    yaml.line("both, the name of each variable, the key in its Secret, and the secret. */}}");
    yaml.line("{{- define \"dify.objectStoreKeys\" -}}");
    yaml.action("$api := dict");
    yaml.action("$daemon := dict");
    for (position, section) in OBJECT_STORES.iter().enumerate() {
        let word = if position == 0 { "if" } else { "else if" };
        yaml.action(&format!("{word} {}", wiring::with_keys(section)));
        for (variable, side) in [("$api", "api"), ("$daemon", "plugin-daemon")] {
            yaml.action(&format!("{variable} = {}", keys(section, side)));
        }
    }
    yaml.action("end");
    yaml.action("toJson (dict \"api\" $api \"daemon\" $daemon \"both\" (merge dict $api $daemon))");
    yaml.action("end");
    File { path: "templates/_storage.tpl".to_owned(), text: yaml.finish() }
}

/// The keys of a store that this side reads, as a dictionary.
fn keys(section: &'static str, side: &str) -> String {
    let of = |variable: &&Variable| variable.when == When::ObjectStoreKeys(section) && variable.read_by(side);
    let keys: Vec<String> = topology::variables().filter(of).filter_map(key).collect();
    format!("dict\n    {}", keys.join("\n    "))
}

fn key(variable: &Variable) -> Option<String> {
    let Source::Key(name) = variable.source else { return None };
    let secret = match name {
        AZURE_CONNECTION => "(include \"dify.azureConnection\" . | fromJson)".to_owned(),
        _ => format!(".Values.{}", shared_key(name)?.setting),
    };
    // Two lines where one would be too long to read.
    let gap = if name.len() > 30 { "\n        " } else { " " };
    Some(format!("{:?} (dict \"key\" {name:?}{gap}\"secret\" {secret})", variable.name))
}

/// The one secret that the chart can put together from another.
pub(super) const AZURE_CONNECTION: &str = "AZURE_BLOB_STORAGE_CONNECTION_STRING";
