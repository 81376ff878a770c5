//! The `ExternalSecret` fetches what pods read from its Secret, no more and no less.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeSet;

use serde_json::Value;
use support::{Helm, Object, kubeconform, objects};

const SECRET: &str = "dify-credentials";

/// All keys of the Secret that anything of the installation reads.
fn read(value: &Value, found: &mut BTreeSet<String>) {
    if let Value::Object(map) = value {
        if map.get("name").is_some_and(|name| name == SECRET) {
            found.extend(map.get("key").and_then(Value::as_str).map(str::to_owned));
            let items = map.get("items").and_then(Value::as_array).into_iter().flatten();
            found.extend(items.filter_map(|item| item["key"].as_str()).map(str::to_owned));
        }
        for value in map.values() {
            read(value, found);
        }
    } else if let Value::Array(items) = value {
        for value in items {
            read(value, found);
        }
    }
}

fn fetched(objects: &[Object]) -> &Value {
    let object = objects.iter().find(|object| object.kind == "ExternalSecret").expect("it");
    assert_eq!(object.value["spec"]["target"]["name"], SECRET);
    &object.value["spec"]["data"]
}

#[test]
fn what_pods_read_is_fetched_and_nothing_else() {
    let built_in = [
        "--set",
        "secrets.existingSecret=dify-credentials,externalSecrets.enabled=true,externalSecrets.secretStoreRef.name=vault",
    ];
    let example = ["--values", "examples/external-secrets.yaml"];
    let agents = ["--set", "agentBackend.enabled=true"];
    let qdrant = [
        "--set",
        "externalQdrant.enabled=true,externalQdrant.endpoint=http://qdrant:6333,\
         externalQdrant.apiKey.existingSecret.name=dify-credentials,\
         externalQdrant.apiKey.existingSecret.key=qdrant",
    ];
    for arguments in [
        built_in.to_vec(),
        example.to_vec(),
        [built_in, agents].concat(),
        [example, agents].concat(),
        [example, qdrant].concat(),
    ] {
        let rendered = Helm::Newest.render(&arguments);
        assert_eq!(rendered, Helm::Oldest.render(&arguments));
        if let Err(complaint) = kubeconform("1.30.0", &rendered) {
            panic!("{complaint}");
        }
        let objects = objects(&rendered);
        let mut wanted = BTreeSet::new();
        for object in objects.iter().filter(|object| object.kind != "ExternalSecret") {
            read(&object.value, &mut wanted);
        }
        let found: Vec<String> = fetched(&objects)
            .as_array()
            .expect("a list")
            .iter()
            .map(|entry| entry["secretKey"].as_str().expect("a key").to_owned())
            .collect();
        assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), wanted, "{arguments:?}");
        assert_eq!(found.len(), wanted.len(), "each once");
        assert!(objects.iter().all(|object| object.kind != "Secret" && object.component() != "keys"));
    }
}

#[test]
fn a_key_may_be_kept_elsewhere() {
    let objects = objects(&Helm::Newest.render(&["--values", "examples/external-secrets.yaml"]));
    let remote = |key: &str| {
        let data = fetched(&objects).as_array().expect("a list");
        data.iter().find(|entry| entry["secretKey"] == key).expect("the key")["remoteRef"].clone()
    };
    assert_eq!(remote("SECRET_KEY"), serde_json::json!({"key": "dify/production", "property": "SECRET_KEY"}));
    assert_eq!(remote("DB_PASSWORD"), serde_json::json!({"key": "databases/dify", "property": "password"}));
}

#[test]
fn what_it_cannot_do_without_is_asked_for() {
    for (settings, sentence) in [
        ("externalSecrets.enabled=true", "name the Secret that it makes in secrets.existingSecret"),
        (
            "externalSecrets.enabled=true,secrets.existingSecret=dify-credentials",
            "name the store in externalSecrets.secretStoreRef.name",
        ),
    ] {
        let complaint = Helm::Newest.refusal(&["--set", settings]);
        assert!(complaint.contains(sentence), "{settings}: {complaint}");
    }
    assert!(objects(&Helm::Newest.render(&[])).iter().all(|object| object.kind != "ExternalSecret"));
}
