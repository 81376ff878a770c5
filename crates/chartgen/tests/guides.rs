//! The guides: what they tell people to type works on this chart, what they quote is said, what they point at is there.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::{Helm, Object, objects, root};

/// What a line of a shell may begin with beside the commands that are looked at.
const TRUSTED: &[&str] = &["helm get", "helm test", "helm uninstall", "helm rollback", "diff ", "jq "];

fn pages() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    find(&root().join("docs/guides"), &mut found);
    found.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a page");
        (path, text)
    };
    found.into_iter().map(read).collect()
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            find(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

/// The insides of all fences in this language.
fn fences<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let opening = format!("```{language}\n");
    text.split(&opening).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// The commands of a fence: a line that ends with a backslash or a bar goes on below.
fn commands(fence: &str) -> Vec<String> {
    let joined = fence.replace("\\\n", " ").replace("|\n", "| ");
    let mut all: Vec<String> = Vec::new();
    for line in joined.lines().filter(|line| !line.trim().is_empty()) {
        match all.last_mut() {
            Some(last) if line.starts_with(' ') || line.starts_with("done") => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => all.push(line.to_owned()),
        }
    }
    all
}

/// `helm install`, `upgrade` and `template` render with the values that the command names; the reader's own files are left out.
fn helm(command: &str) -> Result<(), String> {
    let mut words = command.split_whitespace().skip(4).peekable();
    let mut arguments: Vec<&str> = Vec::new();
    while let Some(word) = words.next() {
        match word {
            "--values" => {
                let file = words.next().unwrap_or_default();
                if root().join(file).exists() {
                    arguments.extend(["--values", file]);
                }
            }
            "--set" => arguments.extend(["--set", words.next().unwrap_or_default()]),
            "--namespace" => drop(words.next()),
            "--create-namespace" | "--install" => {}
            "--skip-tests" => arguments.push(word),
            ">" => break,
            other => return Err(format!("{command}: the test does not know {other}")),
        }
    }
    let output = Helm::Newest.template(&arguments);
    if output.status.success() {
        Ok(())
    } else {
        Err(format!("{command}: {}", support::text(&output.stderr)))
    }
}

/// The names behind an option, such as `--container gate`.
fn option<'c>(command: &'c str, name: &str) -> Option<&'c str> {
    command.split_once(&format!("{name} ")).and_then(|(_, rest)| rest.split_whitespace().next())
}

fn containers(object: &Object) -> BTreeSet<String> {
    let Some(pod) = object.pod() else { return BTreeSet::new() };
    ["initContainers", "containers"]
        .iter()
        .filter_map(|list| pod[*list].as_array())
        .flatten()
        .filter_map(|container| container["name"].as_str().map(str::to_owned))
        .collect()
}

/// An object that a command of kubectl names is in the render of the release `dify`, and so is the container.
fn kubectl(command: &str, all: &[Object]) -> Result<(), String> {
    let named: Vec<(&str, &str)> = command
        .split_whitespace()
        .filter_map(|word| word.split_once('/'))
        .filter(|(kind, _)| ["deployment", "service", "statefulset"].contains(kind))
        .collect();
    let mut meant: Vec<&Object> = Vec::new();
    for (kind, name) in &named {
        let is_it = |object: &&Object| object.kind.eq_ignore_ascii_case(kind) && object.name == *name;
        meant.push(all.iter().find(is_it).ok_or_else(|| format!("{command}: no {kind}/{name}"))?);
    }
    if let Some(selector) = option(command, "--selector").and_then(|words| words.split_once('='))
        && selector.0.ends_with("component")
    {
        let of = |object: &&Object| object.component() == selector.1 && object.pod().is_some();
        meant.push(all.iter().find(of).ok_or_else(|| format!("{command}: no pods of {}", selector.1))?);
    }
    if let (Some(container), Some(object)) = (option(command, "--container"), meant.first())
        && !containers(object).contains(container)
    {
        return Err(format!("{command}: {} has no container {container}", object.key()));
    }
    Ok(())
}

/// A tool of ours takes these arguments: it gets as far as its own work, or says what it was not told.
fn chartgen(command: &str) -> Result<(), String> {
    let arguments = command.split_whitespace().skip(1);
    let output = Command::new(env!("CARGO_BIN_EXE_chartgen"))
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("it");
    if output.status.success() {
        Ok(())
    } else {
        Err(format!("{command}: {}", support::text(&output.stderr)))
    }
}

fn works(command: &str, all: &[Object]) -> Result<(), String> {
    if TRUSTED.iter().any(|known| command.starts_with(known)) {
        return Ok(());
    }
    if ["helm install dify ./chart", "helm upgrade dify ./chart", "helm template dify ./chart"]
        .iter()
        .any(|start| command.starts_with(start))
    {
        return helm(command);
    }
    if command.starts_with("kubectl ") {
        return command.split(" | ").try_for_each(|part| kubectl(part, all));
    }
    if command.starts_with("chartgen ") {
        return chartgen(command);
    }
    let tool = command.split_whitespace().find(|word| !word.contains('=')).unwrap_or_default();
    if root().join("docs").join(format!("{tool}.md")).exists() {
        return Ok(());
    }
    Err(format!("{command}: the test does not know it"))
}

#[test]
fn every_command_of_a_guide_fits_the_chart() {
    let rendered = Helm::Newest.run(&["template", "dify", "chart", "--namespace", "dify"]);
    assert!(rendered.status.success(), "{}", support::text(&rendered.stderr));
    let all = objects(&support::text(&rendered.stdout));
    let mut count = 0;
    for (path, text) in pages() {
        for command in fences(&text, "sh").into_iter().flat_map(commands) {
            count += 1;
            works(&command, &all).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        }
    }
    assert!(count > 30, "{count}");
}

#[test]
fn every_piece_of_values_in_a_guide_renders() {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in pages() {
        for (number, fence) in fences(&text, "yaml").into_iter().enumerate() {
            if fence.contains("kind: ") {
                continue;
            }
            let file = folder.path().join(format!("{number}.yaml"));
            std::fs::write(&file, fence).expect("a file");
            // A part of a whole may demand the rest: of a Sentinel's values, its own.
            let output = Helm::Newest.template(&["--values", &file.to_string_lossy()]);
            assert!(output.status.success(), "{}: {}", path.display(), support::text(&output.stderr));
        }
    }
}

/// The values inside the objects of Argo CD and Flux.
#[test]
fn the_values_of_the_recipes_render() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = std::fs::read_to_string(root().join("docs/guides/gitops.md")).expect("the page");
    let found: Vec<serde_json::Value> = fences(&text, "yaml")
        .into_iter()
        .flat_map(|fence| fence.split("\n---\n"))
        .map(|part| serde_saphyr::from_str(part).unwrap_or_else(|error| panic!("{error}\n{part}")))
        .collect();
    let paths = ["/spec/source/helm/valuesObject", "/spec/values"];
    let values: Vec<&serde_json::Value> =
        found.iter().flat_map(|object| paths.iter().filter_map(|path| object.pointer(path))).collect();
    assert_eq!(values.len(), 2);
    for values in values {
        let file = folder.path().join("values.json");
        std::fs::write(&file, values.to_string()).expect("a file");
        Helm::Newest.render(&["--values", &file.to_string_lossy()]);
    }
}

/// Whether a sentence is one that the page of a tool lists; `\*` stands there for what differs.
fn is_said(sentence: &str, pages: &str) -> bool {
    pages.lines().filter_map(|line| line.split('|').nth(2)).any(|cell| {
        let mut rest = sentence;
        let pieces: Vec<&str> = cell.trim().split("\\*").filter(|piece| piece.len() > 3).collect();
        let all =
            pieces.iter().all(|piece| match rest.find(piece.split("; warns").next().unwrap_or(piece)) {
                Some(at) => {
                    rest = &rest[at..];
                    true
                }
                None => false,
            });
        all && pieces.iter().map(|piece| piece.len()).sum::<usize>() > 12
    })
}

#[test]
fn every_sentence_that_a_guide_quotes_is_said_by_a_tool() {
    let tools = ["db-migrate", "redis-check", "storage-bootstrap", "vector-probe", "plugin-keys", "gate"];
    let pages: String = tools
        .iter()
        .map(|tool| std::fs::read_to_string(root().join(format!("docs/{tool}.md"))).expect("a page"))
        .collect();
    let guide = std::fs::read_to_string(root().join("docs/guides/troubleshoot.md")).expect("the guide");
    let table =
        guide.split("| it says |").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("a table");
    let quoted: Vec<&str> =
        table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert!(quoted.len() > 8, "{quoted:?}");
    for sentence in quoted {
        assert!(is_said(sentence, &pages), "no tool says: {sentence}");
    }
    assert!(!is_said("the moon is full", &pages));
}

#[test]
fn every_link_of_a_guide_leads_somewhere() {
    for (path, text) in pages() {
        for (at, _) in text.match_indices("](") {
            let target: String = text[at + 2..].chars().take_while(|c| *c != ')' && *c != '#').collect();
            let folder = path.parent().expect("a folder");
            let exists = target.is_empty() || target.contains("://") || folder.join(&target).exists();
            assert!(exists, "{} points at {target}", path.display());
        }
    }
}
