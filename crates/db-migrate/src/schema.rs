//! The check behind `wait --for schema`: the schema is what the image needs.

use preflight::{Check, Finding, ProbeFuture};

use crate::decision::{OnAhead, State};
use crate::engine::{Server, Session};
use crate::graph::Graph;

/// Waits for `alembic_version` to be at the head of the image.
pub struct SchemaCheck {
    name: &'static str,
    session: Session,
    graph: Graph,
    on_ahead: OnAhead,
}

impl SchemaCheck {
    /// A check of one database against the revisions of one image.
    #[must_use]
    pub fn new(session: Session, graph: Graph, on_ahead: OnAhead) -> Self {
        Self { name: "", session, graph, on_ahead }
    }

    /// What it is called where it is one of several.
    #[must_use]
    pub fn named(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let server = Server::read(&mut self.session).await?;
        if let Some(refusal) = server.refusal(&self.session, false) {
            return Err(refusal);
        }
        let database = server.database(&mut self.session, &self.graph).await?;
        let state = State::of(&self.graph, &database);
        let holder = server.holder.as_deref();
        let mut finding = state.for_waiter(&self.graph, &database.rows, self.on_ahead, holder);
        // In the middle of a migration it looks the same.
        if !finding.is_ready() && holder.is_none() {
            let half = server.half_applied(&mut self.session, &self.graph, &database.rows).await?;
            finding.warnings.extend(half);
        }
        finding.warnings.extend(server.warning());
        finding.warnings.extend(server.warnings);
        Ok(finding)
    }
}

impl Check for SchemaCheck {
    fn name(&self) -> &'static str {
        self.name
    }

    fn target(&self) -> String {
        self.session.target()
    }

    fn probe(&mut self) -> ProbeFuture<'_> {
        Box::pin(async {
            let finding = self.look().await.unwrap_or_else(|finding| finding);
            with_warnings(finding, &self.session)
        })
    }
}

/// What the configuration itself is to be warned about.
pub(crate) fn with_warnings(mut finding: Finding, session: &Session) -> Finding {
    finding.warnings.extend(session.warnings().iter().cloned());
    finding
}
