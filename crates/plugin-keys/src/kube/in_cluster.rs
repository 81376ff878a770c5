//! The pod's own service account.

use std::path::Path;

use preflight::http::Http;
use preflight::tls::{NamedFile, TlsOptions};
use preflight::{Address, ConfigError, Env};

use super::{Cluster, Credential};

/// Where the kubelet puts token, CA and namespace; another place can be named for tests and odd runtimes.
const FOLDER: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
const FOLDER_KEY: &str = "PREFLIGHT_SERVICE_ACCOUNT_DIR";

pub(super) fn resolve(env: &Env, host: &str) -> Result<Cluster, ConfigError> {
    let port: u16 = env.number("KUBERNETES_SERVICE_PORT", 443)?;
    let folder = env.text_or(FOLDER_KEY, FOLDER)?;
    let folder = Path::new(&folder);
    let (ca, token) = (folder.join("ca.crt"), folder.join("token"));
    if !token.is_file() {
        return Err(ConfigError::new("service account token", format!("there is no {}", token.display()))
            .hint("set automountServiceAccountToken and serviceAccountName for this pod"));
    }
    let ca = NamedFile { key: "CA of the service account".to_owned(), path: ca };
    let base = format!("https://{}", Address::new(host, port));
    let http =
        Http::new("KUBERNETES_SERVICE_HOST", &base, &TlsOptions { ca: Some(ca), ..TlsOptions::default() })?;
    let namespace = std::fs::read_to_string(folder.join("namespace")).unwrap_or_default();
    let namespace = Some(namespace.trim()).filter(|name| !name.is_empty()).unwrap_or("default");
    Ok(Cluster { http, credential: Credential::TokenFile(token), namespace: namespace.to_owned() })
}
