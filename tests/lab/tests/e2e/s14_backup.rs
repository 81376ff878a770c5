use std::path::Path;
use std::process::Command;

use crate::scenario::{LONG, Scenario, package};

/// The page whose commands are run here, as they stand.
const GUIDE: &str = include_str!("../../../../docs/guides/backup.md");

/// The shell of a section.
fn commands(section: &str) -> String {
    let heading = format!("## {section}\n");
    let text = GUIDE.split_once(&heading).map(|(_, rest)| rest).expect("the section");
    let text = text.split_once("\n## ").map_or(text, |(text, _)| text);
    let fences = text.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    fences.collect::<Vec<_>>().concat()
}

/// Runs them as somebody would who has another namespace, and the chart elsewhere.
fn follow(scenario: &Scenario, folder: &Path, section: &str) {
    let chart = package().join("../../chart");
    let script = commands(section)
        .replace("--namespace dify", &format!("--namespace {}", scenario.namespace))
        .replace("./chart", &chart.to_string_lossy());
    let functions = "kubectl() { command kubectl ${LAB_CONTEXT:+--context \"$LAB_CONTEXT\"} \"$@\"; }
        helm() { command helm ${LAB_CONTEXT:+--kube-context \"$LAB_CONTEXT\"} \"$@\"; }";
    let output = Command::new("bash")
        .args(["-euxo", "pipefail", "-c", &format!("{functions}\n{script}")])
        .current_dir(folder)
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{section}: {said}\n{}", scenario.situation());
}

/// The commands of the guide save what is there, and bring it back into an empty namespace.
#[test]
fn what_the_guide_saves_it_brings_back() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::copy(package().join("values.yaml"), folder.path().join("values.yaml")).expect("the values");
    let scenario = Scenario::new("backup");
    let pod = "dify-postgresql-0";
    let key = || {
        scenario
            .kubectl(&["get", "secret", "dify-keys", "-o", "jsonpath={.data.SECRET_KEY}"])
            .expect("the keys")
    };
    scenario.install(&[]);
    scenario.until_ready();
    for database in ["dify", "dify_plugin"] {
        let sql = format!("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('of {database}')");
        scenario.sql(pod, database, &sql);
    }
    let before = key();
    follow(&scenario, folder.path(), "Save");
    scenario.until_ready();

    scenario.cluster.helm(&["uninstall", "dify", "-n", &scenario.namespace, "--wait"]).expect("it goes");
    scenario.kubectl(&["delete", "secret", "dify-keys"]).expect("the keys go");
    let data = ["delete", "pvc", "--selector", "app.kubernetes.io/instance=dify"];
    scenario.kubectl(&data).expect("the data goes");
    scenario.until("no pods", LONG, || scenario.pods().is_empty().then_some(()));

    follow(&scenario, folder.path(), "Restore");
    scenario.until_ready();
    assert_eq!(key(), before);
    for database in ["dify", "dify_plugin"] {
        assert_eq!(scenario.sql(pod, database, "SELECT word FROM kept"), format!("of {database}"));
    }
    scenario.assert_no_restarts();
}
