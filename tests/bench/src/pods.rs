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
/// Dify's own pods that have init containers in every configuration.
pub(crate) const COMPONENTS: [&str; 4] = ["api", "worker", "beat", "plugin-daemon"];
/// The API records whole seconds; the mean of several is finer.
const ROUNDS: u32 = 3;
const LIMIT: Duration = Duration::from_mins(2);

pub(crate) fn measure(report: &mut Report, components: &[&str]) {
    let cluster = match lab_cluster() {
        Ok(cluster) => cluster,
        Err(reason) => {
            report::say(&format!("\n## Init containers\n\nNot measured: {reason}; `just up` brings it up."));
            return;
        }
    };
    report::table(
        "Init containers, when everything is there already",
        &format!(
            "Each pod is deleted {ROUNDS} times. Of its replacement, by the API's records, which have whole seconds: \
             the mean from the first init container's start to the main container's."
        ),
        &["pod", "each init container", "what they add, each time", "mean"],
    );
    for component in components.iter().copied() {
        let pods: Result<Vec<Pod>, String> = (0..ROUNDS).map(|_| replaced(&cluster, component)).collect();
        match pods {
            Ok(pods) => describe(report, component, &pods),
            Err(reason) => {
                report.fail(&format!("init containers of {component}: {reason}"));
                report::row(&[component, &reason, "", ""]);
            }
        }
    }
}

/// The lab's own cluster and no other: by the kubeconfig that its scripts keep.
fn lab_cluster() -> Result<Cluster, String> {
    let script = testbed::process::repository().join("tests/cluster/run.sh");
    let output = Command::new(script).args(["printenv", "KUBECONFIG"]).output();
    let output = output.map_err(|error| format!("the lab's scripts do not run ({error})"))?;
    let kubeconfig = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let cluster = Cluster { kubeconfig: Some(kubeconfig.into()), context: None };
    let pods =
        Pod::of_release(&cluster, NAMESPACE, RELEASE).map_err(|_| "no lab cluster is up".to_owned())?;
    if pods.is_empty() {
        return Err(format!("no release {RELEASE} in namespace {NAMESPACE} of the lab's cluster"));
    }
    match pods.iter().find(|pod| !pod.settled()) {
        Some(pod) => Err(format!("{} is not Ready, so not everything is there", pod.name)),
        None => Ok(cluster),
    }
}

fn replaced(cluster: &Cluster, component: &str) -> Result<Pod, String> {
    let of_component = || -> Result<Vec<Pod>, String> {
        let pods = Pod::of_release(cluster, NAMESPACE, RELEASE).map_err(|error| error.to_string())?;
        Ok(pods.into_iter().filter(|pod| pod.component == component && !pod.deleting).collect())
    };
    let before = of_component()?;
    let old = before.first().ok_or("no such pod")?;
    cluster
        .kubectl(&["delete", "pod", "-n", NAMESPACE, &old.name, "--wait=false"])
        .map_err(|error| error.to_string())?;
    let start = Instant::now();
    loop {
        let new =
            of_component()?.into_iter().find(|pod| before.iter().all(|old| old.uid != pod.uid) && pod.ready);
        if let Some(new) = new {
            return Ok(new);
        }
        if start.elapsed() > LIMIT {
            return Err("its replacement is not Ready".to_owned());
        }
        sleep(Duration::from_millis(500));
    }
}

fn describe(report: &mut Report, component: &str, pods: &[Pod]) {
    let init = pods.first().map(|pod| pod.init.as_slice()).unwrap_or_default();
    let each: Vec<String> = (0..init.len())
        .map(|index| {
            let times = pods.iter().filter_map(|pod| pod.init.get(index));
            let times: Vec<String> =
                times.map(|container| seconds(since(container.started, container.finished))).collect();
            format!("{} {}", init[index].name, times.join(", "))
        })
        .collect();
    let added: Option<Vec<Duration>> = pods.iter().map(added).collect();
    let Some(added) = added else {
        report.fail(&format!("init containers of {component}: the API has no times of them"));
        return;
    };
    let mean = added.iter().sum::<Duration>() / ROUNDS;
    let shown = report.time(&format!("init containers of {component}"), mean, budgets::INIT_CONTAINERS);
    let times: Vec<String> = added.iter().map(|time| seconds(Some(*time))).collect();
    report::row(&[component, &each.join("; "), &times.join(", "), &shown]);
}

fn added(pod: &Pod) -> Option<Duration> {
    since(pod.init.first()?.started, pod.main_started())
}

fn since(from: Option<SystemTime>, to: Option<SystemTime>) -> Option<Duration> {
    to?.duration_since(from?).ok()
}

fn seconds(time: Option<Duration>) -> String {
    time.map_or("?".to_owned(), |time| format!("{} s", time.as_secs()))
}
