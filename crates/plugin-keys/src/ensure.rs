//! The Secret in the cluster: made if missing, completed if it lacks keys, never changed where it has them.

use std::collections::BTreeMap;

use preflight::http::{Method, Reply};
use preflight::{Check, ConfigError, Finding, Hop, ProbeFuture, Secret};
use serde::Deserialize;
use serde_json::json;

use crate::keys::Key;
use crate::kube::{Cluster, Session, status};
use crate::{generate, make};

/// Somebody else may write at the same moment; more often in a row than this nobody does.
const ROUNDS: u32 = 5;

/// The part of a Secret that is looked at.
#[derive(Deserialize)]
struct Found {
    metadata: Metadata,
    #[serde(default)]
    data: Option<BTreeMap<String, String>>,
    #[serde(default)]
    immutable: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    resource_version: String,
}

/// One Secret as a check that makes what it lacks.
pub(crate) struct Ensure {
    cluster: Cluster,
    secret: String,
    keys: Vec<&'static Key>,
}

/// What a round came to: something to report, or a reason for another.
enum Round {
    Done(Finding),
    Raced,
}

impl Ensure {
    pub(crate) fn new(cluster: Cluster, secret: &str, keys: Vec<&'static Key>) -> Self {
        Self { cluster, secret: secret.to_owned(), keys }
    }

    fn name(&self) -> String {
        format!("Secret {}/{}", self.cluster.namespace(), self.secret)
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let session = self.cluster.session()?;
        for _ in 0..ROUNDS {
            match self.round(&session).await? {
                Round::Done(finding) => return Ok(finding),
                Round::Raced => {}
            }
        }
        Err(Finding::not_yet(Hop::State, format!("{} is being changed by somebody else", self.name()))
            .code("Conflict"))
    }

    async fn round(&self, session: &Session<'_>) -> Result<Round, Finding> {
        let path = format!("{}/{}", self.collection(), self.secret);
        let reply = session.send(Method::GET, &path, None).await?;
        match reply.status {
            200 => self.complete(session, &path, &reply).await,
            404 => self.create(session).await,
            _ => Err(self.refused("get", &reply)),
        }
    }

    fn collection(&self) -> String {
        format!("/api/v1/namespaces/{}/secrets", self.cluster.namespace())
    }

    async fn create(&self, session: &Session<'_>) -> Result<Round, Finding> {
        let values = values(&self.keys)?;
        let object = generate::object(&self.secret, Some(self.cluster.namespace()), &values);
        let body = ("application/json", object.to_string());
        let reply = session.send(Method::POST, &self.collection(), Some(body)).await?;
        match reply.status {
            200..=299 => {
                let what = format!("{} created with {}", self.name(), counted(values.len()));
                Ok(Round::Done(Finding::ready(what)))
            }
            409 => Ok(Round::Raced),
            404 => Err(Finding::suspect(
                Hop::State,
                format!("there is no namespace {:?}", self.cluster.namespace()),
            )
            .code("NotFound")
            .hint("create it, or check --namespace")),
            _ => Err(self.refused("create", &reply)),
        }
    }

    async fn complete(&self, session: &Session<'_>, path: &str, reply: &Reply) -> Result<Round, Finding> {
        let found: Found = serde_json::from_str(&reply.body).map_err(|_| session.no_kubernetes(reply))?;
        let data = found.data.unwrap_or_default();
        let missing: Vec<&'static Key> =
            self.keys.iter().copied().filter(|key| !data.contains_key(key.name)).collect();
        if missing.is_empty() {
            return Ok(Round::Done(self.complete_already(&data)));
        }
        let names: Vec<&str> = missing.iter().map(|key| key.name).collect();
        let names = names.join(", ");
        if found.immutable == Some(true) {
            return Err(Finding::suspect(
                Hop::State,
                format!("{} is immutable and lacks {names}", self.name()),
            )
            .code("immutable")
            .hint("replace it by one that has all keys; keep the values that it has"));
        }
        // With the version that was read, the server refuses the patch if anybody wrote in between.
        let change = json!({
            "metadata": {"resourceVersion": found.metadata.resource_version},
            "data": generate::data(&values(&missing)?),
        });
        let body = ("application/merge-patch+json", change.to_string());
        let reply = session.send(Method::PATCH, path, Some(body)).await?;
        match reply.status {
            200..=299 => Ok(Round::Done(Finding::ready(format!("{}: added {names}", self.name())))),
            // Changed, or deleted, since it was read.
            409 | 404 => Ok(Round::Raced),
            _ => Err(self.refused("patch", &reply)),
        }
    }

    fn complete_already(&self, data: &BTreeMap<String, String>) -> Finding {
        let ready = Finding::ready(format!("{} has all {}", self.name(), counted(self.keys.len())));
        let empty: Vec<&str> = self
            .keys
            .iter()
            .filter(|key| !key.may_be_empty && data.get(key.name).is_some_and(String::is_empty))
            .map(|key| key.name)
            .collect();
        if empty.is_empty() {
            return ready;
        }
        ready.warning(format!("empty there, and left so: {}", empty.join(", ")))
    }

    fn refused(&self, verb: &str, reply: &Reply) -> Finding {
        let said = status(reply);
        let name = self.name();
        let found = match reply.status {
            401 => Finding::suspect(Hop::Auth, "the Kubernetes API does not accept the token or certificate")
                .hint("check the service account of this pod, or the user of the kubeconfig"),
            403 => Finding::suspect(Hop::Permission, format!("may not {verb} {name}: {}", said.message)).hint(
                format!(
                    "the Role of this service account must allow create on secrets, and get and patch on {:?}",
                    self.secret
                ),
            ),
            408 | 429 | 500.. => {
                Finding::not_yet(Hop::State, format!("the Kubernetes API cannot serve the request: {}", said.message))
            }
            _ => Finding::suspect(Hop::State, format!("cannot {verb} {name}: {}", said.message)),
        };
        found.code(said.reason)
    }
}

fn values(keys: &[&'static Key]) -> Result<Vec<(&'static str, Secret)>, ConfigError> {
    keys.iter().map(|key| Ok((key.name, make::value(key)?))).collect()
}

fn counted(keys: usize) -> String {
    if keys == 1 { "1 key".to_owned() } else { format!("{keys} keys") }
}

impl Check for Ensure {
    fn name(&self) -> &'static str {
        ""
    }

    fn target(&self) -> String {
        format!("{} at {}", self.name(), self.cluster.address())
    }

    fn probe(&mut self) -> ProbeFuture<'_> {
        Box::pin(async { self.look().await.unwrap_or_else(|finding| finding) })
    }
}
