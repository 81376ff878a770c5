//! Where the key of a bucket comes from, when the configuration does not hold it: the chain of the AWS SDKs.
//!
//! | source | chosen by | asked |
//! |---|---|---|
//! | environment | `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` | nobody |
//! | web identity (IRSA) | `AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN` | STS |
//! | profile | a shared credentials file that is there | nobody |
//! | container (EKS pod identity, ECS) | `AWS_CONTAINER_CREDENTIALS_FULL_URI`, `..._RELATIVE_URI` | the node's agent |
//! | instance | nothing of the above | the metadata service of the node |
//!
//! The SDK's own chain tries each in turn and says at the end that none had a key. Here the source is known before
//! anything is asked, and each of its steps has its own sentence.

mod container;
mod instance;
mod profile;
mod web_identity;

use std::time::{Duration, SystemTime};

use aws_sdk_s3::config::Credentials;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env, Finding, Hop, Secret};
use serde_json::Value;

pub(crate) use container::Container;
pub(crate) use instance::Instance;
pub(crate) use web_identity::WebIdentity;

/// A key that is about to end is fetched anew.
const MARGIN: Duration = Duration::from_mins(1);

/// Where a key comes from.
pub(crate) enum Source {
    Fixed(Key),
    WebIdentity(Box<WebIdentity>),
    Container(Box<Container>),
    Instance(Box<Instance>),
}

/// A key, for some time.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) id: Secret,
    pub(crate) secret: Secret,
    pub(crate) token: Option<Secret>,
    /// The end of it, if it has one.
    pub(crate) expires: Option<SystemTime>,
}

impl Key {
    /// A key that the configuration holds.
    pub(crate) fn fixed(id: Secret, secret: Secret, token: Option<Secret>) -> Self {
        Self { id, secret, token, expires: None }
    }

    /// Whether it is still good for this try.
    pub(crate) fn is_fresh(&self) -> bool {
        self.expires.is_none_or(|end| end > SystemTime::now() + MARGIN)
    }

    /// The SDK's form. The end is not told: the SDK would look for a new key by itself.
    pub(super) fn credentials(&self) -> Credentials {
        let token = self.token.as_ref().map(|token| token.reveal().to_owned());
        Credentials::new(self.id.reveal(), self.secret.reveal(), token, None, "dify-preflight")
    }

    /// The form of the container agents and of the metadata service.
    fn of_json(body: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(body).ok()?;
        let text = |name: &str| value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        Some(Self {
            id: Secret::new(text("AccessKeyId")?.to_owned()),
            secret: Secret::new(text("SecretAccessKey")?.to_owned()),
            token: text("Token").map(|token| Secret::new(token.to_owned())),
            expires: text("Expiration").and_then(time),
        })
    }
}

impl Source {
    /// What the SDKs would take in this environment.
    pub(crate) fn of_chain(env: &Env, region: &str, tls: &TlsOptions) -> Result<Self, ConfigError> {
        if let Some(key) = from_environment(env)? {
            return Ok(Self::Fixed(key));
        }
        if let Some(identity) = WebIdentity::of(env, region, tls)? {
            return Ok(Self::WebIdentity(Box::new(identity)));
        }
        if let Some(key) = profile::key(env)? {
            return Ok(Self::Fixed(key));
        }
        if let Some(container) = Container::of(env, tls)? {
            return Ok(Self::Container(Box::new(container)));
        }
        Instance::of(env, tls).map(|instance| Self::Instance(Box::new(instance)))
    }

    /// A key that the configuration holds, with the token that belongs to it.
    pub(crate) fn with_token(self, token: Option<Secret>) -> Self {
        match self {
            Self::Fixed(key) if key.token.is_none() => Self::Fixed(Key { token, ..key }),
            other => other,
        }
    }

    /// Whether the environment names a source, so that only the metadata service of the node is left.
    pub(crate) fn is_named(env: &Env) -> Result<bool, ConfigError> {
        let any = [
            "AWS_ACCESS_KEY_ID",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "AWS_PROFILE",
            "AWS_SHARED_CREDENTIALS_FILE",
        ];
        any.iter().try_fold(false, |found, name| Ok(found || env.is_set(name)?))
    }

    /// What is odd about where the key comes from.
    pub(crate) fn warning(&self) -> Option<&'static str> {
        match self {
            // The webhook that gives a pod its role lets the pod pass without one when it fails.
            Self::Instance(_) => {
                Some("this pod was given no role of its own: the key is that of the node's role")
            }
            _ => None,
        }
    }

    /// The key, asked for where it has to be.
    pub(crate) async fn key(&self) -> Result<Key, Finding> {
        match self {
            Self::Fixed(key) => Ok(key.clone()),
            Self::WebIdentity(identity) => identity.key().await,
            Self::Container(container) => container.key().await,
            Self::Instance(instance) => instance.key().await,
        }
    }
}

fn from_environment(env: &Env) -> Result<Option<Key>, ConfigError> {
    let (id, secret) = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
    match (env.secret(id)?, env.secret(secret)?) {
        (Some(id), Some(secret)) => Ok(Some(Key::fixed(id, secret, env.secret("AWS_SESSION_TOKEN")?))),
        (Some(_), None) => Err(ConfigError::new(secret, "is not set, and AWS_ACCESS_KEY_ID is")
            .hint("set both, or neither for the role of the pod")),
        _ => Ok(None),
    }
}

/// `2026-11-23T12:00:00Z`
fn time(text: &str) -> Option<SystemTime> {
    SystemTime::try_from(DateTime::from_str(text, Format::DateTime).ok()?).ok()
}

/// A file with a token, read at every use: the kubelet writes it anew before it ends.
fn token_file(key: &str, path: &str) -> Result<Secret, Finding> {
    let read = std::fs::read_to_string(path).map_err(|error| {
        let finding = Finding::suspect(Hop::Config, format!("{key}: cannot read {path}: {error}"));
        finding.hint(
            "the token is mounted when the pod is made: check its service account, and make the pod anew",
        )
    })?;
    let token = read.trim();
    if token.is_empty() {
        let finding = Finding::suspect(Hop::Config, format!("{key}: {path} is empty"));
        return Err(finding.hint("the token is mounted when the pod is made: make the pod anew"));
    }
    Ok(Secret::new(token.to_owned()))
}

/// A server's words, without a token that it might give back, and no longer than a sentence.
fn words(text: &str, token: &Secret) -> String {
    let text = text.replace(token.reveal(), "***");
    let mut text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.truncate(text.floor_char_boundary(300));
    text
}

#[cfg(test)]
mod tests;
