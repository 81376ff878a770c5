//! Variables that a container would have and the check before it would not: what was proven is then not what is used.

use std::collections::BTreeSet;

use topology::SetBy;

use crate::registry::Registry;
use crate::template::{File, Yaml};

use super::super::file;

/// The sections whose containers start after a check, or are one.
const CHECKED: &str = "list \"global\" \"api\" \"apiWebsocket\" \"worker\" \"beat\" \"pluginDaemon\" \"agentBackend\" \"migration\"";

/// Columns of a line of the template.
const WIDTH: usize = 120;

/// Refuses each of them, naming the value that sets it for both.
pub(in crate::resources) fn template(registry: &Registry) -> File {
    file(registry, "validation", "extra-env", write)
}

fn write(yaml: &mut Yaml<'_>) {
    yaml.line("{{- $proven := dict");
    for (by, names) in topology::proven_variables() {
        yaml.line(&format!("    \"{}\" (list", instead(&by)));
        for line in wrapped(&names) {
            yaml.line(&format!("      {line}"));
        }
        yaml.line("    )");
    }
    yaml.line("}}");
    yaml.action("$sections := dict");
    yaml.action(&format!("range $section := {CHECKED}"));
    yaml.action("$_ := set $sections $section (get $.Values $section)");
    yaml.action("end");
    yaml.action("range $name, $pool := .Values.workerPools");
    yaml.action("$_ := set $sections (print \"workerPools.\" $name) $pool");
    yaml.action("end");
    yaml.action("range $section, $values := $sections");
    yaml.action("range $one := (default dict $values).extraEnv");
    yaml.action("range $instead, $names := $proven");
    yaml.when("has $one.name $names", |yaml| {
        let sentence = "%s.extraEnv sets %s, which the checks before a start would not see: %s";
        yaml.line(&format!("{{{{- fail (printf \"{sentence}\" $section $one.name $instead) }}}}"));
    });
    for _ in 0..3 {
        yaml.action("end");
    }
}

/// What to do in its place.
fn instead(by: &SetBy) -> String {
    let SetBy::Sections(sections) = by else { return "it is the chart's to set".to_owned() };
    let all: Vec<&str> = sections.iter().copied().collect();
    match all.as_slice() {
        [first, _, _, ..] => format!("use the values of your store, such as {first}"),
        few => format!("use {}", few.join(" or ")),
    }
}

/// The names in quotes, as many in a line as fit.
fn wrapped(names: &BTreeSet<&str>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for name in names {
        let quoted = format!("\"{name}\"");
        match lines.last_mut() {
            Some(line) if line.len() + quoted.len() < WIDTH => {
                line.push(' ');
                line.push_str(&quoted);
            }
            _ => lines.push(quoted),
        }
    }
    lines
}
