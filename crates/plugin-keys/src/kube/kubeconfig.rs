//! A kubeconfig: the context that is current in it, with a token or a client certificate.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use preflight::http::Http;
use preflight::tls::{NamedFile, Pem, Verify, client_config_of};
use preflight::{ConfigError, Env, Secret};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Cluster, Credential};

const KEY: &str = "kubeconfig";

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct File {
    #[serde(default)]
    current_context: String,
    #[serde(default)]
    contexts: Vec<NamedContext>,
    #[serde(default)]
    clusters: Vec<NamedServer>,
    #[serde(default)]
    users: Vec<NamedUser>,
}

#[derive(Deserialize)]
struct NamedContext {
    name: String,
    context: ContextOf,
}

#[derive(Deserialize)]
struct ContextOf {
    cluster: String,
    user: String,
    #[serde(default)]
    namespace: Option<String>,
}

#[derive(Deserialize)]
struct NamedServer {
    name: String,
    cluster: Server,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Server {
    #[serde(rename = "server")]
    url: String,
    #[serde(default)]
    certificate_authority: Option<PathBuf>,
    #[serde(default)]
    certificate_authority_data: Option<String>,
    #[serde(default)]
    insecure_skip_tls_verify: bool,
}

#[derive(Deserialize)]
struct NamedUser {
    name: String,
    user: User,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
struct User {
    #[serde(default)]
    token: Option<String>,
    #[serde(default, rename = "tokenFile")]
    token_file: Option<PathBuf>,
    #[serde(default)]
    client_certificate: Option<PathBuf>,
    #[serde(default)]
    client_certificate_data: Option<String>,
    #[serde(default)]
    client_key: Option<PathBuf>,
    #[serde(default)]
    client_key_data: Option<String>,
    #[serde(default)]
    exec: Option<IgnoredAny>,
    #[serde(default)]
    auth_provider: Option<IgnoredAny>,
}

pub(super) fn resolve(path: &Path, env: &Env) -> Result<Cluster, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError::new(KEY, format!("cannot read {}: {error}", path.display())))?;
    // The parser's own message may quote the file, and with it a key.
    let file: File = serde_saphyr::from_str(&text)
        .map_err(|_| ConfigError::new(KEY, format!("{} is no kubeconfig in YAML", path.display())))?;
    let missing = |what: &str, name: &str| {
        ConfigError::new(KEY, format!("{} has no {what} {name:?}", path.display()))
            .hint("kubectl config get-contexts shows what it has")
    };
    let name = &file.current_context;
    let context = file.contexts.iter().find(|context| &context.name == name);
    let context = &context.ok_or_else(|| missing("context", name))?.context;
    let server = file.clusters.into_iter().find(|cluster| cluster.name == context.cluster);
    let server = server.ok_or_else(|| missing("cluster", &context.cluster))?.cluster;
    let user = file.users.into_iter().find(|user| user.name == context.user);
    let user = user.ok_or_else(|| missing("user", &context.user))?.user;
    if user.exec.is_some() || user.auth_provider.is_some() {
        return Err(ConfigError::new(KEY, format!("user {:?} logs in by another program", context.user))
            .hint("give a kubeconfig with a token or client certificate (kubectl create token)"));
    }
    let home = path.parent().unwrap_or(Path::new("."));
    let http = connect(&server, &user, home)?;
    let credential = match (user.token, user.token_file) {
        (Some(token), _) if !token.is_empty() => {
            let token = Secret::new(token);
            env.learn(&token);
            Credential::Token(token)
        }
        (_, Some(file)) => Credential::TokenFile(home.join(file)),
        _ => Credential::None,
    };
    let namespace = context.namespace.clone().filter(|name| !name.is_empty());
    Ok(Cluster { http, credential, namespace: namespace.unwrap_or_else(|| "default".to_owned()) })
}

fn connect(server: &Server, user: &User, home: &Path) -> Result<Http, ConfigError> {
    let pem = |what: &str, data: Option<&String>, file: Option<&PathBuf>| pem(what, data, file, home);
    let ca = pem(
        "certificate-authority",
        server.certificate_authority_data.as_ref(),
        server.certificate_authority.as_ref(),
    )?;
    let certificate =
        pem("client-certificate", user.client_certificate_data.as_ref(), user.client_certificate.as_ref())?;
    let key = pem("client-key", user.client_key_data.as_ref(), user.client_key.as_ref())?;
    let client = match (&certificate, &key) {
        (Some(certificate), Some(key)) => Some((certificate, key)),
        (None, None) => None,
        _ => return Err(ConfigError::new(KEY, "has only one of client-certificate and client-key")),
    };
    let verify = if server.insecure_skip_tls_verify { Verify::Nothing } else { Verify::Full };
    let config = client_config_of(verify, ca.as_ref(), client)?;
    Http::with_tls(KEY, &server.url, &config)
}

/// Data in the file itself goes before a file that it names, as for kubectl.
fn pem(
    what: &str,
    data: Option<&String>,
    file: Option<&PathBuf>,
    home: &Path,
) -> Result<Option<Pem>, ConfigError> {
    let key = format!("{KEY} ({what})");
    if let Some(data) = data.filter(|data| !data.is_empty()) {
        let text = STANDARD.decode(data.trim()).map_err(|_| ConfigError::new(&key, "is not base64"))?;
        return Ok(Some(Pem { place: format!("{what}-data"), key, text: text.into() }));
    }
    match file.filter(|file| !file.as_os_str().is_empty()) {
        None => Ok(None),
        Some(file) => Pem::read(&NamedFile { key, path: home.join(file) }).map(Some),
    }
}

#[cfg(test)]
mod tests;
