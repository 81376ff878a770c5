//! What Helm prints after an installation, above all its warnings.

#![allow(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod support;

use std::path::PathBuf;
use std::process::Command;

use support::Helm;

const BUCKET: &str = "externalS3.enabled=true,externalS3.useIAM=true";

/// Helm prints the notes only with a cluster at hand: a copy of the chart has them in an object.
struct Notes {
    chart: PathBuf,
}

impl Notes {
    fn new(test: &str) -> Self {
        let chart = std::env::temp_dir().join(format!("chart-notes-{test}-{}", std::process::id()));
        let copied = Command::new("cp").arg("-r").arg(support::root().join("chart")).arg(&chart).status();
        assert!(copied.expect("cp runs").success());
        std::fs::rename(chart.join("templates/NOTES.txt"), chart.join("notes.txt")).expect("the notes");
        let object =
            "{kind: Notes, metadata: {name: notes}, text: {{ tpl (.Files.Get \"notes.txt\") . | toJson }}}\n";
        std::fs::write(chart.join("templates/notes.yaml"), object).expect("a template");
        Self { chart }
    }

    fn of(&self, settings: &str) -> String {
        let chart = self.chart.to_string_lossy().into_owned();
        let output = Helm::Newest.run(&[
            "template",
            "demo",
            &chart,
            "--show-only",
            "templates/notes.yaml",
            "--set",
            settings,
        ]);
        assert!(output.status.success(), "{}", support::text(&output.stderr));
        support::text(&output.stdout)
    }

    /// The warning is there, and it is the only one.
    fn warn(&self, settings: &str, words: &str) {
        let notes = self.of(settings);
        assert!(notes.contains(words), "{settings}: {notes}");
        assert_eq!(notes.matches("Warning: ").count(), 1, "{settings}: {notes}");
    }

    fn are_quiet(&self, settings: &str) {
        let notes = self.of(settings);
        assert!(!notes.contains("Warning"), "{settings}: {notes}");
    }
}

impl Drop for Notes {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.chart);
    }
}

#[test]
fn too_few_connections_of_the_built_in_postgresql() {
    let notes = Notes::new("connections");
    notes.are_quiet("");
    // Three processes of 40 connections, one daemon of 30, and ten more.
    notes.warn("postgresql.maxConnections=159", "may open 160 connections");
    notes.are_quiet("postgresql.maxConnections=160");
    notes.warn("api.replicas=4,api.persistence.accessMode=ReadWriteMany", "may open 280 connections");
    for (settings, connections) in [
        ("beat.enabled=false,worker.enabled=false,postgresql.maxConnections=79", 80),
        ("worker.keda.enabled=true,worker.keda.maxReplicas=5", 320),
        ("worker.autoscaling.enabled=true,worker.autoscaling.maxReplicas=6", 360),
        ("workerPools.documents.queues[0]=dataset,workerPools.documents.replicas=3", 280),
    ] {
        notes.warn(&format!("{BUCKET},{settings}"), &format!("may open {connections} connections"));
    }
    let external =
        "externalPostgres.enabled=true,externalPostgres.address=db,externalPostgres.password.value=letters";
    notes.are_quiet(&format!("{external},api.replicas=40,api.persistence.accessMode=ReadWriteMany"));
}

#[test]
fn releases_that_do_not_belong_together_or_are_not_known() {
    let notes = Notes::new("releases");
    notes.warn("image.web.tag=1.15.0", "web is 1.15.0 and the api 1.16.1");
    notes.are_quiet("image.web.tag=1.15.0,image.api.tag=1.15.0");
    // The same release under names of the user's own.
    notes.are_quiet("image.web.tag=1.16.1-mine");
    notes.are_quiet("image.web.tag=mine");
    notes.warn("image.web.tag=1.99.0,image.api.tag=1.99.0", "this chart knows Dify up to 1.16.1");
}

#[test]
fn several_daemons_of_a_release_that_makes_tables_when_it_starts() {
    let notes = Notes::new("daemons");
    let old = "image.api.tag=1.10.1,image.web.tag=1.10.1";
    notes.warn(&format!("{BUCKET},{old},pluginDaemon.replicas=2"), "start with pluginDaemon.replicas 1");
    notes.are_quiet(&format!("{BUCKET},{old}"));
    notes.are_quiet(&format!("{BUCKET},pluginDaemon.replicas=2"));
}

#[test]
fn shells_of_agents_that_reach_everything() {
    let notes = Notes::new("agents");
    let agents = "agentBackend.enabled=true,localSandbox.enabled=true";
    notes.warn(agents, "set networkPolicy.enabled");
    notes.are_quiet(&format!("{agents},networkPolicy.enabled=true"));
}
