//! Where a token comes from: a service account's key, or what Google's libraries find by themselves ("Application
//! Default Credentials").
//!
//! | source | chosen by | asked |
//! |---|---|---|
//! | a key in the configuration | the service account's JSON | Google's token server |
//! | a file | `GOOGLE_APPLICATION_CREDENTIALS` | the server that it names |
//! | gcloud's own file | `~/.config/gcloud/...` that is there | Google's token server |
//! | the metadata service (workload identity of GKE, or the node's account) | nothing of the above | the node |

use std::path::{Path, PathBuf};

use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env, Finding, Secret};
use serde_json::Value;

use super::exchange::{External, Refresh, ServiceAccount};
use super::metadata::Metadata;
use crate::stores::token::Token;

const FILE: &str = "GOOGLE_APPLICATION_CREDENTIALS";

/// Where a token comes from.
pub(super) enum Source {
    /// An emulator wants none.
    Anonymous,
    ServiceAccount(Box<ServiceAccount>),
    Refresh(Box<Refresh>),
    External(Box<External>),
    Metadata(Box<Metadata>),
}

impl Source {
    pub(super) async fn token(&self) -> Result<Option<Token>, Finding> {
        match self {
            Self::Anonymous => Ok(None),
            Self::ServiceAccount(account) => account.token().await.map(Some),
            Self::Refresh(refresh) => refresh.token().await.map(Some),
            Self::External(external) => external.token().await.map(Some),
            Self::Metadata(metadata) => metadata.token().await.map(Some),
        }
    }

    /// Application Default Credentials, and the project that they name.
    pub(super) fn default(env: &Env, tls: &TlsOptions) -> Result<(Self, Option<String>), ConfigError> {
        let named = env.text(FILE)?.filter(|path| !path.is_empty());
        let file = match named {
            Some(path) => Some(PathBuf::from(path)),
            None => well_known(env)?.filter(|path| path.is_file()),
        };
        let Some(path) = file else {
            return Ok((Self::Metadata(Box::new(Metadata::of(env, tls)?)), None));
        };
        let text = read(&path)?;
        Self::of_json(FILE, &text, env, tls)
    }

    /// The JSON of a credential, whose kind its `type` names.
    pub(super) fn of_json(
        variable: &str,
        text: &str,
        env: &Env,
        tls: &TlsOptions,
    ) -> Result<(Self, Option<String>), ConfigError> {
        let wrong = |problem: String| {
            ConfigError::new(variable, problem)
                .hint("it must be the JSON file of the service account's key, whole")
        };
        let json: Value = serde_json::from_str(text)
            .map_err(|_| wrong("does not hold the JSON of a credential".to_owned()))?;
        for name in ["private_key", "client_secret", "refresh_token"] {
            if let Some(secret) = json.get(name).and_then(Value::as_str) {
                env.learn(&Secret::new(secret));
            }
        }
        let project = json.get("project_id").and_then(Value::as_str).map(str::to_owned);
        let source = match json.get("type").and_then(Value::as_str).unwrap_or_default() {
            "service_account" => Self::ServiceAccount(Box::new(ServiceAccount::of(variable, &json, tls)?)),
            "authorized_user" => Self::Refresh(Box::new(Refresh::of(variable, &json, tls)?)),
            "external_account" => Self::External(Box::new(External::of(variable, &json, tls)?)),
            "" => return Err(wrong("holds JSON that is no credential: it has no type".to_owned())),
            other => {
                return Err(ConfigError::new(variable, format!("holds a credential of type {other:?}"))
                    .hint("use the key of a service account, or the workload identity of the pod"));
            }
        };
        Ok((source, project))
    }
}

/// Where gcloud leaves a user's credential.
fn well_known(env: &Env) -> Result<Option<PathBuf>, ConfigError> {
    let name = "application_default_credentials.json";
    if let Some(folder) = env.text("CLOUDSDK_CONFIG")?.filter(|folder| !folder.is_empty()) {
        return Ok(Some(Path::new(&folder).join(name)));
    }
    let home = env.text("HOME")?.filter(|home| !home.is_empty());
    Ok(home.map(|home| Path::new(&home).join(".config/gcloud").join(name)))
}

fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|error| {
        ConfigError::new(FILE, format!("cannot read {}: {error}", path.display()))
            .hint("mount the file there, or unset it for the workload identity of the pod")
    })
}

/// A text that must be in the JSON of a credential.
pub(super) fn field(variable: &str, json: &Value, name: &str) -> Result<String, ConfigError> {
    let text = json.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    text.map(str::to_owned).ok_or_else(|| {
        ConfigError::new(variable, format!("holds a credential without {name}"))
            .hint("it must be the JSON file of the service account's key, whole")
    })
}
