//! What pods may do: Kubernetes' restricted profile, but for those that topology names with a reason.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeSet;

use serde_json::Value;
use support::many::{Many, set_values};
use support::{Helm, Object, objects};

/// The volumes that the restricted profile allows.
const VOLUMES: [&str; 8] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
];
/// The capabilities that the baseline profile lets a container have.
const BASELINE: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn containers(pod: &Value) -> impl Iterator<Item = &Value> {
    list(pod, "initContainers").iter().chain(list(pod, "containers"))
}

/// What of the baseline profile a pod breaks.
fn beyond_baseline(pod: &Value) -> Vec<String> {
    let mut broken = Vec::new();
    for key in ["hostNetwork", "hostPID", "hostIPC"] {
        if pod.get(key).is_some_and(|value| *value != false) {
            broken.push(key.to_owned());
        }
    }
    for volume in list(pod, "volumes") {
        let kinds = volume.as_object().expect("a volume").keys().filter(|key| *key != "name");
        broken.extend(kinds.filter(|kind| !VOLUMES.contains(&kind.as_str())).cloned());
    }
    for container in containers(pod) {
        let security = &container["securityContext"];
        if security["privileged"] == true {
            broken.push("privileged".to_owned());
        }
        for added in list(&security["capabilities"], "add") {
            if !BASELINE.contains(&added.as_str().unwrap_or_default()) {
                broken.push(format!("capability {added}"));
            }
        }
        if list(container, "ports").iter().any(|port| port.get("hostPort").is_some()) {
            broken.push("hostPort".to_owned());
        }
        if list(&pod["securityContext"], "sysctls").iter().next().is_some() {
            broken.push("sysctls".to_owned());
        }
    }
    broken
}

/// What of the restricted profile a pod breaks beyond that.
fn beyond_restricted(pod: &Value) -> Vec<String> {
    let mut broken = beyond_baseline(pod);
    let of_pod = &pod["securityContext"];
    for container in containers(pod) {
        let security = &container["securityContext"];
        let said = |key: &str| security.get(key).unwrap_or(&of_pod[key]).clone();
        let mut holds = |what: &str, good: bool| {
            if !good {
                broken.push(format!("{}: {what}", container["name"]));
            }
        };
        holds("allowPrivilegeEscalation", security["allowPrivilegeEscalation"] == false);
        holds("capabilities", list(&security["capabilities"], "drop").contains(&Value::from("ALL")));
        holds("capabilities", list(&security["capabilities"], "add").is_empty());
        holds("runAsNonRoot", said("runAsNonRoot") == true);
        holds("runAsUser", said("runAsUser") != 0);
        holds(
            "seccompProfile",
            ["RuntimeDefault", "Localhost"]
                .contains(&said("seccompProfile")["type"].as_str().unwrap_or_default()),
        );
    }
    broken
}

#[test]
fn every_pod_keeps_to_the_restricted_profile_but_those_with_a_reason() {
    let rendered = Many::new().render(Helm::Newest, "1.30.0", &set_values()).expect("a render");
    let mut unrestricted = BTreeSet::new();
    for (set, rendered) in &rendered {
        for object in rendered.objects.iter().filter(|object| object.pod().is_some()) {
            let pod = object.pod().expect("filtered");
            assert_eq!(beyond_baseline(pod), [""; 0], "{set}: {}", object.key());
            let broken = beyond_restricted(pod);
            if topology::unrestricted(object.component()).is_none() {
                assert_eq!(broken, [""; 0], "{set}: {}", object.key());
            } else if !broken.is_empty() {
                unrestricted.insert(object.component().to_owned());
            }
        }
    }
    let named: BTreeSet<String> = topology::UNRESTRICTED.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(unrestricted, named, "who keeps to it needs no exception");
}

/// All users and groups that pods name, by component.
fn named_ids(objects: &[Object]) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for object in objects.iter().filter(|object| object.pod().is_some()) {
        let pod = object.pod().expect("filtered");
        for security in std::iter::once(pod).chain(containers(pod)).map(|of| &of["securityContext"]) {
            for key in ["runAsUser", "runAsGroup", "fsGroup", "supplementalGroups"] {
                if let Some(id) = security.get(key) {
                    found.insert((object.component().to_owned(), format!("{key} {id}")));
                }
            }
        }
    }
    found
}

#[test]
fn openshift_chooses_users_and_groups_but_of_those_that_need_root() {
    let root: BTreeSet<(String, String)> = topology::UNRESTRICTED
        .iter()
        .map(|(name, _)| ((*name).to_owned(), "runAsUser 0".to_owned()))
        .collect();
    let api = ["--api-versions", "security.openshift.io/v1"];
    let force = ["--set", "compatibility.openshift.adaptSecurityContext=force"];
    for arguments in [api, force] {
        let rendered = Helm::Newest.render(&arguments);
        assert_eq!(rendered, Helm::Oldest.render(&arguments));
        assert_eq!(named_ids(&objects(&rendered)), root, "{arguments:?}");
    }
    let disabled =
        [api[0], api[1], "--set", "compatibility.openshift.adaptSecurityContext=disabled"].map(str::to_owned);
    let disabled = disabled.iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(Helm::Newest.render(&disabled), Helm::Newest.render(&[]));
    assert!(named_ids(&objects(&Helm::Newest.render(&[]))).len() > 20);
}
