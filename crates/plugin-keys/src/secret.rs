//! One Secret in the cluster: how it is found, what of it is looked at, and why it may not be.

use std::collections::BTreeMap;

use preflight::http::{Method, Reply};
use preflight::{Finding, Hop, Secret};
use serde::Deserialize;

use crate::generate;
use crate::kube::{Cluster, Session, status};

/// The part of a Secret that is looked at.
#[derive(Deserialize)]
pub(crate) struct Found {
    pub(crate) metadata: Metadata,
    #[serde(default)]
    data: Option<BTreeMap<String, String>>,
    #[serde(default)]
    immutable: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Metadata {
    pub(crate) resource_version: String,
}

/// What became of a change.
pub(crate) enum Changed {
    Yes,
    /// Somebody else changed or deleted it since it was read.
    Raced,
}

/// A Secret by its name.
pub(crate) struct Target {
    pub(crate) cluster: Cluster,
    pub(crate) name: String,
    /// What a Role must allow, beside get and patch on this name.
    pub(crate) also_needs: &'static str,
}

impl Found {
    /// The stored value of a key, as base64.
    pub(crate) fn value(&self, key: &str) -> Option<&str> {
        self.data.as_ref()?.get(key).map(String::as_str)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.value(key).is_some()
    }

    pub(crate) fn is_immutable(&self) -> bool {
        self.immutable == Some(true)
    }
}

impl Target {
    /// What it is called in sentences.
    pub(crate) fn title(&self) -> String {
        format!("Secret {}/{}", self.cluster.namespace(), self.name)
    }

    pub(crate) fn collection(&self) -> String {
        format!("/api/v1/namespaces/{}/secrets", self.cluster.namespace())
    }

    fn path(&self) -> String {
        format!("{}/{}", self.collection(), self.name)
    }

    /// Reads it; `None` if it is not there.
    pub(crate) async fn read(&self, session: &Session<'_>) -> Result<Option<Found>, Finding> {
        let reply = session.send(Method::GET, &self.path(), None).await?;
        match reply.status {
            200 => serde_json::from_str(&reply.body).map(Some).map_err(|_| session.no_kubernetes(&reply)),
            404 => Ok(None),
            _ => Err(self.refused("get", &reply)),
        }
    }

    /// Writes these values if nobody wrote since it was read.
    pub(crate) async fn change(
        &self,
        session: &Session<'_>,
        found: &Found,
        values: &[(&'static str, Secret)],
    ) -> Result<Changed, Finding> {
        // With the version that was read, the server refuses the patch if anybody wrote in between.
        let change = serde_json::json!({
            "metadata": {"resourceVersion": found.metadata.resource_version},
            "data": generate::data(values),
        });
        let body = ("application/merge-patch+json", change.to_string());
        let reply = session.send(Method::PATCH, &self.path(), Some(body)).await?;
        match reply.status {
            200..=299 => Ok(Changed::Yes),
            409 | 404 => Ok(Changed::Raced),
            _ => Err(self.refused("patch", &reply)),
        }
    }

    /// Why it cannot be changed by anybody.
    pub(crate) fn immutable(&self, why: &str) -> Finding {
        Finding::suspect(Hop::State, format!("{} is immutable {why}", self.title()))
            .code("immutable")
            .hint("replace it by one that has all keys; keep the values that it has")
    }

    pub(crate) fn raced(&self) -> Finding {
        let what = format!("{} is being changed by somebody else", self.title());
        Finding::not_yet(Hop::State, what)
            .code("Conflict")
            .hint("look who else writes it: a second Job, an operator, a sync tool")
    }

    pub(crate) fn refused(&self, verb: &str, reply: &Reply) -> Finding {
        let said = status(reply);
        let name = self.title();
        let found = match reply.status {
            401 => Finding::suspect(Hop::Auth, "the Kubernetes API does not accept the token or certificate")
                .hint("check the service account of this pod, or the user of the kubeconfig"),
            403 => {
                let what = format!("may not {verb} {name}: {}", said.message);
                Finding::suspect(Hop::Permission, what).hint(format!(
                    "the Role of this service account must allow {}get and patch on {:?}",
                    self.also_needs, self.name
                ))
            }
            408 | 429 | 500.. => Finding::not_yet(
                Hop::State,
                format!("the Kubernetes API cannot serve the request: {}", said.message),
            )
            .hint("look at the control plane: the API server or its etcd is overloaded or restarts"),
            _ => Finding::suspect(Hop::State, format!("cannot {verb} {name}: {}", said.message)),
        };
        found.code(said.reason)
    }
}
