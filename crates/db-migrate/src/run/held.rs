//! The one session of a run, and the lock that it holds until the end.

use preflight::report::Reporter;
use preflight::{Finding, Hop};

use crate::engine::{Server, Session};
use crate::lock::Lock;

/// A session, and the migration lock of its database.
pub(super) struct Held {
    pub(super) session: Session,
    lock: Lock,
    lock_was_lost: bool,
}

impl Held {
    /// Nothing is connected or locked yet.
    pub(super) fn new(session: Session) -> Self {
        Self { session, lock: Lock::default(), lock_was_lost: false }
    }

    /// Takes the lock, or says who has it.
    pub(super) async fn take_lock(&mut self) -> Result<(), Finding> {
        let session = &mut self.session;
        if self.lock.take(session).await? {
            return Ok(());
        }
        let server = Server::read(session).await?;
        let holder = server.holder.unwrap_or_else(|| "a session that ended just now".to_owned());
        Err(Finding::not_yet(
            Hop::State,
            format!("the migration lock of {} is held by {holder}", session.target()),
        )
        .code("locked")
        .hint("another migration is running; this one goes on when it has ended"))
    }

    /// To be asked last before a command runs: what was looked up meanwhile may have taken long.
    pub(super) fn keeps_lock(&mut self) -> Result<(), Finding> {
        if !self.lock.is_held(&self.session) {
            return Err(Finding::not_yet(Hop::State, "the connection that held the migration lock broke")
                .code("lock_lost"));
        }
        self.lock_was_lost = false;
        Ok(())
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

    /// Lets everything go, politely.
    pub(super) async fn release(&mut self) {
        self.session.close().await;
        self.lock.release().await;
    }
}
