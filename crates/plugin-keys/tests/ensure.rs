#![allow(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
//! `ensure` against a recorded Kubernetes API.

mod common;

use std::time::Duration;

use common::{NAMESPACE, RecordedKubernetes, TOKEN, Trouble, behind_tls, tool};
use serde_json::Value;
use testbed::{Seen, prove};

fn finding(run: &testbed::Run) -> Value {
    let mut lines = run.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.rfind(|line| line["event"] == "result").unwrap()["finding"].clone()
}

#[test]
fn recorded_kubernetes_a_missing_secret_is_made_with_all_keys() {
    let kubernetes = RecordedKubernetes::start(Trouble::None);
    kubernetes.ensure(TOKEN, &[]).expect(0, &["Secret dify/keys created with 9 keys"]);
    let secret = kubernetes.secret();
    assert_eq!(secret["data"].as_object().unwrap().len(), 9);
    assert_eq!(secret["metadata"]["annotations"]["helm.sh/resource-policy"], "keep");
    assert!(secret["metadata"]["labels"]["app.kubernetes.io/managed-by"].is_string());
    assert_eq!(secret["type"], "Opaque");
    assert_eq!(kubernetes.value("SECRET_KEY").len(), 43);

    let before = kubernetes.secret();
    kubernetes.ensure(TOKEN, &[]).expect(0, &["has all 9 keys"]);
    assert_eq!(kubernetes.secret(), before, "a second run changed something");
}

#[test]
fn recorded_kubernetes_only_missing_keys_are_added() {
    let kubernetes = RecordedKubernetes::start(Trouble::None);
    kubernetes.store(&[("SECRET_KEY", "mine"), ("INNER_API_KEY_FOR_PLUGIN", ""), ("OTHER", "stays")]);
    let keys = ["--key", "SECRET_KEY", "--key", "DB_PASSWORD", "--key", "INNER_API_KEY_FOR_PLUGIN"];
    kubernetes.ensure(TOKEN, &keys).expect(0, &["added DB_PASSWORD"]);
    assert_eq!(kubernetes.value("SECRET_KEY"), "mine");
    assert_eq!(kubernetes.value("OTHER"), "stays");
    assert_eq!(kubernetes.value("INNER_API_KEY_FOR_PLUGIN"), "");
    assert_eq!(kubernetes.value("DB_PASSWORD").len(), 43);
    assert_eq!(kubernetes.secret()["data"].as_object().unwrap().len(), 4);
    kubernetes.ensure(TOKEN, &keys).expect(0, &["INNER_API_KEY_FOR_PLUGIN there is empty, and was left so"]);
}

#[test]
fn recorded_kubernetes_a_race_is_run_again_and_overwrites_nothing() {
    let kubernetes = RecordedKubernetes::start(Trouble::Races(2));
    kubernetes.store(&[("SECRET_KEY", "mine")]);
    kubernetes
        .ensure(TOKEN, &["--key", "SECRET_KEY", "--key", "DB_PASSWORD"])
        .expect(0, &["added DB_PASSWORD"]);
    assert_eq!(kubernetes.value("SECRET_KEY"), "mine");

    let kubernetes = RecordedKubernetes::start(Trouble::MadeMeanwhile);
    kubernetes
        .ensure(TOKEN, &["--key", "SECRET_KEY", "--key", "DB_PASSWORD"])
        .expect(0, &["added DB_PASSWORD"]);
    assert_eq!(kubernetes.value("SECRET_KEY"), "of somebody else");
}

#[test]
fn recorded_kubernetes_many_at_once_agree() {
    let kubernetes = RecordedKubernetes::start(Trouble::None);
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| kubernetes.ensure(TOKEN, &[]).expect(0, &["9 keys"]));
        }
    });
    let posts = kubernetes.http.requests().iter().filter(|request| request.method == "POST").count();
    assert!(posts >= 1);
    assert_eq!(kubernetes.secret()["metadata"]["resourceVersion"], "1", "it was written more than once");
}

#[test]
fn recorded_kubernetes_every_refusal_has_its_own_sentence() {
    let immutable = RecordedKubernetes::start(Trouble::None);
    immutable.store(&[("SECRET_KEY", "mine")]);
    immutable.set_immutable();
    let run = immutable.ensure(TOKEN, &["--output", "json"]);
    assert_eq!((run.code, finding(&run)["code"].as_str()), (69, Some("immutable")));

    let stored = [("SECRET_KEY", "mine")];
    for (trouble, token, arguments, stored, exit, class, hop, code) in [
        (Trouble::None, "wrong", &[][..], &stored[..0], 69, "suspect", "auth", "Unauthorized"),
        (Trouble::Forbidden("GET"), TOKEN, &[], &[], 69, "suspect", "permission", "Forbidden"),
        (Trouble::Forbidden("POST"), TOKEN, &[], &[], 69, "suspect", "permission", "Forbidden"),
        (Trouble::Forbidden("PATCH"), TOKEN, &[], &stored, 69, "suspect", "permission", "Forbidden"),
        (Trouble::None, TOKEN, &["--namespace", "elsewhere"], &[], 69, "suspect", "state", "NotFound"),
        (Trouble::NoEtcd, TOKEN, &["--deadline", "1s"], &[], 75, "not_yet", "state", "InternalError"),
        (Trouble::NoKubernetes, TOKEN, &[], &[], 69, "suspect", "proxy", "200"),
        (Trouble::Races(99), TOKEN, &["--deadline", "1s"], &stored, 75, "not_yet", "state", "Conflict"),
    ] {
        let kubernetes = RecordedKubernetes::start(trouble);
        if !stored.is_empty() {
            kubernetes.store(stored);
        }
        let run = kubernetes.ensure(token, &[&["--output", "json"], arguments].concat());
        let found = finding(&run);
        assert_eq!(run.code, exit, "{trouble:?}: {}", run.output());
        assert_eq!(
            (&found["class"], &found["hop"], &found["code"]),
            (&class.into(), &hop.into(), &code.into())
        );
        if code == "Forbidden" {
            assert!(
                found["message"].as_str().unwrap().contains("system:serviceaccount:dify:keys"),
                "{found}"
            );
            assert!(found["hint"].as_str().unwrap().contains("Role"), "{found}");
        }
    }
}

#[test]
fn recorded_kubernetes_states_that_a_real_one_is_seldom_in() {
    let ensure = |trouble, more: &[&str]| {
        let kubernetes = RecordedKubernetes::start(trouble);
        kubernetes.store(&[("SECRET_KEY", "mine")]);
        Seen::of(&kubernetes.ensure(TOKEN, &[&["--output", "json"], more].concat()))
    };
    prove!("secret/internal-error", &ensure(Trouble::NoEtcd, &["--deadline", "1s"]));
    prove!("secret/conflict", &ensure(Trouble::Races(99), &["--deadline", "1s"]));
    prove!("secret/no-kubernetes", &ensure(Trouble::NoKubernetes, &[]));
    prove!("secret/may-not-create", &{
        let kubernetes = RecordedKubernetes::start(Trouble::Forbidden("POST"));
        Seen::of(&kubernetes.ensure(TOKEN, &["--output", "json"]))
    });
    let other = ["--namespace", "elsewhere"];
    prove!("secret/no-namespace", &ensure(Trouble::None, &other));
}

#[test]
fn recorded_kubernetes_a_race_for_the_same_key_ends_the_rotation() {
    let rotate = |trouble| {
        let kubernetes = RecordedKubernetes::start(trouble);
        kubernetes.store(&[("PLUGIN_DAEMON_KEY", "mine"), ("OTHER", "stays")]);
        let arguments = ["--key", "PLUGIN_DAEMON_KEY", "--yes", "--output", "json"];
        (Seen::of(&kubernetes.call("rotate", TOKEN, &arguments)), kubernetes)
    };
    let (seen, kubernetes) = rotate(Trouble::ChangedMeanwhile);
    prove!("rotate/changed-meanwhile", &seen);
    assert_eq!(kubernetes.value("PLUGIN_DAEMON_KEY"), "canary of somebody else");

    let (seen, kubernetes) = rotate(Trouble::Races(2));
    prove!("rotate/no-list-of-pods", &seen);
    assert_eq!(kubernetes.value("PLUGIN_DAEMON_KEY").len(), 43);
    assert_eq!(kubernetes.value("OTHER"), "stays");
}

#[test]
fn recorded_kubernetes_trouble_that_passes_is_waited_for() {
    let kubernetes = RecordedKubernetes::start(Trouble::NoEtcd);
    std::thread::scope(|scope| {
        let running = scope.spawn(|| kubernetes.ensure(TOKEN, &[]));
        std::thread::sleep(Duration::from_millis(700));
        kubernetes.set(Trouble::None);
        running.join().unwrap().expect(0, &["created"]);
    });
}

#[test]
fn recorded_kubernetes_the_service_account_of_the_pod_is_used() {
    let kubernetes = RecordedKubernetes::start(Trouble::None);
    let (port, ca) = behind_tls(kubernetes.http.port);
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("token", &format!("{TOKEN}\n"));
    write("ca.crt", &ca);
    write("namespace", NAMESPACE);
    let in_pod = || {
        tool("ensure")
            .args(["--secret", "keys"])
            .env("PREFLIGHT_GRACE", "0s")
            .env("PREFLIGHT_DEADLINE", "20s")
            .env("KUBERNETES_SERVICE_HOST", "127.0.0.1")
            .env("KUBERNETES_SERVICE_PORT", port)
            .env("PREFLIGHT_SERVICE_ACCOUNT_DIR", folder.path().display())
    };
    in_pod().run().expect(0, &["Secret dify/keys created with 9 keys"]);

    let (_, other_ca) = behind_tls(1);
    write("ca.crt", &other_ca);
    in_pod().run().expect(69, &["BadSignature"]);
    write("ca.crt", "no CA");
    in_pod().run().expect(69, &["CA of the service account", "no certificate"]);
    write("ca.crt", &ca);

    // The kubelet replaces a token before it expires: the new one is used without a restart.
    write("token", "expired");
    let running = in_pod().args(["--grace", "20s"]).spawn();
    std::thread::sleep(Duration::from_millis(500));
    write("token", TOKEN);
    running.wait().expect(0, &["has all 9 keys"]);

    std::fs::remove_file(folder.path().join("token")).unwrap();
    in_pod().run().expect(69, &["automountServiceAccountToken"]);
}

#[test]
fn an_api_that_is_not_there_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let (host, port) = ("127.0.0.1", testbed::free_port());
    std::fs::write(folder.path().join("token"), TOKEN).unwrap();
    std::fs::write(folder.path().join("ca.crt"), behind_tls(1).1).unwrap();
    tool("ensure")
        .args(["--secret", "keys", "--deadline", "1s"])
        .env("KUBERNETES_SERVICE_HOST", host)
        .env("KUBERNETES_SERVICE_PORT", port)
        .env("PREFLIGHT_SERVICE_ACCOUNT_DIR", folder.path().display())
        .run()
        .expect(75, &["ECONNREFUSED"]);
}

#[test]
fn recorded_kubernetes_no_token_and_no_key_is_seen() {
    let canary = "canary-token-9b1f7c";
    for trouble in [Trouble::None, Trouble::NoEtcd, Trouble::NoKubernetes, Trouble::Forbidden("GET")] {
        let kubernetes = RecordedKubernetes::start(trouble);
        kubernetes.store(&[("SECRET_KEY", "canary-key-4410aa")]);
        for more in [&["-v"][..], &["--print-config"], &["--output", "json", "-v"]] {
            for token in [canary, TOKEN] {
                let run = kubernetes.ensure(token, &[more, &["--deadline", "500ms"]].concat());
                for secret in ["canary", token, &common::encode("canary-key-4410aa")] {
                    run.expect_no(secret);
                }
                if trouble == Trouble::None && token == TOKEN && more[0] != "--print-config" {
                    run.expect_no(&kubernetes.value("DB_PASSWORD"));
                }
            }
        }
    }
}
