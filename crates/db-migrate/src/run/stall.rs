//! A migration that makes no progress, and what it waits for.

use std::time::{Duration, Instant};

use preflight::wait::seconds;

use crate::engine::{Server, Session};
use crate::postgres::activity;

/// Watches from beside; a question that fails says nothing.
pub(super) struct Stall {
    limit: Duration,
    since: Instant,
    last: Vec<String>,
}

/// A statement that is being executed.
struct Statement {
    pid: String,
    since: String,
    seconds: u64,
    text: String,
    blocked_by: Option<String>,
}

impl Stall {
    pub(super) fn new(limit: Duration) -> Self {
        Self { limit, since: Instant::now(), last: Vec::new() }
    }

    /// How often to look.
    pub(super) fn pause(&self) -> Duration {
        (self.limit / 3).min(Duration::from_secs(15))
    }

    /// A sentence each time that nothing has changed for so long.
    pub(super) async fn look(&mut self, session: &mut Session) -> Option<String> {
        let Session::Postgres(_) = session else { return None };
        let statements = statements(session).await?;
        let revisions = Server::read(session).await.ok()?.revisions(session).await.ok()?;
        let mut present: Vec<String> = revisions.into_iter().collect();
        present.extend(statements.iter().map(|statement| format!("{} {}", statement.pid, statement.since)));
        if present != self.last {
            self.last = present;
            self.since = Instant::now();
            return None;
        }
        if self.since.elapsed() < self.limit {
            return None;
        }
        self.since = Instant::now();
        Some(said(&statements, self.limit))
    }
}

fn said(statements: &[Statement], limit: Duration) -> String {
    let limit = seconds(limit);
    let time = |statement: &Statement| seconds(Duration::from_secs(statement.seconds));
    if let Some(waiting) = statements.iter().find(|statement| statement.blocked_by.is_some()) {
        let holder = waiting.blocked_by.as_deref().unwrap_or_default();
        return format!(
            "no progress for {limit}: process {} of the migration has been waiting for {} for a lock held by {holder}; it executes: {}; end that session (SELECT pg_terminate_backend(...)) and the migration goes on",
            waiting.pid,
            time(waiting),
            waiting.text
        );
    }
    match statements.first() {
        Some(statement) => format!(
            "no progress for {limit}: process {} has been executing one statement for {}, and waits for nobody: {}",
            statement.pid,
            time(statement),
            statement.text
        ),
        None => format!("no progress for {limit}: the migration executes nothing in the database"),
    }
}

async fn statements(session: &mut Session) -> Option<Vec<Statement>> {
    let rows = session.ask(&activity::running()).await.ok()?;
    let statement = |row: Vec<Option<String>>| {
        let mut row = row.into_iter();
        let mut next = || row.next().flatten();
        Statement {
            pid: next().unwrap_or_default(),
            since: next().unwrap_or_default(),
            seconds: next().and_then(|text| text.parse().ok()).unwrap_or_default(),
            text: next().unwrap_or_default(),
            blocked_by: next(),
        }
    };
    Some(rows.into_iter().map(statement).collect())
}
