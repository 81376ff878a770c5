//! Progress of a release until all of it is Ready.

use std::collections::BTreeMap;
use std::io::Write;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::cluster::{Cluster, Error};
use crate::pods::Pod;

const INTERVAL: Duration = Duration::from_millis(500);

/// Prints a line whenever a pod changes its state; ends when all are Ready or done, or at the deadline.
/// Returns the pods as they are then, and whether all had settled.
pub fn until_settled(
    cluster: &Cluster,
    namespace: &str,
    release: &str,
    deadline: Duration,
    out: &mut dyn Write,
) -> Result<(Vec<Pod>, bool), Error> {
    let start = Instant::now();
    let mut shown: BTreeMap<String, String> = BTreeMap::new();
    loop {
        let pods = Pod::of_release(cluster, namespace, release)?;
        for pod in &pods {
            let state = pod.state();
            if noteworthy(&state) && shown.get(&pod.name) != Some(&state) {
                let seconds = start.elapsed().as_secs();
                let message = pod.init.iter().chain(&pod.main).filter_map(failure).next_back();
                let told = message.map(|message| format!(" ({message})")).unwrap_or_default();
                let _ = writeln!(out, "  {seconds:>4}s  {:<22} {state}{told}", pod.component);
                shown.insert(pod.name.clone(), state);
            }
        }
        let settled = !pods.is_empty() && pods.iter().all(Pod::settled);
        if settled || start.elapsed() > deadline {
            return Ok((pods, settled));
        }
        sleep(INTERVAL);
    }
}

/// Between two containers there is nothing to tell.
fn noteworthy(state: &str) -> bool {
    !matches!(state, "pending" | "next container") && !state.ends_with(": ContainerCreating")
}

/// The first line of what a failed container said.
fn failure(container: &crate::pods::Container) -> Option<String> {
    let failed = container.exit_code.is_some_and(|code| code != 0) || container.waiting.is_some();
    let message = container.message.as_deref().filter(|_| failed)?;
    message.lines().next().map(str::to_owned)
}
