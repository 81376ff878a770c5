//! New values for keys that a Secret has, where that loses nothing; and who must be restarted for them.

use preflight::{Check, ConfigError, Finding, Hop, ProbeFuture};

use crate::ensure::values;
use crate::keys::{KEYS, Key, Rotation};
use crate::kube::{Cluster, Session};
use crate::pods::{self, Users};
use crate::secret::{Changed, Found, Target};

/// As often a change of another key in the same Secret may come in between.
const ROUNDS: u32 = 5;

/// Which keys get new values.
pub(crate) enum Which {
    Named(Vec<&'static Key>),
    /// All that the Secret has and that can be rotated.
    All,
}

/// One Secret whose keys are to be replaced.
pub(crate) struct Rotate {
    target: Target,
    which: Which,
    /// Without it nothing is changed.
    confirmed: bool,
}

/// The keys of these names, if each may have a new value.
pub(crate) fn rotatable(names: &[String]) -> Result<Which, ConfigError> {
    if names.is_empty() {
        return Ok(Which::All);
    }
    let keys = crate::keys::chosen(names)?;
    for key in &keys {
        if let Rotation::Refused(why, instead) = key.rotation {
            return Err(ConfigError::new(key.name, format!("cannot be rotated: {why}")).hint(instead));
        }
    }
    Ok(Which::Named(keys))
}

/// What is felt between the new value and the last restart.
fn felt(key: &Key) -> Option<&'static str> {
    match key.rotation {
        Rotation::Free(felt) => Some(felt),
        Rotation::Refused(..) => None,
    }
}

impl Rotate {
    pub(crate) fn new(cluster: Cluster, secret: &str, which: Which, confirmed: bool) -> Self {
        let target = Target { cluster, name: secret.to_owned(), also_needs: "list on pods, and " };
        Self { target, which, confirmed }
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let session = self.target.cluster.session()?;
        let found = self.read(&session).await?;
        let keys = self.keys(&found)?;
        let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
        if found.is_immutable() {
            return Err(self.target.immutable("and cannot be given new values"));
        }
        // Before anything is changed: a try that ends in between has done nothing.
        let users = pods::users(&session, &self.target, &names).await?;
        if !self.confirmed {
            return Ok(self.preview(&keys, &names, &users));
        }
        self.change(&session, found, &keys, &names).await?;
        let done = Finding::ready(format!("{}: new {}", self.target.title(), names.join(", ")));
        Ok(self.told(done, &keys, &users))
    }

    async fn read(&self, session: &Session<'_>) -> Result<Found, Finding> {
        let missing = || {
            Finding::suspect(Hop::State, format!("there is no {}", self.target.title()))
                .code("NotFound")
                .hint("check --secret and --namespace")
        };
        self.target.read(session).await?.ok_or_else(missing)
    }

    fn keys(&self, found: &Found) -> Result<Vec<&'static Key>, Finding> {
        let (keys, missing): (Vec<&'static Key>, Vec<&'static Key>) = match &self.which {
            Which::Named(keys) => keys.iter().partition(|key| found.has(key.name)),
            Which::All => {
                let there = |key: &&Key| found.has(key.name) && felt(key).is_some();
                (KEYS.iter().filter(there).collect(), Vec::new())
            }
        };
        if let Some(key) = missing.first() {
            let what = format!("{} has no {}", self.target.title(), key.name);
            return Err(Finding::suspect(Hop::State, what)
                .code("MISSING")
                .hint("plugin-keys ensure makes it; nothing was changed"));
        }
        if keys.is_empty() {
            let what = format!("{} has no key that can be rotated", self.target.title());
            return Err(Finding::suspect(Hop::State, what).code("MISSING").hint("check --secret"));
        }
        Ok(keys)
    }

    async fn change(
        &self,
        session: &Session<'_>,
        mut found: Found,
        keys: &[&'static Key],
        names: &[&str],
    ) -> Result<(), Finding> {
        for _ in 0..ROUNDS {
            if let Changed::Yes = self.target.change(session, &found, &values(keys)?).await? {
                return Ok(());
            }
            let now = self.read(session).await?;
            // Another key is none of our business; one of ours may just have been rotated, and pods restarted for it.
            if let Some(name) = names.iter().find(|name| now.value(name) != found.value(name)) {
                let what =
                    format!("{name} of {} was changed by somebody else meanwhile", self.target.title());
                return Err(Finding::suspect(Hop::State, what)
                    .code("Conflict")
                    .hint("nothing was changed by this run; look who else rotates, then run it again"));
            }
            found = now;
        }
        Err(self.target.raced())
    }

    /// What would be done.
    fn preview(&self, keys: &[&'static Key], names: &[&str], users: &Users) -> Finding {
        let what = format!("{} would get new {}", self.target.title(), names.join(", "));
        let preview = Finding::never(Hop::Config, what).code("UNCONFIRMED");
        self.told(preview, keys, users).hint("nothing was changed; add --yes to do it")
    }

    /// What is felt, and who must be restarted.
    fn told(&self, finding: Finding, keys: &[&'static Key], users: &Users) -> Finding {
        let felt = keys.iter().filter_map(|key| Some(format!("{}: {}", key.name, felt(key)?)));
        let finding = felt.fold(finding, Finding::warning);
        let namespace = self.target.cluster.namespace();
        match users {
            Users::Known(names) if names.is_empty() => {
                finding.warning("no running pod uses this Secret by its name")
            }
            Users::Known(names) => {
                let (rest, owned): (Vec<&String>, Vec<&String>) =
                    names.iter().partition(|name| name.starts_with("pod/"));
                let mut finding = finding;
                if !owned.is_empty() {
                    let owned: Vec<&str> = owned.iter().map(|name| name.as_str()).collect();
                    finding = finding.warning(format!(
                        "to restart: kubectl -n {namespace} rollout restart {}",
                        owned.join(" ")
                    ));
                }
                if !rest.is_empty() {
                    let rest: Vec<&str> = rest.iter().map(|name| name.as_str()).collect();
                    finding = finding.warning(format!("to replace by hand: {}", rest.join(" ")));
                }
                finding
            }
            Users::Unknown(why) => {
                let mut roles: Vec<&str> = Vec::new();
                for holding in keys.iter().flat_map(|key| key.holdings) {
                    if !roles.contains(&holding.role.as_str()) {
                        roles.push(holding.role.as_str());
                    }
                }
                finding.warning(format!("{why}; restart whoever holds them: {}", roles.join(", ")))
            }
        }
    }
}

impl Check for Rotate {
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
