//! The four everyday changes of CONTRIBUTING.md: each diff applies as it stands there, and the generator makes of it what is promised.
//! Only `just chart-test` and `just test` run this: it builds the generator from a copy of the workspace.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use support::{root, text};

/// Prints the releases that the changed topology knows.
const RELEASES: &str = "//! Lists the releases.\n\nfn main() {\n    for release in topology::RELEASES {\n        \
    println!(\"{}\", release.version);\n    }\n}\n";

/// The diffs in their order: a value, a variable, a component, a release.
fn diffs() -> Vec<String> {
    let page = fs::read_to_string(root().join("CONTRIBUTING.md")).expect("the page");
    let fenced = page.split("```diff\n").skip(1);
    fenced.map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// A copy of the workspace's files, always at the same place, with their times: what did not change is not built again.
fn copy() -> PathBuf {
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("everyday/workspace");
    if copy.exists() {
        fs::remove_dir_all(&copy).expect("the old copy");
    }
    fs::create_dir_all(&copy).expect("a folder");
    let script = "git ls-files --cached --others --exclude-standard -- ':!tests/chart' ':!docs/man' | \
        tar --create --files-from=- --ignore-failed-read | tar --extract --directory \"$1\"";
    let copied = Command::new("sh").args(["-ec", script, "sh"]).arg(&copy).current_dir(root()).status();
    assert!(copied.expect("sh runs").success());
    copy
}

fn run(program: &str, arguments: &[&str], folder: &Path, input: &str) -> String {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("everyday/target"));
    // The copy lies in the checkout and is none.
    command.env("GIT_CEILING_DIRECTORIES", folder.parent().expect("a folder"));
    let mut child = command.spawn().expect("it runs");
    child.stdin.take().expect("its input").write_all(input.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{program} {arguments:?}: {}\n{input}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn each_everyday_change_is_ten_lines_and_does_what_it_says() {
    let diffs = diffs();
    assert_eq!(diffs.len(), 4);
    let copy = copy();
    for diff in &diffs {
        let changed = diff.lines().filter(|line| {
            (line.starts_with('+') || line.starts_with('-'))
                && !line.starts_with("+++")
                && !line.starts_with("---")
        });
        assert!(changed.count() <= 12, "{diff}");
        run("git", &["apply", "-"], &copy, diff);
    }
    run("cargo", &["run", "--quiet", "--offline", "-p", "chartgen", "--", "generate"], &copy, "");
    let read =
        |path: &str| fs::read_to_string(copy.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));

    // The value.
    assert!(read("chart/values.yaml").contains("\n  keepaliveSeconds: 65\n"));
    let schema: Value = serde_json::from_str(&read("chart/values.schema.json")).expect("JSON");
    assert_eq!(schema["properties"]["proxy"]["properties"]["keepaliveSeconds"]["maximum"], 3600);
    assert!(read("docs/values.md").contains("Seconds that nginx keeps an idle connection"));
    assert!(
        read("chart/templates/nginx/configmap.yaml")
            .contains("keepalive_timeout {{ .Values.proxy.keepaliveSeconds }}s;")
    );

    // The variable: of the api's ConfigMap, which worker and beat share, and of no other.
    let line = "WORKFLOW_MAX_EXECUTION_STEPS: \"500\"";
    assert!(read("chart/templates/api/configmap.yaml").contains(line));
    assert!(!read("chart/templates/plugin-daemon/configmap.yaml").contains(line));

    // The component.
    for kind in ["deployment", "service", "horizontalpodautoscaler", "poddisruptionbudget", "networkpolicy"] {
        let template = read(&format!("chart/templates/page-cache/{kind}.yaml"));
        assert!(template.contains(".Values.pageCache.enabled"), "{kind}: {template}");
    }
    assert!(read("docs/values.md").contains("## pageCache"));
    assert!(read("chart/values.yaml").contains("\n# Serves the pages that change rarely.\npageCache:\n"));

    // The release.
    let examples = copy.join("crates/topology/examples");
    fs::create_dir_all(&examples).expect("a folder");
    fs::write(examples.join("releases.rs"), RELEASES).expect("a program");
    let listed =
        run("cargo", &["run", "--quiet", "--offline", "-p", "topology", "--example", "releases"], &copy, "");
    assert!(listed.lines().any(|version| version == "1.17.0"), "{listed}");
}
