//! Renders many value sets with one run of Helm, which parses the templates once: a fifth of the time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value, json};

use super::{Helm, Object, objects, root, text, value_sets};

/// What became of one value set.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rendered {
    /// Its objects.
    pub(crate) objects: Vec<Object>,
    /// The sentences with which the chart would have refused it.
    pub(crate) refusals: Vec<String>,
}

/// The same as Helm printed it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) refusals: Vec<String>,
}

/// Executes every other template with each set, and prints what came of it as a comment of one line.
const ALL: &str = r#"{{- $base := trimSuffix "/all.yaml" .Template.Name }}
{{- $chart := dict "Name" .Chart.Name "Version" .Chart.Version "AppVersion" .Chart.AppVersion }}
{{- range $name, $values := .Files.Get "sets.json" | fromJson }}
{{- $release := dict "Name" $name "Namespace" "dify" "Service" "Helm" "IsInstall" true "IsUpgrade" false "Revision" 1 }}
{{- range $path := $.Files.Get "templates.json" | fromJsonArray }}
{{- $root := dict "Values" $values "Release" $release "Chart" $chart "Capabilities" $.Capabilities "Files" $.Files }}
{{- $root = set $root "Template" (dict "BasePath" $base "Name" (print $base "/" $path)) }}
# {{ dict "set" $name "text" (include (print $base "/" $path) $root) | toJson }}
{{- end }}
{{- end }}
"#;

/// The chart, changed in one way: where it would refuse a set, which ends the render of all, it leaves a comment.
pub(crate) struct Many {
    folder: tempfile::TempDir,
    defaults: Value,
}

impl Many {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let copied = Command::new("cp").arg("-r").arg(root().join("chart")).arg(folder.path()).status();
        assert!(copied.expect("cp runs").success());
        let chart = folder.path().join("chart");
        std::fs::remove_file(chart.join("values.schema.json")).expect("the schema");
        let all = templates(&chart.join("templates"));
        for file in &all {
            let text = std::fs::read_to_string(file).expect("a template");
            let changed = text.replace("{{- fail ", "\n{{ printf \"# refused: %s\" ");
            std::fs::write(file, changed).expect("the changed template");
        }
        let paths = all.iter().filter(|file| file.extension().is_some_and(|ext| ext == "yaml"));
        let paths: Vec<_> =
            paths.map(|file| file.strip_prefix(chart.join("templates")).expect("inside")).collect();
        write(&chart.join("templates.json"), &json!(paths));
        std::fs::write(chart.join("templates/all.yaml"), ALL).expect("the template of all");
        let defaults = std::fs::read_to_string(chart.join("values.yaml")).expect("the defaults");
        Self { folder, defaults: serde_saphyr::from_str(&defaults).expect("YAML") }
    }

    /// Renders these sets, each as a release of its name.
    pub(crate) fn render(
        &self,
        helm: Helm,
        kubernetes: &str,
        sets: &[(String, Value)],
    ) -> Result<BTreeMap<String, Rendered>, String> {
        let finished = |(name, set): (String, Text)| {
            (name, Rendered { objects: objects(&set.text), refusals: set.refusals })
        };
        Ok(self.texts(helm, kubernetes, sets)?.into_iter().map(finished).collect())
    }

    /// The same, before it is read as YAML.
    pub(crate) fn texts(
        &self,
        helm: Helm,
        kubernetes: &str,
        sets: &[(String, Value)],
    ) -> Result<BTreeMap<String, Text>, String> {
        let chart = tempfile::tempdir().expect("a folder");
        for entry in std::fs::read_dir(self.folder.path().join("chart")).expect("the changed chart") {
            let entry = entry.expect("an entry");
            std::os::unix::fs::symlink(entry.path(), chart.path().join(entry.file_name())).expect("a link");
        }
        let values: Map<String, Value> = sets
            .iter()
            .map(|(name, set)| {
                let mut values = self.defaults.clone();
                overlay(&mut values, set);
                (name.clone(), values)
            })
            .collect();
        write(&chart.path().join("sets.json"), &Value::Object(values));
        let place = chart.path().to_string_lossy();
        let output =
            helm.run(&["template", "demo", &place, "--namespace", "dify", "--kube-version", kubernetes]);
        if !output.status.success() {
            return Err(text(&output.stderr));
        }
        Ok(apart(&text(&output.stdout), sets))
    }
}

/// As Helm lays the values of a user over the defaults: null takes a key away.
fn overlay(values: &mut Value, set: &Value) {
    match (values, set) {
        (Value::Object(values), Value::Object(set)) => {
            for (key, value) in set {
                if value.is_null() {
                    values.remove(key);
                } else {
                    overlay(values.entry(key).or_insert(Value::Null), value);
                }
            }
        }
        (values, set) => *values = set.clone(),
    }
}

fn templates(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.into_iter().flat_map(|path| if path.is_dir() { templates(&path) } else { vec![path] }).collect()
}

fn write(path: &Path, value: &Value) {
    std::fs::write(path, value.to_string()).expect("a written file");
}

/// Each set's own part of the output.
fn apart(output: &str, sets: &[(String, Value)]) -> BTreeMap<String, Text> {
    let mut parts: BTreeMap<String, Text> =
        sets.iter().map(|(name, _)| (name.clone(), Text::default())).collect();
    for line in output.lines().filter(|line| line.starts_with("# {")) {
        let said: Value = serde_json::from_str(&line[2..]).expect("JSON");
        let text = said["text"].as_str().expect("a text");
        let part = said["set"].as_str().and_then(|name| parts.get_mut(name)).expect("one of the sets");
        let refusals = text.lines().filter_map(|line| line.strip_prefix("# refused: "));
        part.refusals.extend(refusals.map(str::to_owned));
        part.text.push_str("\n---\n");
        part.text.push_str(text);
    }
    parts
}

/// The values of every value set.
pub(crate) fn set_values() -> Vec<(String, Value)> {
    let values = |arguments: &[String]| match arguments {
        [_, file] => {
            let text = std::fs::read_to_string(root().join(file)).expect("the set's values");
            serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
        }
        _ => json!({}),
    };
    value_sets().iter().map(|(name, arguments)| (name.clone(), values(arguments))).collect()
}
