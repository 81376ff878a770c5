//! What the API recorded of a pod and its containers.

use std::time::SystemTime;

use serde::Deserialize;
use serde_json::Value;

use crate::cluster::{Cluster, Error};

/// A pod, as far as starting up is concerned.
#[derive(Clone, Debug)]
pub struct Pod {
    /// Its name.
    pub name: String,
    /// Its UID, to tell a pod from its replacement.
    pub uid: String,
    /// `app.kubernetes.io/component`, or the pod's name without it.
    pub component: String,
    /// Pending, Running, Succeeded, Failed.
    pub phase: String,
    /// Whether it does the work of a Job and then ends.
    pub job: bool,
    /// Whether it is being deleted.
    pub deleting: bool,
    /// Whether the Ready condition is true.
    pub ready: bool,
    /// When it became Ready.
    pub ready_at: Option<SystemTime>,
    /// When it was created.
    pub created: SystemTime,
    /// Init containers, in order.
    pub init: Vec<Container>,
    /// Main containers.
    pub main: Vec<Container>,
}

/// A container's record.
#[derive(Clone, Debug, Default)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// How often the kubelet started it again.
    pub restarts: u64,
    /// When its current or last run started.
    pub started: Option<SystemTime>,
    /// When that run ended.
    pub finished: Option<SystemTime>,
    /// Exit code of that run, if it ended.
    pub exit_code: Option<i64>,
    /// Its termination message, of this run or else of the one before.
    pub message: Option<String>,
    /// How the run before ended, if the API still knows: reason and exit code.
    pub ended_before: Option<String>,
    /// Why it is waiting, such as `CrashLoopBackOff`.
    pub waiting: Option<String>,
    /// Image id, as the node knows it.
    pub image_id: String,
}

impl Pod {
    /// All pods of a namespace that carry the labels of a release.
    pub fn of_release(cluster: &Cluster, namespace: &str, release: &str) -> Result<Vec<Self>, Error> {
        let selector = format!("app.kubernetes.io/instance={release}");
        let list = cluster.json(&["get", "pods", "-n", namespace, "-l", &selector])?;
        Ok(Self::from_list(&list))
    }

    /// Reads a `PodList`.
    #[must_use]
    pub fn from_list(list: &Value) -> Vec<Self> {
        list["items"].as_array().map(|items| items.iter().map(Self::from_json).collect()).unwrap_or_default()
    }

    fn from_json(pod: &Value) -> Self {
        let status = &pod["status"];
        let name = text(&pod["metadata"]["name"]);
        let ready = condition(status, "Ready");
        Self {
            uid: text(&pod["metadata"]["uid"]),
            component: pod["metadata"]["labels"]["app.kubernetes.io/component"]
                .as_str()
                .map_or_else(|| name.clone(), str::to_owned),
            phase: text(&status["phase"]),
            job: pod["metadata"]["ownerReferences"][0]["kind"] == "Job",
            deleting: !pod["metadata"]["deletionTimestamp"].is_null(),
            ready: ready.is_some(),
            ready_at: ready,
            created: time(&pod["metadata"]["creationTimestamp"]).unwrap_or(SystemTime::UNIX_EPOCH),
            init: containers(&status["initContainerStatuses"]),
            main: containers(&status["containerStatuses"]),
            name,
        }
    }

    /// Restarts of all its containers.
    #[must_use]
    pub fn restarts(&self) -> u64 {
        self.init.iter().chain(&self.main).map(|container| container.restarts).sum()
    }

    /// Whether it belongs to a Job that has done its work.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.phase == "Succeeded"
    }

    /// Ready, or done if it is a Job's.
    #[must_use]
    pub fn settled(&self) -> bool {
        if self.job { self.succeeded() } else { self.ready }
    }

    /// The word for its state: what runs or waits now.
    #[must_use]
    pub fn state(&self) -> String {
        if self.succeeded() {
            return "done".to_owned();
        }
        if self.ready && !self.job {
            return "ready".to_owned();
        }
        let all = self.init.iter().chain(&self.main);
        for container in all {
            if let Some(waiting) = container.waiting.as_deref().filter(|reason| *reason != "PodInitializing")
            {
                return format!("{}: {waiting}", container.name);
            }
            if container.started.is_some() && container.exit_code.is_none() {
                return container.name.clone();
            }
        }
        // Between two containers, or not on a node yet.
        if self.init.iter().chain(&self.main).any(|container| container.started.is_some()) {
            return "next container".to_owned();
        }
        self.phase.to_lowercase()
    }

    /// When the first main container started.
    #[must_use]
    pub fn main_started(&self) -> Option<SystemTime> {
        self.main.iter().filter_map(|container| container.started).min()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Run {
    started_at: Value,
    finished_at: Value,
    exit_code: Option<i64>,
    reason: Option<String>,
    message: Option<String>,
}

fn containers(statuses: &Value) -> Vec<Container> {
    statuses.as_array().map(|list| list.iter().map(container).collect()).unwrap_or_default()
}

fn container(status: &Value) -> Container {
    let run = |state: &Value| serde_json::from_value::<Run>(state.clone()).unwrap_or_default();
    let state = &status["state"];
    let ended = run(&state["terminated"]);
    let before = run(&status["lastState"]["terminated"]);
    let running = run(&state["running"]);
    Container {
        name: text(&status["name"]),
        restarts: status["restartCount"].as_u64().unwrap_or_default(),
        started: time(&running.started_at).or_else(|| time(&ended.started_at)),
        finished: time(&ended.finished_at),
        exit_code: ended.exit_code,
        ended_before: before.exit_code.map(|code| {
            format!("{}, exit code {code}", before.reason.as_deref().unwrap_or("for no reason told"))
        }),
        message: ended.message.or(before.message),
        waiting: state["waiting"]["reason"].as_str().map(str::to_owned),
        image_id: text(&status["imageID"]),
    }
}

fn condition(status: &Value, name: &str) -> Option<SystemTime> {
    let conditions = status["conditions"].as_array()?;
    let found =
        conditions.iter().find(|condition| condition["type"] == name && condition["status"] == "True")?;
    time(&found["lastTransitionTime"])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn time(value: &Value) -> Option<SystemTime> {
    humantime::parse_rfc3339(value.as_str()?).ok()
}
