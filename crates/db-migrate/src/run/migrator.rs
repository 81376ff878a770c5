//! The check that ends with the lock in hand and a decision.

use std::rc::Rc;

use preflight::report::Reporter;
use preflight::{Check, Finding, Hop, ProbeFuture};
use tokio::sync::Mutex;

use crate::database::lacks_extension;
use crate::decision::{Action, OnAhead, State};
use crate::engine::{Server, Session};
use crate::graph::{Graph, Ids};
use crate::lock::Lock;
use crate::schema::with_warnings;

/// The one session that holds the lock during the whole run.
pub(super) struct Migrator {
    pub(super) session: Session,
    pub(super) graph: Graph,
    on_ahead: OnAhead,
    pub(super) lock: Lock,
    lock_was_lost: bool,
    /// Set by a look that found something to migrate: from where to where.
    pub(super) wants_to_run: Option<String>,
}

impl Migrator {
    pub(super) fn new(session: Session, graph: Graph, on_ahead: OnAhead) -> Self {
        Self { session, graph, on_ahead, lock: Lock::default(), lock_was_lost: false, wants_to_run: None }
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        self.wants_to_run = None;
        let session = &mut self.session;
        if !self.lock.take(session).await? {
            let server = Server::read(session).await?;
            let holder = server.holder.unwrap_or_else(|| "a session that ended just now".to_owned());
            return Err(Finding::not_yet(
                Hop::State,
                format!("the migration lock of {} is held by {holder}", session.target()),
            )
            .code("locked")
            .hint("another migration is running; this one goes on when it has ended"));
        }
        let server = Server::read(session).await?;
        let database = server.database(session, &self.graph).await?;
        let state = State::of(&self.graph, &database);
        match state.for_migrator(&self.graph, &database.rows, self.on_ahead) {
            Action::Nothing(finding) => Ok(finding),
            Action::Refuse(mut finding) => {
                finding.warnings.extend(server.half_applied(session, &self.graph, &database.rows).await?);
                Err(finding)
            }
            Action::Run(reason) => {
                if let Some(refusal) = server.refusal(session, true) {
                    return Err(refusal);
                }
                if state == State::Empty
                    && let Some(refusal) = lacks_extension(session).await?
                {
                    return Err(refusal);
                }
                if !self.lock.is_held(session) {
                    return Err(Finding::not_yet(
                        Hop::State,
                        "the connection that held the migration lock broke",
                    )
                    .code("lock_lost"));
                }
                self.lock_was_lost = false;
                self.wants_to_run = Some(reason.clone());
                Ok(Finding::ready(reason))
            }
        }
    }

    /// What the database looks like now.
    pub(super) async fn state(&mut self) -> Result<(State, Ids), Finding> {
        let server = Server::read(&mut self.session).await?;
        let database = server.database(&mut self.session, &self.graph).await?;
        Ok((State::of(&self.graph, &database), database.rows))
    }

    /// What a failed migration has left behind, as far as it can be seen.
    pub(super) async fn left_behind(&mut self, rows: &Ids) -> Option<String> {
        let server = Server::read(&mut self.session).await.ok()?;
        server.half_applied(&mut self.session, &self.graph, rows).await.ok().flatten()
    }

    /// Says so, once, when the lock was lost while the command runs. Asking also keeps the connection alive.
    pub(super) async fn watch_lock(&mut self, reporter: &Reporter) {
        if !self.lock_was_lost && !self.lock.is_alive(&mut self.session).await {
            self.lock_was_lost = true;
            reporter.note(
                "the connection that held the migration lock broke; a second migrator would not be held back now",
            );
        }
    }
}

/// Shares the migrator with the run, which goes on with its session.
pub(super) struct MigratorCheck {
    pub(super) migrator: Rc<Mutex<Migrator>>,
    pub(super) target: String,
}

impl Check for MigratorCheck {
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
            with_warnings(finding, &migrator.session)
        })
    }
}
