//! What the sandbox is told of the code that it runs.

#![allow(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod support;

use serde_json::{Value, json};
use support::{Helm, Object, environment, objects};

const PACKAGES: &str = "sandbox.pythonPackages={numpy==2.2.1,pandas>=2}";

fn rendered(settings: &str) -> Vec<Object> {
    objects(&Helm::Newest.render(&["--set", settings]))
}

fn find<'o>(all: &'o [Object], key: &str) -> Option<&'o Object> {
    all.iter().find(|object| object.key() == key)
}

fn annotation(all: &[Object]) -> Value {
    let sandbox = find(all, "Deployment/demo-dify-sandbox").expect("the sandbox");
    sandbox.value["spec"]["template"]["metadata"]["annotations"]["checksum/requirements"].clone()
}

#[test]
fn packages_are_a_file_that_replaces_the_pods_when_it_changes() {
    let all = rendered(PACKAGES);
    let file = find(&all, "ConfigMap/demo-dify-sandbox-requirements").expect("the file");
    assert_eq!(file.value["data"], json!({"python-requirements.txt": "numpy==2.2.1\npandas>=2"}));
    let pod = find(&all, "Deployment/demo-dify-sandbox").and_then(Object::pod).expect("the sandbox");
    let has = |list: &Value, wanted: &Value| list.as_array().is_some_and(|items| items.contains(wanted));
    let volume = json!({"name": "requirements", "configMap": {"name": "demo-dify-sandbox-requirements"}});
    assert!(has(&pod["volumes"], &volume), "{}", pod["volumes"]);
    let mount = json!({"name": "requirements", "mountPath": "/dependencies/python-requirements.txt",
        "subPath": "python-requirements.txt", "readOnly": true});
    let mounts = &pod["containers"][0]["volumeMounts"];
    assert!(has(mounts, &mount), "{mounts}");
    let other = rendered("sandbox.pythonPackages={numpy==2.2.2}");
    assert!(annotation(&all).is_string());
    assert_ne!(annotation(&all), annotation(&other));
}

#[test]
fn without_packages_the_image_keeps_its_own_file() {
    for settings in ["sandbox.enableNetwork=true", &format!("sandbox.enabled=false,{PACKAGES}")] {
        let all = rendered(settings);
        assert!(!all.iter().any(|object| object.text.contains("requirements")), "{settings}");
    }
}

#[test]
fn limits_and_system_calls_are_variables() {
    let place = ("sandbox", "sandbox");
    let told = |settings: &str| environment(&rendered(settings), place.0, place.1);
    let plain = told("sandbox.enableNetwork=true");
    assert_eq!((plain["MAX_WORKERS"].as_str(), plain["MAX_REQUESTS"].as_str()), ("4", "50"));
    assert!(!plain.contains_key("ALLOWED_SYSCALLS") && !plain.contains_key("PIP_MIRROR_URL"), "{plain:?}");
    let own = told("sandbox.allowedSyscalls={0,1,435},sandbox.pipMirrorUrl=https://mirror/simple");
    assert_eq!(own["ALLOWED_SYSCALLS"], "0,1,435");
    assert_eq!(own["PIP_MIRROR_URL"], "https://mirror/simple");
}
