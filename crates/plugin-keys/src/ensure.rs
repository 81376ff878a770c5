//! The Secret in the cluster: made if missing, completed if it lacks keys, never changed where it has them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use preflight::http::Method;
use preflight::{Check, ConfigError, Finding, Hop, ProbeFuture, Secret};

use crate::keys::{Key, value};
use crate::kube::{Cluster, Session};
use crate::secret::{Changed, Found, Target};
use crate::{generate, make};

/// Somebody else may write at the same moment; more often in a row than this nobody does.
const ROUNDS: u32 = 5;

/// One Secret as a check that makes what it lacks.
pub(crate) struct Ensure {
    target: Target,
    keys: Vec<&'static Key>,
}

/// What a round came to: something to report, or a reason for another.
enum Round {
    Done(Finding),
    Raced,
}

impl Ensure {
    pub(crate) fn new(cluster: Cluster, secret: &str, keys: Vec<&'static Key>) -> Self {
        let target = Target { cluster, name: secret.to_owned(), also_needs: "create on secrets, and " };
        Self { target, keys }
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let session = self.target.cluster.session()?;
        for _ in 0..ROUNDS {
            let round = match self.target.read(&session).await? {
                Some(found) => self.complete(&session, &found).await?,
                None => self.create(&session).await?,
            };
            if let Round::Done(finding) = round {
                return Ok(finding);
            }
        }
        Err(self.target.raced())
    }

    async fn create(&self, session: &Session<'_>) -> Result<Round, Finding> {
        let target = &self.target;
        let values = values(&self.keys)?;
        let namespace = target.cluster.namespace();
        let object = generate::object(&target.name, Some(namespace), &values);
        let body = ("application/json", object.to_string());
        let reply = session.send(Method::POST, &target.collection(), Some(body)).await?;
        match reply.status {
            200..=299 => {
                let what = format!("{} created with {}", target.title(), counted(values.len()));
                Ok(Round::Done(Finding::ready(what)))
            }
            409 => Ok(Round::Raced),
            404 => Err(Finding::suspect(Hop::State, format!("there is no namespace {namespace:?}"))
                .code("NotFound")
                .hint("create it, or check --namespace")),
            _ => Err(target.refused("create", &reply)),
        }
    }

    async fn complete(&self, session: &Session<'_>, found: &Found) -> Result<Round, Finding> {
        let missing: Vec<&'static Key> =
            self.keys.iter().copied().filter(|key| !found.has(key.name)).collect();
        if missing.is_empty() {
            return Ok(Round::Done(self.complete_already(found)));
        }
        let names: Vec<&str> = missing.iter().map(|key| key.name).collect();
        let names = names.join(", ");
        if found.is_immutable() {
            return Err(self.target.immutable(&format!("and lacks {names}")));
        }
        match self.target.change(session, found, &values(&missing)?).await? {
            Changed::Yes => {
                Ok(Round::Done(Finding::ready(format!("{}: added {names}", self.target.title()))))
            }
            Changed::Raced => Ok(Round::Raced),
        }
    }

    fn complete_already(&self, found: &Found) -> Finding {
        let ready = Finding::ready(format!("{} has all {}", self.target.title(), counted(self.keys.len())));
        let wrong = self.keys.iter().filter_map(|key| {
            let bytes = STANDARD.decode(found.value(key.name)?).ok()?;
            let value = Secret::new(String::from_utf8(bytes).ok()?);
            let what = match value::fault(key, value.reveal()) {
                Some(fault) => fault.what,
                None => value::warnings(key, value.reveal()).into_iter().next()?,
            };
            Some(format!("{} there {what}, and was left so", key.name))
        });
        wrong.fold(ready, Finding::warning)
    }
}

/// New values for these keys.
pub(crate) fn values(keys: &[&'static Key]) -> Result<Vec<(&'static str, Secret)>, ConfigError> {
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
        format!("{} at {}", self.target.title(), self.target.cluster.address())
    }

    fn probe(&mut self) -> ProbeFuture<'_> {
        Box::pin(async { self.look().await.unwrap_or_else(|finding| finding) })
    }
}
