//! The committed chart is what the generator writes.

#![allow(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod support;

use std::process::Command;

fn chartgen(arguments: &[&str]) -> (bool, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_chartgen"))
        .args(arguments)
        .current_dir(support::root())
        .output()
        .expect("chartgen runs");
    (output.status.success(), support::text(&output.stdout), support::text(&output.stderr))
}

#[test]
fn the_committed_chart_is_current() {
    let (good, _, complaint) = chartgen(&["generate", "--check"]);
    assert!(good, "{complaint}");
}

#[test]
fn drift_is_named_by_file_and_line() {
    let folder = std::env::temp_dir().join(format!("chartgen-drift-{}", std::process::id()));
    let out = folder.join("chart");
    let out_text = out.to_string_lossy().into_owned();
    assert!(chartgen(&["generate", "--out", &out_text]).0);
    std::fs::write(out.join("templates/api/service.yaml"), "kind: Other\n").expect("a changed file");
    std::fs::write(out.join("templates/old.yaml"), "").expect("a surplus file");
    std::fs::remove_file(out.join("templates/web/service.yaml")).expect("a missing file");
    let (good, _, complaint) = chartgen(&["generate", "--out", &out_text, "--check"]);
    assert!(!good);
    for what in [
        "templates/api/service.yaml differs from line 1",
        "templates/old.yaml is not written any more",
        "templates/web/service.yaml is missing",
    ] {
        assert!(complaint.contains(what), "{complaint}");
    }
    assert!(chartgen(&["generate", "--out", &out_text]).0);
    assert!(chartgen(&["generate", "--out", &out_text, "--check"]).0);
    std::fs::remove_dir_all(folder).expect("cleaning up");
}

#[test]
fn explain_says_what_a_value_does_and_who_reads_it() {
    let (good, says, _) = chartgen(&["explain", "externalPostgres.address"]);
    assert!(good);
    for what in ["Host name or address", "templates/api/configmap.yaml", "becomes DB_HOST in api"] {
        assert!(says.contains(what), "{says}");
    }
    for (key, what) in [
        ("externalPostgres.port", "at most: 65535"),
        ("preflight.deadline", "must match: ^"),
        ("externalQdrant.apiKey", "becomes QDRANT_API_KEY in api"),
        ("externalRedis.password.existingSecret.name", "becomes REDIS_PASSWORD in"),
        ("api.replicas", "default: 1"),
        ("preflight.mode", "one of: gate, separate"),
    ] {
        let (good, says, _) = chartgen(&["explain", key]);
        assert!(good && says.contains(what), "{key}: {says}");
    }
    let (good, _, complaint) = chartgen(&["explain", "api.replica"]);
    assert!(!good);
    assert!(complaint.contains("no value `api.replica`; the nearest is `api.replicas`"), "{complaint}");
}

#[test]
fn the_graph_is_the_committed_one() {
    for (format, file) in [("svg", "docs/graph.svg"), ("mermaid", "docs/graph.md")] {
        let (good, drawn, _) = chartgen(&["graph", "--format", format]);
        let committed = std::fs::read_to_string(support::root().join(file)).expect("a committed file");
        assert!(good && committed.contains(drawn.trim()), "{file}");
    }
}
