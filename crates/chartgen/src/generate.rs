//! Writes the chart, or proves that it is current.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::graph::{self, Format};
use crate::registry::Registry;
use crate::template::File;
use crate::{Error, lint, packaging, reference, resources, schema, values_yaml};

/// The page of values, next to the chart's folder.
const REFERENCE: &str = "../docs/values.md";
/// The start order, as a picture and as a page around it.
const GRAPH: &str = "../docs/graph.svg";
const GRAPH_PAGE: &str = "../docs/graph.md";

/// Helpers that are written by hand, by topic. Those of object stores and of vector stores stand with what is generated.
const HELPERS: &[(&str, &str)] = &[
    ("_databases.tpl", include_str!("text/_databases.tpl")),
    ("_helpers.tpl", include_str!("text/_helpers.tpl")),
    ("_pods.tpl", include_str!("text/_pods.tpl")),
    ("_redis.tpl", include_str!("text/_redis.tpl")),
    ("_secrets.tpl", include_str!("text/_secrets.tpl")),
    ("_trust.tpl", include_str!("text/_trust.tpl")),
];

/// All files of the chart, sorted by path.
pub(crate) fn files(registry: &Registry) -> Result<Vec<File>, Error> {
    let mut files = resources::templates(registry)?;
    let mut add = |path: &str, text: String| files.push(File { path: path.to_owned(), text });
    add("Chart.yaml", packaging::chart_yaml(registry));
    add("README.md", packaging::readme(registry));
    add("values.yaml", values_yaml::values_yaml(registry));
    add("values.schema.json", serde_json::to_string_pretty(&schema::schema())? + "\n");
    add(".helmignore", "*.swp\n*.orig\n.DS_Store\n".to_owned());
    for (name, text) in HELPERS {
        add(&format!("templates/{name}"), (*text).to_owned());
    }
    add("templates/NOTES.txt", include_str!("text/NOTES.txt").to_owned());
    add("files/vector-stores.yaml", vector_stores());
    add("files/published-secrets.txt", plugin_keys::PUBLISHED.join("\n") + "\n");
    add(REFERENCE, reference::reference(registry));
    add(GRAPH, graph::graph(Format::Svg)?);
    add(GRAPH_PAGE, graph::page()?);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let problems = lint::lint(registry, &files);
    if problems.is_empty() { Ok(files) } else { Err(Error::Lint(problems)) }
}

/// Which variables each store of `externalVectorStore` has; the templates refuse all others.
fn vector_stores() -> String {
    let mut text = String::from(
        "# The variables that Dify reads for each store of externalVectorStore. Written by chartgen; change them in\n\
         # crates/topology/src/env/vector/other.rs.\n",
    );
    for store in topology::OTHER_STORES {
        let _ = writeln!(text, "{}:", store.name);
        let _ = writeln!(text, "  since: {}", store.since.unwrap_or("0.0.0"));
        let settings: Vec<&str> = store.plain().collect();
        for (key, names) in
            [("required", store.required), ("settings", settings.as_slice()), ("secrets", store.secrets)]
        {
            let _ = writeln!(text, "  {key}:");
            for name in names {
                let _ = writeln!(text, "    - {name}");
            }
        }
    }
    text
}

/// Writes the chart into this folder and removes templates that are no longer written.
pub(crate) fn write(out: &Path) -> Result<String, Error> {
    let files = files(&Registry::load()?)?;
    for path in surplus(out, &files)? {
        let path = out.join(path);
        fs::remove_file(&path).map_err(|source| io(&path, source))?;
    }
    for file in &files {
        let path = out.join(&file.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|source| io(folder, source))?;
        }
        fs::write(&path, &file.text).map_err(|source| io(&path, source))?;
    }
    Ok(format!("{} files written to {}", files.len(), out.display()))
}

/// Fails unless the folder holds exactly what would be written.
pub(crate) fn check(out: &Path) -> Result<String, Error> {
    let files = files(&Registry::load()?)?;
    let mut drift: Vec<String> =
        surplus(out, &files)?.into_iter().map(|path| format!("{path} is not written any more")).collect();
    for file in &files {
        match fs::read_to_string(out.join(&file.path)) {
            Ok(text) if text == file.text => {}
            Ok(text) => drift.push(first_difference(&file.path, &text, &file.text)),
            Err(_) => drift.push(format!("{} is missing", file.path)),
        }
    }
    if drift.is_empty() { Ok(format!("{} files are current", files.len())) } else { Err(Error::Drift(drift)) }
}

fn first_difference(path: &str, old: &str, new: &str) -> String {
    let line = old.lines().zip(new.lines()).position(|(a, b)| a != b);
    let line = line.unwrap_or_else(|| old.lines().count().min(new.lines().count()));
    format!("{path} differs from line {}", line + 1)
}

/// Templates in the folder that the generator does not write.
fn surplus(out: &Path, files: &[File]) -> Result<Vec<String>, Error> {
    let mut found = BTreeSet::new();
    walk(&out.join("templates"), "templates", &mut found)?;
    Ok(found.into_iter().filter(|path| !files.iter().any(|file| &file.path == path)).collect())
}

fn walk(folder: &Path, name: &str, found: &mut BTreeSet<String>) -> Result<(), Error> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder).map_err(|source| io(folder, source))? {
        let entry = entry.map_err(|source| io(folder, source))?;
        let path = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            walk(&entry.path(), &path, found)?;
        } else {
            found.insert(path);
        }
    }
    Ok(())
}

fn io(path: &Path, source: std::io::Error) -> Error {
    Error::Io { path: path.display().to_string(), source }
}
