//! A Kubernetes API that answers as a real one was seen to, for one namespace and its Secrets. What is proven
//! with it is how plugin-keys reads those answers; the cluster scenarios ask a real one.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed step of a test is a failed test")]

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};
use testbed::recorded::{Answer, RecordedHttp, Request};
use testbed::{Run, Tool};

pub const TOKEN: &str = "token-of-the-service-account";
pub const NAMESPACE: &str = "dify";

/// What is to go wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trouble {
    #[default]
    None,
    /// The verb of this method is not in the Role.
    Forbidden(&'static str),
    /// Somebody else changes the Secret between our GET and our PATCH, this often.
    Races(u32),
    /// Somebody else makes the Secret between our GET and our POST.
    MadeMeanwhile,
    /// Somebody else changes the very key between our GET and our PATCH.
    ChangedMeanwhile,
    /// The API server is there, but what it stores in is not.
    NoEtcd,
    /// Something else listens there.
    NoKubernetes,
}

#[derive(Default)]
struct State {
    secret: Option<Value>,
    version: u64,
    trouble: Trouble,
}

/// The server with what it stores.
pub struct RecordedKubernetes {
    pub http: RecordedHttp,
    state: Arc<Mutex<State>>,
}

impl RecordedKubernetes {
    pub fn start(trouble: Trouble) -> Self {
        let state = Arc::new(Mutex::new(State { trouble, ..State::default() }));
        let shared = Arc::clone(&state);
        let http = RecordedHttp::start(move |request| answer(&mut shared.lock().unwrap(), request));
        Self { http, state }
    }

    /// Stores a Secret with these keys in plain text.
    pub fn store(&self, keys: &[(&str, &str)]) {
        let data: serde_json::Map<String, Value> =
            keys.iter().map(|(name, value)| ((*name).to_owned(), encode(value).into())).collect();
        let mut state = self.state.lock().unwrap();
        state.version += 1;
        let metadata =
            json!({"name": "keys", "namespace": NAMESPACE, "resourceVersion": state.version.to_string()});
        state.secret = Some(json!({"metadata": metadata, "data": data}));
    }

    pub fn set(&self, trouble: Trouble) {
        self.state.lock().unwrap().trouble = trouble;
    }

    pub fn set_immutable(&self) {
        self.state.lock().unwrap().secret.as_mut().unwrap()["immutable"] = true.into();
    }

    pub fn secret(&self) -> Value {
        self.state.lock().unwrap().secret.clone().unwrap_or_default()
    }

    /// The stored value of a key, in plain text.
    pub fn value(&self, key: &str) -> String {
        use base64::Engine as _;
        let secret = self.secret();
        let encoded = secret["data"][key].as_str().unwrap_or_else(|| panic!("no {key} in {secret}"));
        let bytes = base64::engine::general_purpose::STANDARD.decode(encoded).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    /// Writes a kubeconfig for it.
    pub fn kubeconfig(&self, folder: &Path, token: &str) -> String {
        let path = folder.join("kubeconfig");
        let port = self.http.port;
        let text = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: test\n\
             contexts:\n- name: test\n  context: {{cluster: c, user: u, namespace: {NAMESPACE}}}\n\
             clusters:\n- name: c\n  cluster:\n    server: http://127.0.0.1:{port}\n\
             users:\n- name: u\n  user:\n    token: {token}\n"
        );
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// `ensure` with a kubeconfig for it.
    pub fn ensure(&self, token: &str, arguments: &[&str]) -> Run {
        self.call("ensure", token, arguments)
    }

    /// A verb with a kubeconfig for it.
    pub fn call(&self, verb: &str, token: &str, arguments: &[&str]) -> Run {
        let folder = tempfile::tempdir().unwrap();
        let kubeconfig = self.kubeconfig(folder.path(), token);
        tool(verb)
            .args(["--secret", "keys"])
            .env("PREFLIGHT_GRACE", "0s")
            .env("PREFLIGHT_DEADLINE", "20s")
            .args(arguments.iter().copied())
            .env("KUBECONFIG", kubeconfig)
            .run()
    }
}

pub fn encode(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

pub fn tool(verb: &str) -> Tool {
    Tool::new(env!("CARGO_BIN_EXE_plugin-keys")).args([verb])
}

fn failure(code: u16, reason: &str, message: &str) -> Answer {
    let body = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "code": code,
    });
    Answer::new(code, &body.to_string())
}

fn answer(state: &mut State, request: &Request) -> Answer {
    let one = format!("/api/v1/namespaces/{NAMESPACE}/secrets/keys");
    let all = format!("/api/v1/namespaces/{NAMESPACE}/secrets");
    match state.trouble {
        Trouble::NoKubernetes => return Answer::new(200, "<html>hello</html>"),
        Trouble::NoEtcd => return failure(500, "InternalError", "etcdserver: leader changed"),
        _ => {}
    }
    if request.headers.get("authorization") != Some(&format!("Bearer {TOKEN}")) {
        return failure(401, "Unauthorized", "Unauthorized");
    }
    let method = request.method.as_str();
    if matches!(state.trouble, Trouble::Forbidden(refused) if refused == method) {
        let verb = match method {
            "GET" => "get",
            "POST" => "create",
            _ => "patch",
        };
        let message = format!(
            "secrets \"keys\" is forbidden: User \"system:serviceaccount:dify:keys\" cannot {verb} resource \
             \"secrets\" in API group \"\" in the namespace \"dify\""
        );
        return failure(403, "Forbidden", &message);
    }
    match (method, request.path.as_str()) {
        ("GET", path) if path == one => match &state.secret {
            Some(secret) => Answer::new(200, &secret.to_string()),
            None => failure(404, "NotFound", "secrets \"keys\" not found"),
        },
        ("POST", path) if path == all => create(state, &request.body),
        ("PATCH", path) if path == one => {
            assert_eq!(request.headers["content-type"], "application/merge-patch+json");
            patch(state, &request.body)
        }
        ("GET", _) => failure(404, "NotFound", "secrets \"keys\" not found"),
        _ => failure(404, "NotFound", "namespaces \"elsewhere\" not found"),
    }
}

fn create(state: &mut State, body: &str) -> Answer {
    if state.trouble == Trouble::MadeMeanwhile {
        state.trouble = Trouble::None;
        state.version += 1;
        let metadata = json!({"resourceVersion": state.version.to_string()});
        state.secret =
            Some(json!({"metadata": metadata, "data": {"SECRET_KEY": encode("of somebody else")}}));
    }
    if state.secret.is_some() {
        return failure(409, "AlreadyExists", "secrets \"keys\" already exists");
    }
    let mut secret: Value = serde_json::from_str(body).unwrap();
    state.version += 1;
    secret["metadata"]["resourceVersion"] = state.version.to_string().into();
    state.secret = Some(secret.clone());
    Answer::new(201, &secret.to_string())
}

fn patch(state: &mut State, body: &str) -> Answer {
    let patch: Value = serde_json::from_str(body).unwrap();
    if let Trouble::Races(left @ 1..) = state.trouble {
        state.trouble = Trouble::Races(left - 1);
        state.version += 1;
        state.secret.as_mut().unwrap()["metadata"]["resourceVersion"] = state.version.to_string().into();
    }
    if state.trouble == Trouble::ChangedMeanwhile {
        state.trouble = Trouble::None;
        state.version += 1;
        let secret = state.secret.as_mut().unwrap();
        secret["metadata"]["resourceVersion"] = state.version.to_string().into();
        secret["data"]["PLUGIN_DAEMON_KEY"] = encode("canary of somebody else").into();
    }
    let version = state.version.to_string();
    let Some(secret) = state.secret.as_mut() else {
        return failure(404, "NotFound", "secrets \"keys\" not found");
    };
    if patch["metadata"]["resourceVersion"] != version.as_str() {
        return failure(
            409,
            "Conflict",
            "Operation cannot be fulfilled on secrets \"keys\": the object has been modified; \
             please apply your changes to the latest version and try again",
        );
    }
    for (name, value) in patch["data"].as_object().unwrap() {
        secret["data"][name] = value.clone();
    }
    state.version += 1;
    secret["metadata"]["resourceVersion"] = state.version.to_string().into();
    Answer::new(200, &secret.to_string())
}

/// Puts TLS in front of a port, with a certificate for 127.0.0.1; returns its port and the CA as PEM.
pub fn behind_tls(upstream: u16) -> (u16, String) {
    let ca_key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, "kubernetes");
    let ca = params.self_signed(&ca_key).unwrap();
    let issuer = rcgen::Issuer::new(params, ca_key);
    let key = rcgen::KeyPair::generate().unwrap();
    let names = vec!["127.0.0.1".to_owned()];
    let certificate = rcgen::CertificateParams::new(names).unwrap().signed_by(&key, &issuer).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(certificate.pem().as_bytes()).unwrap()],
            PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap(),
        )
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let config = Arc::clone(&config);
            thread::spawn(move || relay(client, upstream, config));
        }
    });
    (port, ca.pem())
}

/// One request and one answer at a time, each far smaller than the buffer.
fn relay(client: TcpStream, upstream: u16, config: Arc<rustls::ServerConfig>) {
    let Ok(connection) = rustls::ServerConnection::new(config) else { return };
    let mut client = rustls::StreamOwned::new(connection, client);
    let Ok(mut server) = TcpStream::connect(("127.0.0.1", upstream)) else { return };
    let mut bytes = vec![0; 65536];
    while let Ok(count @ 1..) = client.read(&mut bytes) {
        let _ = server.write_all(&bytes[..count]);
        let Ok(count @ 1..) = server.read(&mut bytes) else { break };
        if client.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _ = server.shutdown(Shutdown::Both);
}
