//! Reads the templates as Helm would and refuses what a later render would stumble over.

use std::collections::BTreeSet;

use crate::registry::{Kind, Registry};
use crate::template::File;

/// No line is longer.
const WIDTH: usize = 140;
/// No condition stands deeper.
const DEPTH: usize = 4;
/// No file has more helpers: a reader looks for them by topic.
const HELPERS: usize = 8;
/// No helper is longer, but for tables.
const HELPER_LINES: usize = 15;
/// Helpers with two lines for each store, which follow from the topology.
const TABLES: [&str; 3] = ["\"dify.literalReaders\"", "\"dify.objectStoreKeys\"", "\"dify.vectorSecrets\""];

/// What may stand in an action: the language of Go's templates, and functions that Helm 3.12 has.
const KNOWN: &[&str] = &[
    "if",
    "else",
    "end",
    "with",
    "range",
    "define",
    "include",
    "and",
    "or",
    "not",
    "eq",
    "ne",
    "gt",
    "lt",
    "len",
    "index",
    "print",
    "printf",
    "default",
    "quote",
    "int",
    "int64",
    "add",
    "mul",
    "toYaml",
    "toJson",
    "nindent",
    "indent",
    "trim",
    "trunc",
    "trimSuffix",
    "urlParse",
    "trimPrefix",
    "contains",
    "replace",
    "last",
    "join",
    "append",
    "has",
    "hasKey",
    "dig",
    "fromYaml",
    "fromJson",
    "unset",
    "semverCompare",
    "ternary",
    "list",
    "dict",
    "compact",
    "set",
    "merge",
    "mergeOverwrite",
    "deepCopy",
    "get",
    "hasKey",
    "has",
    "without",
    "sub",
    "max",
    "splitList",
    "fromYamlArray",
    "first",
    "append",
    "uniq",
    "regexFindAll",
    "concat",
    "omit",
    "sha256sum",
    "semverCompare",
    "regexFind",
    "regexMatch",
    "fail",
    "tpl",
    "lower",
    "hasPrefix",
    "true",
    "false",
];

/// All that is wrong with these files.
pub(crate) fn lint(registry: &Registry, files: &[File]) -> Vec<String> {
    let mut problems = Vec::new();
    let mut used = BTreeSet::new();
    for file in files.iter().filter(|file| file.path.starts_with("templates/")) {
        for problem in lines(&file.text) {
            problems.push(format!("{}: {problem}", file.path));
        }
        for word in words(&file.text) {
            if !KNOWN.contains(&word.as_str()) {
                problems.push(format!(
                    "{}: function `{word}` is not among those of Helm 3.12 in use here",
                    file.path
                ));
            }
        }
        for reference in references(&file.text) {
            if !known(registry, &reference) {
                problems.push(format!("{}: no value `{reference}`", file.path));
            }
            used.insert(reference);
        }
        if file.path.starts_with("templates/_") {
            problems
                .extend(helpers(&file.text).into_iter().map(|problem| format!("{}: {problem}", file.path)));
        }
    }
    for entry in registry.entries() {
        if entry.kind != Kind::Section && !used.iter().any(|reference| reads(reference, &entry.path)) {
            problems.push(format!("value `{}` is read by no template", entry.path));
        }
    }
    problems
}

/// Whether a reference reads this value: itself, a key below it, or the section that holds it.
fn reads(reference: &str, path: &str) -> bool {
    reference == path || path.strip_prefix(reference).is_some_and(|rest| rest.starts_with('.'))
}

fn known(registry: &Registry, reference: &str) -> bool {
    registry.get(reference).is_some()
}

/// Lengths of lines and depth of conditions.
fn lines(text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let mut depth = 0_usize;
    for (number, line) in text.lines().enumerate() {
        if line.chars().count() > WIDTH {
            problems.push(format!("line {} is longer than {WIDTH}: {}", number + 1, line.trim()));
        }
        for action in actions(line) {
            match action.split_whitespace().next() {
                Some("if" | "with" | "range") => depth += 1,
                // A helper's own end closes it; conditions are counted from there.
                Some("define") => depth = 1,
                Some("end") => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > DEPTH + 1 {
                problems.push(format!("line {}: more than {DEPTH} conditions inside each other", number + 1));
            }
        }
    }
    problems
}

/// Number and size of helpers.
fn helpers(text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let bodies: Vec<&str> = text.split("{{- define ").skip(1).collect();
    if bodies.len() > HELPERS {
        problems.push(format!("{} helpers, more than {HELPERS}", bodies.len()));
    }
    for body in bodies {
        let own = body.split("{{/*").next().unwrap_or(body).trim_end();
        // Without the first and the last line, which define and end it.
        let length = own.lines().count().saturating_sub(2);
        let name = body.split_whitespace().next().unwrap_or_default();
        if length > HELPER_LINES && !TABLES.contains(&name) {
            problems.push(format!("helper {name} has {length} lines, more than {HELPER_LINES}"));
        }
    }
    problems
}

/// The insides of all actions, without comments.
fn actions(text: &str) -> Vec<&str> {
    text.split("{{")
        .skip(1)
        .filter_map(|rest| rest.split("}}").next())
        .map(|action| action.trim_start_matches('-').trim_end_matches('-').trim())
        .filter(|action| !action.starts_with("/*"))
        .collect()
}

/// All paths below `.Values` that actions name.
pub(crate) fn references(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for action in actions(text) {
        for rest in action.split(".Values.").skip(1) {
            let path: String =
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '.' || *c == '_').collect();
            found.push(path.trim_end_matches('.').to_owned());
        }
    }
    found
}

/// All bare words of actions: keywords and functions.
fn words(text: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for action in actions(text) {
        let bare: String = action.split('"').step_by(2).collect::<Vec<_>>().join(" \" ");
        let mut word = String::new();
        let mut skip = false;
        for c in bare.chars().chain([' ']) {
            if c.is_ascii_alphanumeric() || c == '_' {
                word.push(c);
                continue;
            }
            if !skip && word.starts_with(|first: char| first.is_ascii_alphabetic()) {
                words.insert(word.clone());
            }
            word.clear();
            // What follows a dot is a field, what follows a dollar sign is a variable.
            skip = c == '.' || c == '$';
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_and_words_are_found() {
        let text = "{{- /* .Values.none */ -}}\n{{ $root.Values.api.replicas | quote }}\n\
                    {{ include \"lookup\" (list . .Values.image.api) }}";
        assert_eq!(references(text), ["api.replicas", "image.api"]);
        assert_eq!(words(text).into_iter().collect::<Vec<_>>(), ["include", "list", "quote"]);
    }

    #[test]
    fn each_rule_bites() {
        let registry = Registry::load().expect("the values");
        let file = |text: &str| File { path: "templates/x.yaml".to_owned(), text: text.to_owned() };
        let says = |text: &str, what: &str| {
            let problems = lint(&registry, &[file(text)]);
            assert!(problems.iter().any(|problem| problem.contains(what)), "{what}: {problems:?}");
        };
        says("{{ .Values.api.replica }}", "no value `api.replica`");
        says("{{ lookup \"v1\" \"Secret\" }}", "function `lookup`");
        says(&"x".repeat(141), "longer than 140");
        says(&"{{ if .Values.ingress.enabled }}\n".repeat(6), "more than 4 conditions");
        says("", "value `api.replicas` is read by no template");
    }
}
