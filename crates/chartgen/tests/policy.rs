//! What policy linters say about every value set: nothing but what tests/chart/exceptions.toml gives a reason for.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::process::Command;

use serde_json::Value;
use support::many::{Many, set_values};
use support::{Helm, Object, objects, root, text, tool};

/// By check, the components that it was found in.
type Findings = BTreeMap<String, BTreeSet<String>>;

/// All objects of all value sets, one after the other.
fn everything() -> Vec<Object> {
    let rendered = Many::new().render(Helm::Newest, "1.30.0", &set_values()).expect("a render");
    rendered.into_values().flat_map(|set| set.objects).collect()
}

fn file(objects: &[Object]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::with_suffix(".yaml").expect("a file");
    let text: Vec<&str> = objects.iter().map(|object| object.text.as_str()).collect();
    std::fs::write(file.path(), text.join("---\n")).expect("the objects");
    file
}

/// Holds the findings of a tool against its part of the file of exceptions.
fn judge(tool: &str, mut findings: Findings) {
    let exceptions = std::fs::read_to_string(root().join("tests/chart/exceptions.toml")).expect("the file");
    let exceptions: toml::Table = exceptions.parse().expect("TOML");
    let mut complaints = String::new();
    for (check, exception) in exceptions[tool].as_table().expect("a table") {
        let reason = exception["reason"].as_str().expect("a reason");
        assert!(reason.ends_with('.') && reason.len() > 40, "{tool}.{check}: {reason}");
        let Some(found) = findings.remove(check) else {
            let _ = writeln!(complaints, "{check} is excepted, and nobody finds it");
            continue;
        };
        let Some(components) = exception.get("components").and_then(toml::Value::as_array) else { continue };
        let wanted: BTreeSet<String> =
            components.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect();
        if wanted != found {
            let _ = writeln!(complaints, "{check} is excepted for {wanted:?} and found in {found:?}");
        }
    }
    for (check, found) in findings {
        let _ = writeln!(complaints, "{check} in {found:?}");
    }
    assert!(complaints.is_empty(), "{tool}:\n{complaints}");
}

#[test]
fn kube_score_finds_nothing_without_a_reason() {
    let file = file(&everything());
    let output = Command::new(tool("KUBE_SCORE", "kube-score"))
        .args(["score", "--output-format", "json"])
        .arg(file.path())
        .output()
        .expect("kube-score runs");
    let scored: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let mut findings = Findings::new();
    let mut checked = 0;
    for object in scored.as_array().expect("a list") {
        let labels = &object["object_meta"]["labels"];
        let component = labels["app.kubernetes.io/component"].as_str().unwrap_or_default();
        for check in object["checks"].as_array().expect("checks") {
            checked += 1;
            // 10 is good, 7 almost.
            if check["skipped"] == false && check["grade"].as_u64().is_some_and(|grade| grade < 7) {
                let id = check["check"]["id"].as_str().expect("an id");
                findings.entry(id.to_owned()).or_default().insert(component.to_owned());
            }
        }
    }
    assert!(checked > 5000, "{checked} checks");
    judge("kube-score", findings);
}

#[test]
fn checkov_finds_nothing_without_a_reason() {
    let objects = everything();
    let components: BTreeMap<&str, &str> =
        objects.iter().map(|object| (object.name.as_str(), object.component())).collect();
    let file = file(&objects);
    let output = Command::new(tool("CHECKOV", "checkov"))
        .args(["--framework", "kubernetes", "--output", "json", "--skip-download", "--compact", "--quiet"])
        .arg("--file")
        .arg(file.path())
        .output()
        .expect("checkov runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["summary"]["parsing_errors"], 0);
    assert!(
        report["summary"]["passed"].as_u64().is_some_and(|passed| passed > 5000),
        "{}",
        report["summary"]
    );
    let mut findings = Findings::new();
    for finding in report["results"]["failed_checks"].as_array().expect("a list") {
        let id = finding["check_id"].as_str().expect("an id");
        let name = finding["resource"].as_str().and_then(|name| name.rsplit('.').next()).expect("a name");
        let component = components.get(name).copied().unwrap_or_default();
        findings.entry(id.to_owned()).or_default().insert(component.to_owned());
    }
    judge("checkov", findings);
}

#[test]
fn yamllint_is_silent() {
    let file = file(&objects(&Helm::Newest.render(&[])));
    let output = Command::new("yamllint")
        .args(["--strict", "--format", "parsable", "--config-file", "tests/chart/yamllint.yaml"])
        .args(["chart/Chart.yaml", "chart/values.yaml", "examples", "tests/chart/sets"])
        .arg(file.path())
        .current_dir(root())
        .output()
        .expect("yamllint runs");
    assert!(output.status.success(), "{}", text(&output.stdout));
}
