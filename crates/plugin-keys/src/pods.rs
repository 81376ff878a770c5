//! Which workloads use a Secret, from the pods that run now.

use std::collections::BTreeSet;

use preflight::Finding;
use preflight::http::Method;
use serde::Deserialize;
use serde_json::Value;

use crate::kube::{Session, status};
use crate::secret::Target;

/// A page must fit into what is read of a reply; a pod of Dify's with a hundred variables has some 20 KiB.
const PAGE: u32 = 5;
/// More pods than this use no Secret of Dify's.
const PAGES: u32 = 200;

/// Who must be restarted.
pub(crate) enum Users {
    /// `deployment/dify-api` and the like, sorted.
    Known(BTreeSet<String>),
    /// They cannot be listed, and why.
    Unknown(String),
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    metadata: PageMetadata,
    #[serde(default)]
    items: Vec<Value>,
}

#[derive(Deserialize, Default)]
struct PageMetadata {
    #[serde(default, rename = "continue")]
    next: String,
}

/// The workloads of all running pods that are given one of these keys of the Secret.
pub(crate) async fn users(session: &Session<'_>, target: &Target, keys: &[&str]) -> Result<Users, Finding> {
    let mut users = BTreeSet::new();
    let mut next = String::new();
    for _ in 0..PAGES {
        let namespace = target.cluster.namespace();
        let path = format!("/api/v1/namespaces/{namespace}/pods?limit={PAGE}&continue={next}");
        let reply = session.send(Method::GET, &path, None).await?;
        match reply.status {
            200 => {}
            403 => return Ok(Users::Unknown("this account may not list pods".to_owned())),
            408 | 429 | 500.. => return Err(target.refused("list pods for", &reply)),
            _ => return Ok(Users::Unknown(format!("the pods cannot be listed ({})", status(&reply).reason))),
        }
        let Ok(page) = serde_json::from_str::<Page>(&reply.body) else {
            return Ok(Users::Unknown("the list of pods cannot be read".to_owned()));
        };
        for pod in page.items.iter().filter(|pod| is_running(pod) && uses(pod, &target.name, keys)) {
            users.extend(owner(pod));
        }
        next = percent_encoding::utf8_percent_encode(&page.metadata.next, percent_encoding::NON_ALPHANUMERIC)
            .to_string();
        if next.is_empty() {
            return Ok(Users::Known(users));
        }
    }
    Ok(Users::Unknown("there are too many pods to look at".to_owned()))
}

fn is_running(pod: &Value) -> bool {
    !matches!(pod["status"]["phase"].as_str(), Some("Succeeded" | "Failed"))
        && pod["metadata"]["deletionTimestamp"].is_null()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// By variables, all of them or one by one, and by volumes, with all keys or some.
fn uses(pod: &Value, secret: &str, keys: &[&str]) -> bool {
    let spec = &pod["spec"];
    let is_one = |key: &Value| key.as_str().is_some_and(|key| keys.contains(&key));
    let containers = ["containers", "initContainers"].into_iter().flat_map(|kind| list(&spec[kind]));
    let by_variables = |container: &Value| {
        list(&container["envFrom"]).any(|from| from["secretRef"]["name"] == secret)
            || list(&container["env"]).any(|variable| {
                let reference = &variable["valueFrom"]["secretKeyRef"];
                reference["name"] == secret && is_one(&reference["key"])
            })
    };
    let some = |items: &Value| items.is_null() || list(items).any(|item| is_one(&item["key"]));
    let by_volume = |volume: &Value| {
        let own = &volume["secret"];
        (own["secretName"] == secret && some(&own["items"]))
            || list(&volume["projected"]["sources"])
                .map(|source| &source["secret"])
                .any(|source| source["name"] == secret && some(&source["items"]))
    };
    containers.into_iter().any(by_variables) || list(&spec["volumes"]).any(by_volume)
}

/// What makes the pod anew: a Deployment stands behind its `ReplicaSet`. A Job's pod ends by itself.
fn owner(pod: &Value) -> Option<String> {
    let metadata = &pod["metadata"];
    let owner = list(&metadata["ownerReferences"]).find(|owner| owner["controller"] == true);
    let Some(owner) = owner else { return Some(format!("pod/{}", metadata["name"].as_str()?)) };
    let (kind, name) = (owner["kind"].as_str()?, owner["name"].as_str()?);
    match kind {
        "Job" => None,
        "ReplicaSet" => {
            let hash = metadata["labels"]["pod-template-hash"].as_str().unwrap_or_default();
            let deployment = name.strip_suffix(hash).and_then(|name| name.strip_suffix('-'));
            Some(match deployment {
                Some(name) if !hash.is_empty() => format!("deployment/{name}"),
                _ => format!("replicaset/{name}"),
            })
        }
        kind => Some(format!("{}/{name}", kind.to_lowercase())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(spec: &Value) -> Value {
        json!({"metadata": {"name": "p"}, "spec": spec, "status": {"phase": "Running"}})
    }

    #[test]
    fn every_way_to_a_key_counts() {
        for (spec, expected) in [
            (json!({"containers": [{"envFrom": [{"secretRef": {"name": "keys"}}]}]}), true),
            (json!({"containers": [{"envFrom": [{"secretRef": {"name": "other"}}]}]}), false),
            (
                json!({"initContainers": [{"env": [{"valueFrom": {"secretKeyRef": {"name": "keys", "key": "A"}}}]}]}),
                true,
            ),
            (
                json!({"containers": [{"env": [{"valueFrom": {"secretKeyRef": {"name": "keys", "key": "B"}}}]}]}),
                false,
            ),
            (json!({"volumes": [{"secret": {"secretName": "keys"}}]}), true),
            (json!({"volumes": [{"secret": {"secretName": "keys", "items": [{"key": "B"}]}}]}), false),
            (
                json!({"volumes": [{"projected": {"sources": [{"secret": {"name": "keys", "items": [{"key": "A"}]}}]}}]}),
                true,
            ),
            (json!({"volumes": [{"projected": {"sources": [{"configMap": {"name": "keys"}}]}}]}), false),
            (json!({}), false),
        ] {
            assert_eq!(uses(&pod(&spec), "keys", &["A"]), expected, "{spec}");
        }
    }

    #[test]
    fn a_pod_is_named_by_what_makes_it_anew() {
        let owned = |kind: &str, name: &str| {
            json!({"metadata": {"name": "p", "labels": {"pod-template-hash": "5d9f"},
                "ownerReferences": [{"controller": true, "kind": kind, "name": name}]}})
        };
        for (pod, expected) in [
            (owned("ReplicaSet", "dify-api-5d9f"), Some("deployment/dify-api")),
            (owned("ReplicaSet", "bare"), Some("replicaset/bare")),
            (owned("StatefulSet", "dify-redis"), Some("statefulset/dify-redis")),
            (owned("Job", "dify-migrate"), None),
            (pod(&json!({})), Some("pod/p")),
        ] {
            assert_eq!(owner(&pod).as_deref(), expected);
        }
    }
}
