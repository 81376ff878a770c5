//! Renders many value sets with one Helm: a chart that has this one as a dependency once for each set. A third of the time.

use std::collections::BTreeMap;
use std::path::Path;
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

/// The chart, changed in one way: where it would refuse a set, which ends the render of all, it leaves a comment.
pub(crate) struct Many {
    folder: tempfile::TempDir,
}

impl Many {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let charts = folder.path().join("charts");
        std::fs::create_dir(&charts).expect("a folder");
        let copied = Command::new("cp").arg("-r").arg(root().join("chart")).arg(charts.join("dify")).status();
        assert!(copied.expect("cp runs").success());
        let validation = charts.join("dify/templates/validation/validation.yaml");
        let template = std::fs::read_to_string(&validation).expect("the template of refusals");
        std::fs::write(&validation, template.replace("{{- fail ", "\n{{ printf \"# refused: %s\" "))
            .expect("the changed template");
        Self { folder }
    }

    /// Renders these sets, named as charts may be.
    pub(crate) fn render(
        &self,
        helm: Helm,
        kubernetes: &str,
        sets: &[(String, Value)],
    ) -> Result<BTreeMap<String, Rendered>, String> {
        let chart = tempfile::tempdir().expect("a folder");
        let path = chart.path();
        std::os::unix::fs::symlink(self.folder.path().join("charts"), path.join("charts")).expect("a link");
        let dependencies: Vec<Value> = sets
            .iter()
            .map(|(name, _)| json!({"name": "dify", "version": ">=0.0.0-0", "alias": name}))
            .collect();
        let values: Map<String, Value> = sets.iter().cloned().collect();
        let about =
            json!({"apiVersion": "v2", "name": "many", "version": "0.1.0", "dependencies": dependencies});
        write(&path.join("Chart.yaml"), &about);
        write(&path.join("values.yaml"), &Value::Object(values));
        let place = path.to_string_lossy();
        let output =
            helm.run(&["template", "demo", &place, "--namespace", "dify", "--kube-version", kubernetes]);
        if !output.status.success() {
            return Err(text(&output.stderr));
        }
        Ok(apart(&text(&output.stdout), sets))
    }
}

fn write(path: &Path, value: &Value) {
    std::fs::write(path, value.to_string()).expect("a written file");
}

/// Each set's own part of the output: Helm says above every object which chart it comes from.
fn apart(output: &str, sets: &[(String, Value)]) -> BTreeMap<String, Rendered> {
    let mut parts: BTreeMap<&str, (String, Rendered)> =
        sets.iter().map(|(name, _)| (name.as_str(), Default::default())).collect();
    for document in format!("\n{output}").split("\n---\n").skip(1) {
        let source = document.strip_prefix("# Source: many/charts/").expect("its source");
        let name = source.split('/').next().unwrap_or_default();
        let (part, rendered) = parts.get_mut(name).expect("one of the sets");
        let refusals = document.lines().filter_map(|line| line.strip_prefix("# refused: "));
        rendered.refusals.extend(refusals.map(str::to_owned));
        part.push_str("\n---\n");
        part.push_str(document);
    }
    let finished = |(name, (text, rendered)): (&str, (String, Rendered))| {
        (name.to_owned(), Rendered { objects: objects(&text), ..rendered })
    };
    parts.into_iter().map(finished).collect()
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
