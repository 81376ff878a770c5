#![allow(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
//! `ensure` and `rotate` against a real API server of Kubernetes. One test, as starting it is what costs.

mod kubernetes;

use kubernetes::{KEYS, Kubernetes, NOBODY, ROTATOR};
use serde_json::json;
use testbed::{Seen, prove};

const ENSURE: [&str; 7] =
    ["ensure", "--secret", "keys", "--key", "PLUGIN_DAEMON_KEY", "--key", "CODE_EXECUTION_API_KEY"];

fn rotate(cluster: &Kubernetes, token: &str, more: &[&str]) -> Seen {
    Seen::of(&cluster.run(token, &[&["rotate", "--secret", "keys"], more].concat()))
}

#[test]
fn secrets_of_a_real_cluster() {
    let cluster = Kubernetes::start();
    made_and_completed(&cluster);
    refused(&cluster);
    rotated(&cluster);
    out_of_order(cluster);
}

fn made_and_completed(cluster: &Kubernetes) {
    prove!("secret/created", &Seen::of(&cluster.run(KEYS, &ENSURE)));
    let before = cluster.value("PLUGIN_DAEMON_KEY");
    assert_eq!(before.len(), 60, "43 characters as base64");
    prove!("secret/complete", &Seen::of(&cluster.run(KEYS, &ENSURE)));
    assert_eq!(cluster.value("PLUGIN_DAEMON_KEY"), before);

    cluster.store(&[("PLUGIN_DAEMON_KEY", "canary-of-mine")], false);
    let before = cluster.value("PLUGIN_DAEMON_KEY");
    prove!("secret/added", &Seen::of(&cluster.run(KEYS, &ENSURE)));
    assert_eq!(cluster.value("PLUGIN_DAEMON_KEY"), before);

    cluster.store(&[("PLUGIN_DAEMON_KEY", ""), ("CODE_EXECUTION_API_KEY", "canary-of-mine")], false);
    prove!("secret/empty-key", &Seen::of(&cluster.run(KEYS, &ENSURE)));

    cluster
        .store(&[("PLUGIN_DAEMON_KEY", "canary-of-mine"), ("CODE_EXECUTION_API_KEY", "dify-sandbox")], false);
    prove!("secret/published-key", &Seen::of(&cluster.run(KEYS, &ENSURE)));

    cluster.store(&[("PLUGIN_DAEMON_KEY", "canary-of-mine")], true);
    prove!("secret/immutable", &Seen::of(&cluster.run(KEYS, &ENSURE)));

    // Six at once, on nothing: one makes it, and all agree.
    cluster.remove();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| Seen::of(&cluster.run(KEYS, &ENSURE)).expect_ready(&["2 keys"]));
        }
    });
}

fn refused(cluster: &Kubernetes) {
    let ensure = |token, more: &[&str]| Seen::of(&cluster.run(token, &[&ENSURE, more].concat()));
    prove!("secret/wrong-token", &ensure("canary-unknown-token", &[]));
    prove!("secret/forbidden", &ensure(NOBODY, &[]));
    prove!("secret/other-namespace", &ensure(KEYS, &["--namespace", "elsewhere"]));
    let other = ["ensure", "--secret", "other", "--key", "SECRET_KEY"];
    ensure(NOBODY, &[]).holds(&["\"nobody\" cannot get"]);
    Seen::of(&cluster.run(KEYS, &other)).expect(
        69,
        "suspect",
        "permission",
        Some("Forbidden"),
        &["may not get Secret dify/other"],
    );
}

fn rotated(cluster: &Kubernetes) {
    cluster.store(
        &[
            ("SECRET_KEY", "canary-secret"),
            ("PLUGIN_DAEMON_KEY", "canary-daemon"),
            ("CODE_EXECUTION_API_KEY", "canary-sandbox"),
        ],
        false,
    );
    let key = ["--key", "PLUGIN_DAEMON_KEY"];
    let before = cluster.value("PLUGIN_DAEMON_KEY");
    prove!("rotate/nobody-uses-it", &rotate(cluster, ROTATOR, &key));

    let by_env = json!([{"name": "main", "image": "example.com/image:1",
        "envFrom": [{"secretRef": {"name": "keys"}}]}]);
    let by_volume = json!([{"name": "keys", "secret": {"secretName": "keys",
        "items": [{"key": "PLUGIN_DAEMON_KEY", "path": "SERVER_KEY"}]}}]);
    let other_key = json!([{"name": "keys", "secret": {"secretName": "keys",
        "items": [{"key": "CODE_EXECUTION_API_KEY", "path": "API_KEY"}]}}]);
    cluster.pod("api-1", Some(("ReplicaSet", "dify-api-5d9f7")), &json!({"containers": by_env}));
    cluster.pod("api-2", Some(("ReplicaSet", "dify-api-5d9f7")), &json!({"containers": by_env}));
    cluster.pod("daemon-0", Some(("StatefulSet", "dify-plugin-daemon")), &json!({"volumes": by_volume}));
    cluster.pod("sandbox-1", Some(("ReplicaSet", "dify-sandbox-5d9f7")), &json!({"volumes": other_key}));
    for at in 0..9 {
        cluster.pod(&format!("stranger-{at}"), Some(("ReplicaSet", "stranger-5d9f7")), &json!({}));
    }
    prove!("rotate/unconfirmed", &rotate(cluster, ROTATOR, &key));
    assert_eq!(cluster.value("PLUGIN_DAEMON_KEY"), before, "nothing was to be changed");

    prove!("rotate/done", &rotate(cluster, ROTATOR, &[&key[..], &["--yes"]].concat()));
    assert_ne!(cluster.value("PLUGIN_DAEMON_KEY"), before);

    let (secret, sandbox) = (cluster.value("SECRET_KEY"), cluster.value("CODE_EXECUTION_API_KEY"));
    rotate(cluster, ROTATOR, &["--all", "--yes"])
        .expect_ready(&["new PLUGIN_DAEMON_KEY, CODE_EXECUTION_API_KEY", "deployment/dify-sandbox"]);
    assert_eq!(cluster.value("SECRET_KEY"), secret, "what cannot be rotated stays");
    assert_ne!(cluster.value("CODE_EXECUTION_API_KEY"), sandbox);

    prove!("rotate/may-not-list-pods", &rotate(cluster, KEYS, &[&key[..], &["--yes"]].concat()));
    prove!("rotate/no-such-key", &rotate(cluster, ROTATOR, &["--key", "INNER_API_KEY_FOR_PLUGIN", "--yes"]));
    prove!("rotate/secret-key", &rotate(cluster, ROTATOR, &["--key", "SECRET_KEY", "--yes"]));
    prove!("rotate/password", &rotate(cluster, ROTATOR, &["--key", "DB_PASSWORD", "--yes"]));
    prove!("rotate/pepper", &rotate(cluster, ROTATOR, &["--key", "PASSWORD_PEPPER", "--yes"]));
    cluster.store(&[("PLUGIN_DAEMON_KEY", "canary-daemon")], true);
    prove!("rotate/immutable", &rotate(cluster, ROTATOR, &[&key[..], &["--yes"]].concat()));
    cluster.remove();
    prove!("rotate/no-secret", &rotate(cluster, ROTATOR, &[&key[..], &["--yes"]].concat()));
}

fn out_of_order(mut cluster: Kubernetes) {
    cluster.etcd.kill();
    prove!("secret/no-etcd", &Seen::of(&cluster.run(KEYS, &[&ENSURE[..], &["--deadline", "1s"]].concat())));
}
