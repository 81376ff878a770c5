//! The steps of one try, the same for every store: the bucket is found or made, then an object is written, read
//! and deleted.

use preflight::{Check, Finding, Hop, ProbeFuture};

use super::verdict::{Place, Step, Trouble, Verdict};
use super::{Task, verdict};
use crate::cli::Side;

/// A storage whose settings are complete. Each call is one request, or the few that the product needs for it.
pub(crate) trait Store: 'static {
    /// Whose storage it is.
    fn side(&self) -> Side;

    /// What is talked to, without secrets: `s3://dify at minio:9000`.
    fn target(&self) -> String;

    /// What sentences and hints call the bucket, its server and its variables.
    fn place(&self) -> &Place;

    /// Looks at the bucket. [`Verdict::Missing`] if it is not there; a text is a warning about a bucket that may
    /// not be looked at, but may be used for all that is known.
    async fn find(&self) -> Result<Option<String>, Trouble>;

    /// Makes the bucket.
    async fn make(&self) -> Result<Made, Trouble>;

    /// Writes an object; `object` is its name below the place where Dify keeps its files.
    async fn put(&self, object: &str, content: &[u8]) -> Result<(), Trouble>;

    /// Reads an object. [`Verdict::NoObject`] if it is not there.
    async fn get(&self, object: &str) -> Result<Vec<u8>, Trouble>;

    /// Deletes an object, as Dify does it.
    async fn delete(&self, object: &str) -> Result<(), Trouble>;

    /// The name of the scratch object.
    fn scratch(&self, name: &str) -> String {
        format!("dify-preflight/{name}")
    }

    /// What was noticed on the way and does not stop Dify now.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What making a bucket came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Made {
    /// It was made by this call.
    Now,
    /// It was ours before; the server says so.
    Already,
}

/// One store as a check.
pub(super) struct StoreCheck<S> {
    store: S,
    task: Task,
    /// What our making it came to, at this or an earlier try.
    made: Option<Made>,
}

impl<S: Store> StoreCheck<S> {
    pub(super) fn new(store: S, task: Task) -> Self {
        Self { store, task, made: None }
    }

    async fn look(&mut self) -> Finding {
        let warning = match self.store.find().await {
            Ok(warning) => warning,
            Err(trouble) if trouble.verdict == Verdict::Missing && self.task.make && self.made.is_none() => {
                match self.store.make().await {
                    Ok(made) => self.made = Some(made),
                    Err(trouble) => return self.judge(Step::Make, &trouble),
                }
                None
            }
            Err(trouble) => return self.judge(Step::Look, &trouble),
        };
        let finding = match self.round_trip().await {
            Ok(finding) => match self.keys_of_tenants().await {
                Ok(told) => {
                    let finding = Finding { message: format!("{}{told}", finding.message), ..finding };
                    warning.into_iter().fold(finding, Finding::warning)
                }
                Err(finding) => return finding,
            },
            Err((step, trouble)) => self.judge(step, &trouble),
        };
        self.store.warnings().into_iter().fold(finding, Finding::warning)
    }

    async fn round_trip(&self) -> Result<Finding, (Step, Trouble)> {
        let (store, content) = (&self.store, self.task.scratch.content.as_bytes());
        let object = store.scratch(&self.task.scratch.name);
        store.put(&object, content).await.map_err(|trouble| (Step::Write, trouble))?;
        let read = store.get(&object).await;
        // Whatever was read, nothing of ours shall stay.
        let deleted = store.delete(&object).await;
        let read = read.map_err(|trouble| (Step::Read, trouble))?;
        if read != content {
            let what = "gave back something else than was written";
            return Err((Step::Read, Trouble::new(Verdict::WrongProduct(what.to_owned()))));
        }
        let place = store.place();
        let made = if self.made == Some(Made::Now) { "created, and " } else { "" };
        match deleted {
            Ok(()) => Ok(Finding::ready(format!("{place}: {made}written to, read from and deleted from"))),
            Err(trouble) if trouble.verdict == Verdict::Forbidden => {
                let code = trouble.code.map(|code| format!(" ({code})")).unwrap_or_default();
                let finding = Finding::ready(format!("{place}: {made}written to and read from"));
                Ok(finding.warning(format!(
                    "{} may not delete: object {object} stays, and Dify cannot remove files{code}",
                    place.who()
                )))
            }
            Err(trouble) => Err((Step::Delete, trouble)),
        }
    }

    /// Dify keeps a private key for each workspace here and nowhere else. In a store that is another than the one which
    /// belongs to the database they are missing, and no credential of any workspace can be read.
    async fn keys_of_tenants(&self) -> Result<String, Finding> {
        let tenants = &self.task.tenants;
        let mut missing = Vec::new();
        for tenant in tenants {
            match self.store.get(&tenant.object()).await {
                Ok(key) if key.starts_with(b"-----BEGIN ") => {}
                Ok(_) => missing.push(tenant.id()),
                Err(trouble) if trouble.verdict == Verdict::NoObject => missing.push(tenant.id()),
                Err(trouble) => return Err(self.judge(Step::Read, &trouble)),
            }
        }
        let place = self.store.place();
        match (tenants.len(), missing.first()) {
            (0, _) => Ok(String::new()),
            (1, None) => Ok(", and holds the private key of the workspace".to_owned()),
            (count, None) => Ok(format!(", and holds the private keys of all {count} workspaces")),
            (count, Some(first)) => {
                let lost = missing.len();
                let what = format!(
                    "{place} lacks the private keys of {lost} of {count} workspaces, such as {first}"
                );
                Err(Finding::suspect(Hop::State, what).hint(
                    "this is not the storage that belongs to the database: name or restore that one, or give up all \
                     stored credentials with flask reset-encrypt-key-pair",
                ))
            }
        }
    }

    /// A bucket that was made a moment ago may be known to a part of the server only.
    fn judge(&self, step: Step, trouble: &Trouble) -> Finding {
        if trouble.verdict == Verdict::Missing && self.made.is_some() {
            return verdict::made_but_missing(self.store.place(), trouble);
        }
        verdict::judge(self.store.place(), step, trouble)
    }
}

impl<S: Store> Check for StoreCheck<S> {
    fn name(&self) -> &'static str {
        self.store.side().name()
    }

    fn target(&self) -> String {
        self.store.target()
    }

    fn probe(&mut self) -> ProbeFuture<'_> {
        Box::pin(self.look())
    }
}
