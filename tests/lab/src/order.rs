//! Whether main containers started after what `topology` says they need.

use std::time::Duration;

use topology::{Kind, Need, Release};

use crate::pods::{Container, Pod};

/// How long the migration's process may outlive the schema's last revision. Who waits for the schema sees it with the
/// last commit; the process then looks once more, lets the lock go and ends, and the API tells whole seconds.
const FAREWELL: Duration = Duration::from_secs(5);

/// Everything in the records of a fresh install that contradicts the promised order, one sentence each.
#[must_use]
pub fn violations(pods: &[Pod], release: &Release) -> Vec<String> {
    let migrated = pods
        .iter()
        .filter(|pod| pod.component == "migrate" && pod.succeeded())
        .flat_map(|pod| &pod.main)
        .filter_map(|container| container.finished)
        .min();
    let mut violations = Vec::new();
    for pod in pods {
        let Some(component) = release.component(&pod.component) else {
            violations.push(format!("{}: topology knows no component {:?}", pod.name, pod.component));
            continue;
        };
        if component.kind == Kind::Job {
            continue;
        }
        let Some(started) = pod.main_started() else {
            violations.push(format!("{}: the main container never started", pod.name));
            continue;
        };
        for proof in topology::proofs(component) {
            match pod.init.iter().find(|container| container.name == proof.container) {
                None => violations
                    .push(format!("{}: no container {} proves {}", pod.name, proof.container, proof.need)),
                Some(container) if !proved_before(container, started) => violations.push(format!(
                    "{}: started before {} had proven {}",
                    pod.name, proof.container, proof.need
                )),
                Some(_) => {}
            }
        }
        if component.requires(Need::Migrations)
            && migrated.is_none_or(|migrated| migrated > started + FAREWELL)
        {
            violations.push(format!("{}: started before the migration had ended", pod.name));
        }
    }
    violations
}

fn proved_before(container: &Container, started: std::time::SystemTime) -> bool {
    container.exit_code == Some(0) && container.finished.is_some_and(|finished| finished <= started)
}
