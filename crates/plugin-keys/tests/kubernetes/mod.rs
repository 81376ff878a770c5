//! A real API server of Kubernetes with its etcd, and nothing else of a cluster: Secrets and pods are stored, none runs.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed step of a test is a failed test")]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use testbed::{Process, Run, Tool, free_port, peer};

/// Of somebody who may do everything.
const ADMIN: &str = "token-of-the-administrator";
/// Of the account that the chart gives to the Job that makes the keys.
pub const KEYS: &str = "canary-token-of-the-keys-job";
/// Of the same account with the right to list pods.
pub const ROTATOR: &str = "canary-token-of-the-rotator";
/// Of an account without any right.
pub const NOBODY: &str = "canary-token-of-nobody";

pub const NAMESPACE: &str = "dify";

/// A running API server.
pub struct Kubernetes {
    folder: TempDir,
    port: u16,
    _api: Process,
    pub etcd: Process,
}

impl Kubernetes {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let programs = peer("kubernetes-api");
        let (etcd, etcd_port) = start_etcd(&programs, folder.path());
        let port = free_port();
        let api = start_api(&programs, folder.path(), etcd_port, port);
        let cluster = Self { folder, port, _api: api, etcd };
        cluster.wait_until_ready();
        cluster.furnish();
        cluster
    }

    fn wait_until_ready(&self) {
        let start = Instant::now();
        while self.call("GET", "/readyz", None).0 != 200 {
            let log = || fs::read_to_string(self.folder.path().join("api.log")).unwrap_or_default();
            assert!(start.elapsed() < Duration::from_mins(1), "the API server is not ready:\n{}", log());
            sleep(Duration::from_millis(100));
        }
    }

    /// The namespace, and a Role for each account, as the chart writes them.
    fn furnish(&self) {
        self.make("/api/v1/namespaces", &json!({"metadata": {"name": NAMESPACE}}));
        let secrets = [
            json!({"apiGroups": [""], "resources": ["secrets"], "verbs": ["create"]}),
            json!({"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "patch"], "resourceNames": ["keys"]}),
        ];
        let pods = json!({"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]});
        let rbac = format!("/apis/rbac.authorization.k8s.io/v1/namespaces/{NAMESPACE}");
        for (name, rules) in [
            ("keys", secrets.to_vec()),
            ("rotator", [secrets.as_slice(), std::slice::from_ref(&pods)].concat()),
        ] {
            self.make(&format!("{rbac}/roles"), &json!({"metadata": {"name": name}, "rules": rules}));
            let role = json!({"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name});
            let user = json!({"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": name});
            let binding = json!({"metadata": {"name": name}, "roleRef": role, "subjects": [user]});
            self.make(&format!("{rbac}/rolebindings"), &binding);
        }
    }

    /// Stores an object; RBAC may lag behind what was just stored.
    pub fn make(&self, path: &str, object: &Value) {
        let start = Instant::now();
        loop {
            let (status, body) = self.call("POST", path, Some(object));
            if status == 201 {
                return;
            }
            assert!(start.elapsed() < Duration::from_secs(20), "{path}: {status} {body}");
            sleep(Duration::from_millis(100));
        }
    }

    fn secrets() -> String {
        format!("/api/v1/namespaces/{NAMESPACE}/secrets")
    }

    /// Stores the Secret `keys` with these keys in plain text, in place of what is there.
    pub fn store(&self, keys: &[(&str, &str)], immutable: bool) {
        self.call("DELETE", &format!("{}/keys", Self::secrets()), None);
        let data: serde_json::Map<String, Value> =
            keys.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
        let object = json!({"metadata": {"name": "keys"}, "stringData": data, "immutable": immutable});
        self.make(&Self::secrets(), &object);
    }

    pub fn remove(&self) {
        self.call("DELETE", &format!("{}/keys", Self::secrets()), None);
    }

    /// What is stored of a key, as base64.
    pub fn value(&self, key: &str) -> String {
        let (_, body) = self.call("GET", &format!("{}/keys", Self::secrets()), None);
        let secret: Value = serde_json::from_str(&body).unwrap_or_default();
        secret["data"][key].as_str().unwrap_or_default().to_owned()
    }

    /// Stores a pod of a workload that is given the Secret in this way.
    pub fn pod(&self, name: &str, owner: Option<(&str, &str)>, spec: &Value) {
        let mut metadata = json!({"name": name, "labels": {"pod-template-hash": "5d9f7"}});
        if let Some((kind, owner)) = owner {
            metadata["ownerReferences"] = json!([{
                "apiVersion": "apps/v1", "kind": kind, "name": owner, "controller": true,
                "uid": "00000000-0000-4000-8000-000000000000",
            }]);
        }
        let mut spec = spec.clone();
        let container = json!({"name": "main", "image": "example.com/image:1"});
        if spec["containers"].is_null() {
            spec["containers"] = json!([container]);
        }
        self.make(
            &format!("/api/v1/namespaces/{NAMESPACE}/pods"),
            &json!({"metadata": metadata, "spec": spec}),
        );
    }

    /// One request as the administrator. By curl: what is tested must not be what tests.
    fn call(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, String) {
        let url = format!("https://127.0.0.1:{}{path}", self.port);
        let mut command = Command::new("curl");
        command.args(["-sk", "-m", "20", "-X", method, "-w", "\n%{http_code}", "-H"]);
        command.arg(format!("Authorization: Bearer {ADMIN}")).arg(url);
        if let Some(body) = body {
            command.args(["-H", "Content-Type: application/json", "-d", &body.to_string()]);
        }
        let output = command.output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let (body, status) = text.rsplit_once('\n').unwrap_or(("", "0"));
        (status.parse().unwrap_or_default(), body.to_owned())
    }

    /// A call of plugin-keys with a token, its answers as JSON.
    pub fn run(&self, token: &str, arguments: &[&str]) -> Run {
        let path = tempfile::NamedTempFile::new().unwrap().into_temp_path();
        let (port, ca) = (self.port, self.folder.path().join("apiserver.crt"));
        let text = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: test\n\
             contexts:\n- name: test\n  context: {{cluster: c, user: u, namespace: {NAMESPACE}}}\n\
             clusters:\n- name: c\n  cluster: {{server: \"https://127.0.0.1:{port}\", certificate-authority: {}}}\n\
             users:\n- name: u\n  user: {{token: {token}}}\n",
            ca.display()
        );
        fs::write(&path, text).unwrap();
        let run = Tool::new(env!("CARGO_BIN_EXE_plugin-keys"))
            .args(arguments.iter().copied())
            .args(["--output", "json"])
            .env("PREFLIGHT_GRACE", "0s")
            .env("KUBECONFIG", path.display())
            .run();
        run.expect_no("canary");
        run
    }
}

fn start_etcd(programs: &Path, folder: &Path) -> (Process, u16) {
    let (port, peers) = (free_port(), free_port());
    let (clients, peers) = (format!("http://127.0.0.1:{port}"), format!("http://127.0.0.1:{peers}"));
    let mut command = Command::new(programs.join("etcd"));
    command
        .args(["--unsafe-no-fsync", "--data-dir"])
        .arg(folder.join("etcd"))
        .args(["--listen-client-urls", &clients, "--advertise-client-urls", &clients])
        .args(["--listen-peer-urls", &peers, "--initial-advertise-peer-urls", &peers])
        .args(["--initial-cluster", &format!("default={peers}")]);
    let mut etcd = Process::spawn("etcd", folder, command);
    etcd.wait_for_port(port);
    (etcd, port)
}

fn start_api(programs: &Path, folder: &Path, etcd: u16, port: u16) -> Process {
    let key = rcgen::KeyPair::generate().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let tokens = [
        format!("{ADMIN},admin,1,\"system:masters\""),
        format!("{KEYS},keys,2"),
        format!("{ROTATOR},rotator,3"),
        format!("{NOBODY},nobody,4"),
    ];
    let tokens = write("tokens.csv", &tokens.join("\n"));
    let (private, public) = (write("sa.key", &key.serialize_pem()), write("sa.pub", &key.public_key_pem()));
    let mut command = Command::new(programs.join("kube-apiserver"));
    command
        .arg(format!("--etcd-servers=http://127.0.0.1:{etcd}"))
        .arg(format!("--secure-port={port}"))
        .arg(format!("--cert-dir={}", folder.display()))
        .arg(format!("--token-auth-file={tokens}"))
        .arg(format!("--service-account-key-file={public}"))
        .arg(format!("--service-account-signing-key-file={private}"))
        .args(["--bind-address=127.0.0.1", "--service-account-issuer=https://kubernetes.default.svc"])
        .args(["--authorization-mode=RBAC", "--service-cluster-ip-range=10.0.0.0/24"])
        // Pods are stored without the account that a controller would have made.
        .arg("--disable-admission-plugins=ServiceAccount");
    Process::spawn("api", folder, command)
}
