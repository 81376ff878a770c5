//! What is migrated: the check that ends with the lock in hand and a decision, and what proves that it was done.

use std::rc::Rc;

use preflight::{Check, Finding, ProbeFuture};
use tokio::sync::Mutex;

use super::held::Held;
use crate::engine::Session;
use crate::schema::with_warnings;

/// What there is to do.
pub(super) enum Decision {
    /// Nothing, for this reason.
    Nothing(Finding),
    /// The command is to run, for this reason.
    Run(String),
}

/// What the database says after the command has run.
pub(super) enum Proof {
    /// All is there.
    Done(Finding),
    /// No further try will help.
    Broken(Finding),
    /// Not all is there.
    Short(Short),
}

/// What is still missing, in the words of this kind of work.
pub(super) struct Short {
    /// "the schema is at a and not at b".
    pub(super) missing: String,
    /// "the migration failed at a".
    pub(super) failed: String,
    /// Why a command may end with 0 all the same.
    pub(super) hint: &'static str,
    /// What a failed command has left behind, as far as it can be seen.
    pub(super) left: Option<String>,
}

/// A kind of migration.
pub(super) trait Work: 'static {
    /// Takes the lock and decides.
    async fn decide(&mut self, held: &mut Held) -> Result<Decision, Finding>;

    /// Reads the database after the command, which says of itself that it `succeeded` or not.
    async fn prove(&mut self, held: &mut Held, succeeded: bool) -> Result<Proof, Finding>;

    /// Writes down what was proven, while the lock is still held.
    async fn record(&mut self, held: &mut Held, finding: Finding) -> Finding;
}

/// Work, the session that it is done with, and the latest decision.
pub(super) struct Migrator<W> {
    pub(super) held: Held,
    pub(super) work: W,
    /// Set by a look that found something to do.
    pub(super) wants_to_run: Option<String>,
}

impl<W: Work> Migrator<W> {
    pub(super) fn new(session: Session, work: W) -> Self {
        Self { held: Held::new(session), work, wants_to_run: None }
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        self.wants_to_run = None;
        Ok(match self.work.decide(&mut self.held).await? {
            Decision::Nothing(finding) => finding,
            Decision::Run(reason) => {
                self.held.keeps_lock()?;
                self.wants_to_run = Some(reason.clone());
                Finding::ready(reason)
            }
        })
    }

    /// See [`Work::prove`].
    pub(super) async fn prove(&mut self, succeeded: bool) -> Result<Proof, Finding> {
        self.work.prove(&mut self.held, succeeded).await
    }

    /// Notes what was proven and lets everything go.
    pub(super) async fn conclude(&mut self, finding: Finding) -> Finding {
        if !finding.is_ready() {
            return finding;
        }
        let finding = self.work.record(&mut self.held, finding).await;
        self.held.release().await;
        finding
    }
}

/// Shares the migrator with the run, which goes on with its session.
pub(super) struct MigratorCheck<W> {
    pub(super) migrator: Rc<Mutex<Migrator<W>>>,
    pub(super) target: String,
}

impl<W: Work> Check for MigratorCheck<W> {
    fn name(&self) -> &'static str {
        ""
    }

    fn target(&self) -> String {
        self.target.clone()
    }

    fn probe(&mut self) -> ProbeFuture<'_> {
        Box::pin(async {
            let mut migrator = self.migrator.lock().await;
            let finding = migrator.look().await.unwrap_or_else(|finding| finding);
            with_warnings(finding, &migrator.held.session)
        })
    }
}
