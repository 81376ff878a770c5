//! The Kubernetes API: where it is, how one is known to it, and one request at a time.

mod in_cluster;
mod kubeconfig;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use preflight::http::{Http, Method, Reply};
use preflight::{ConfigError, Env, Finding, Secret};
use serde::Deserialize;

/// A cluster that can be asked.
pub(crate) struct Cluster {
    http: Http,
    credential: Credential,
    namespace: String,
}

/// How a request proves who sends it; a client certificate is part of the TLS configuration.
enum Credential {
    None,
    Token(Secret),
    /// Read anew for every session: the kubelet replaces it before it expires.
    TokenFile(PathBuf),
}

impl Cluster {
    /// As kubectl does: `KUBECONFIG` if it is set, the pod's service account, `~/.kube/config`.
    pub(crate) fn resolve(env: &Env, namespace: Option<&str>) -> Result<Self, ConfigError> {
        let mut cluster = if let Some(path) = env.text("KUBECONFIG")?.filter(|path| !path.is_empty()) {
            kubeconfig::resolve(&first(&path)?, env)?
        } else if let Some(host) = env.text("KUBERNETES_SERVICE_HOST")?.filter(|host| !host.is_empty()) {
            in_cluster::resolve(env, &host)?
        } else {
            let path = env
                .text("HOME")?
                .map(|home| Path::new(&home).join(".kube/config"))
                .filter(|path| path.is_file())
                .ok_or_else(|| {
                    ConfigError::new(
                        "KUBERNETES_SERVICE_HOST",
                        "is not set, nor is KUBECONFIG: no cluster is known",
                    )
                    .hint("run it in a pod with a service account, or give a kubeconfig")
                })?;
            kubeconfig::resolve(&path, env)?
        };
        if let Some(namespace) = namespace {
            namespace.clone_into(&mut cluster.namespace);
        }
        Ok(cluster)
    }

    pub(crate) fn namespace(&self) -> &str {
        &self.namespace
    }

    pub(crate) fn address(&self) -> String {
        self.http.address().to_string()
    }

    /// A try's worth of requests, with the credential of this moment.
    pub(crate) fn session(&self) -> Result<Session<'_>, Finding> {
        let token = match &self.credential {
            Credential::None => None,
            Credential::Token(token) => Some(Arc::new(token.clone())),
            Credential::TokenFile(path) => Some(Arc::new(read_token(path)?)),
        };
        Ok(Session { cluster: self, token })
    }
}

/// `KUBECONFIG` may be a list; merging several is not needed for one Secret.
fn first(list: &str) -> Result<PathBuf, ConfigError> {
    let mut paths = std::env::split_paths(list).filter(|path| path.is_file());
    paths.next().ok_or_else(|| {
        ConfigError::new("KUBECONFIG", format!("there is no file {list}"))
            .hint("give the path of a kubeconfig, or unset it to use the pod's service account")
    })
}

fn read_token(path: &Path) -> Result<Secret, ConfigError> {
    let token = std::fs::read_to_string(path).map_err(|error| {
        ConfigError::new("service account token", format!("cannot read {}: {error}", path.display()))
            .hint("set automountServiceAccountToken for this pod")
    })?;
    Ok(Secret::new(token.trim()))
}

/// Requests with one credential.
pub(crate) struct Session<'a> {
    cluster: &'a Cluster,
    token: Option<Arc<Secret>>,
}

impl Session<'_> {
    /// Sends a request; a body comes with its type.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<(&str, String)>,
    ) -> Result<Reply, Finding> {
        let http = &self.cluster.http;
        let mut request = http.request(method, path).header("accept", "application/json");
        if let Some(token) = &self.token {
            request = request.bearer_auth(token.reveal());
        }
        if let Some((kind, body)) = body {
            request = request.header("content-type", kind).body(body);
        }
        http.send(request).await
    }

    /// Something answered that is no Kubernetes API.
    pub(crate) fn no_kubernetes(&self, reply: &Reply) -> Finding {
        Finding::suspect(
            preflight::Hop::Proxy,
            format!("{} answers, but not as a Kubernetes API", self.cluster.address()),
        )
        .code(reply.status.to_string())
        .hint("check KUBERNETES_SERVICE_HOST, or the server in the kubeconfig")
    }
}

/// The server's reason for a refusal.
#[derive(Deserialize, Default)]
pub(crate) struct Status {
    #[serde(default)]
    pub(crate) message: String,
    #[serde(default)]
    pub(crate) reason: String,
}

/// Reads the `Status` object of a refusal; an answer without one has its number for a reason.
pub(crate) fn status(reply: &Reply) -> Status {
    let mut status: Status = serde_json::from_str(&reply.body).unwrap_or_default();
    if status.reason.is_empty() {
        status.reason = reply.status.to_string();
    }
    if status.message.is_empty() {
        status.message = format!("HTTP {}", reply.status);
    }
    status
}
