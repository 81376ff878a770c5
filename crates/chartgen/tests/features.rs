//! Every row of docs/features.md: its values and files exist, and its command succeeds.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use serde_json::Value;
use support::{in_parallel, root, text, tool};

/// How many rows there are.
const FEATURES: usize = 60;

struct Row {
    number: usize,
    name: String,
    answer: String,
    proof: String,
}

fn page() -> String {
    std::fs::read_to_string(root().join("docs/features.md")).expect("docs/features.md")
}

fn rows() -> Vec<Row> {
    let rows: Vec<Row> = page().lines().filter_map(row).collect();
    let numbers: Vec<usize> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=FEATURES).collect::<Vec<_>>());
    rows
}

/// A line of a table; a bar inside a cell is written `\|`.
fn row(line: &str) -> Option<Row> {
    let cells = line.replace("\\|", "\u{0}");
    let mut cells = cells.split('|').map(|cell| cell.trim().replace('\u{0}', "|")).skip(1);
    let number = cells.next()?.parse().ok()?;
    Some(Row { number, name: cells.next()?, answer: cells.next()?, proof: cells.next()? })
}

/// The pieces between backticks.
fn code(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// The commands of the page's first block: what `H` stands for.
fn prelude() -> String {
    let page = page();
    page.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block").to_owned()
}

fn succeeds(command: &str) -> Result<(), String> {
    let tools = tool("HELM_3", "helm");
    let tools = tools.parent().expect("a folder").display().to_string();
    let path = std::env::var("PATH").unwrap_or_default();
    let script = format!("set -euo pipefail\nPATH={tools}:$PATH\n{}\n{command}\n", prelude());
    let output = Command::new("bash")
        .args(["-c", &script])
        .env("PATH", path)
        .current_dir(root())
        .output()
        .expect("bash runs");
    let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
    if output.status.success() { Ok(()) } else { Err(format!("{command}: {}\n{said}", output.status)) }
}

/// The names of all tests in a folder.
fn tests_in(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            tests_in(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = std::fs::read_to_string(&path).expect("a source file");
            for part in source.split("#[test]").skip(1) {
                let name = part.split_once("fn ").and_then(|(_, rest)| rest.split('(').next());
                found.extend(name.map(str::to_owned));
            }
        }
    }
}

/// A test or a scenario that is named is run by its own suite; here it must be there.
fn named_test(command: &str) -> Option<Result<(), String>> {
    let (name, folders): (&str, &[&str]) = if let Some(name) = command.strip_prefix("./just e2e ") {
        (name, &["tests/lab/tests"])
    } else {
        (command.strip_prefix("cargo nextest run ")?, &["crates", "tests/bench"])
    };
    let mut found = BTreeSet::new();
    for folder in folders {
        tests_in(&root().join(folder), &mut found);
    }
    Some(if found.contains(name) { Ok(()) } else { Err(format!("no test {name} in {folders:?}")) })
}

#[test]
fn every_row_is_proven_by_what_it_says() {
    let rows = rows();
    let faults = Mutex::new(String::new());
    in_parallel(&rows, |row| {
        if row.proof == "not yet" {
            return;
        }
        let proofs = code(&row.proof);
        let mut complaint = String::new();
        if proofs.is_empty() {
            let _ = writeln!(complaint, "there is no command");
        }
        for proof in proofs {
            if let Err(fault) = named_test(proof).unwrap_or_else(|| succeeds(proof)) {
                let _ = writeln!(complaint, "{fault}");
            }
        }
        if !complaint.is_empty() {
            let _ = writeln!(faults.lock().expect("no poison"), "{} {}: {complaint}", row.number, row.name);
        }
    });
    let faults = faults.into_inner().expect("no poison");
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn every_value_and_file_of_an_answer_exists() {
    let schema = std::fs::read_to_string(root().join("chart/values.schema.json")).expect("the schema");
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    let mut faults = String::new();
    for row in rows() {
        assert!(!row.answer.is_empty(), "{} {}", row.number, row.name);
        for word in code(&row.answer) {
            // A path of values has dots, or at least a hump.
            let plain = word.chars().all(|c| c == '.' || c.is_ascii_alphanumeric());
            let value = plain && word.contains(|c: char| c == '.' || c.is_ascii_uppercase());
            let known = if word.contains('/') {
                root().join(word).exists()
            } else if value {
                let pointer =
                    word.split('.').fold(String::new(), |all, key| format!("{all}/properties/{key}"));
                schema.pointer(&pointer).is_some() || root().join(word).is_file()
            } else {
                true
            };
            if !known {
                let _ = writeln!(faults, "{} {}: `{word}` does not exist", row.number, row.name);
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
}
