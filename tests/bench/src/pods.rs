//! What the init containers of a pod add when everything is there already, from the API's own records.
//!
//! Needs the release of `just up`; each pod is deleted and its replacement looked at.

use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use lab::Cluster;
use lab::pods::Pod;

use crate::budgets;
use crate::report::{self, Report};

const NAMESPACE: &str = "dify";
const RELEASE: &str = "dify";
const LIMIT: Duration = Duration::from_mins(2);

pub(crate) fn measure(report: &mut Report) {
    report::table(
        "What init containers add to a pod when everything is there (the API records whole seconds)",
        &["pod", "init containers", "from the first one's start to the main container's"],
    );
    let Some(cluster) = lab_cluster() else {
        report::say("\nNot measured: no lab cluster is up; `just up` brings it up.");
        return;
    };
    for component in ["api", "worker", "beat", "plugin-daemon"] {
        match replaced(&cluster, component) {
            Ok(pod) => describe(report, &pod),
            Err(reason) => report::say(&format!("| {component} | not measured: {reason} | |")),
        }
    }
}

/// The kubeconfig that the lab's scripts use, if a release is there.
fn lab_cluster() -> Option<Cluster> {
    let script = testbed::process::repository().join("tests/cluster/run.sh");
    let output = Command::new(script).args(["printenv", "KUBECONFIG"]).output().ok()?;
    let kubeconfig = String::from_utf8(output.stdout).ok()?.trim().into();
    let cluster = Cluster { kubeconfig: Some(kubeconfig), context: None };
    let pods = Pod::of_release(&cluster, NAMESPACE, RELEASE).ok()?;
    (!pods.is_empty()).then_some(cluster)
}

fn replaced(cluster: &Cluster, component: &str) -> Result<Pod, String> {
    let of_component = || -> Result<Vec<Pod>, String> {
        let pods = Pod::of_release(cluster, NAMESPACE, RELEASE).map_err(|error| error.to_string())?;
        Ok(pods.into_iter().filter(|pod| pod.component == component && !pod.deleting).collect())
    };
    let old = of_component()?.pop().ok_or("no such pod")?;
    cluster
        .kubectl(&["delete", "pod", "-n", NAMESPACE, &old.name, "--wait=false"])
        .map_err(|error| error.to_string())?;
    let start = Instant::now();
    loop {
        if let Some(new) = of_component()?.into_iter().find(|pod| pod.uid != old.uid && pod.ready) {
            return Ok(new);
        }
        if start.elapsed() > LIMIT {
            return Err("its replacement is not Ready".to_owned());
        }
        sleep(Duration::from_millis(500));
    }
}

fn describe(report: &mut Report, pod: &Pod) {
    let since = |from: Option<SystemTime>, to: Option<SystemTime>| {
        from.zip(to).and_then(|(from, to)| to.duration_since(from).ok()).unwrap_or_default()
    };
    let each: Vec<String> = pod
        .init
        .iter()
        .map(|container| {
            format!("{} {}s", container.name, since(container.started, container.finished).as_secs())
        })
        .collect();
    let first = pod.init.first().and_then(|container| container.started);
    let added = since(first, pod.main_started());
    report::row(&[
        pod.component.clone(),
        each.join(", "),
        report.time(&format!("init containers of {}", pod.component), added, budgets::INIT_CONTAINERS),
    ]);
}
