//! The schema of Dify's own database, which revision files describe: they decide, and their head is the proof.

use std::time::Duration;

use preflight::{Class, Finding};

use super::held::Held;
use super::migrator::{Decision, Proof, Short, Work};
use crate::database::lacks_extension;
use crate::decision::{Action, OnAhead, State, list};
use crate::engine::{Server, Session};
use crate::graph::{Graph, Ids};
use crate::lineage;

/// Too long for a look that only adds a warning.
const EXTRA_LOOK: Duration = Duration::from_secs(5);

/// Brings the schema to the head of the image's revision files.
pub(super) struct Schema {
    pub(super) graph: Graph,
    pub(super) on_ahead: OnAhead,
}

impl Schema {
    async fn state(&self, session: &mut Session) -> Result<(State, Ids), Finding> {
        let server = Server::read(session).await?;
        let database = server.database(session, &self.graph).await?;
        Ok((State::of(&self.graph, &database), database.rows))
    }

    /// What a failed migration has left behind, as far as it can be seen.
    async fn left_behind(&self, session: &mut Session, rows: &Ids) -> Option<String> {
        let server = Server::read(session).await.ok()?;
        server.half_applied(session, &self.graph, rows).await.ok().flatten()
    }
}

impl Work for Schema {
    async fn decide(&mut self, held: &mut Held) -> Result<Decision, Finding> {
        held.take_lock().await?;
        let session = &mut held.session;
        let server = Server::read(session).await?;
        let database = server.database(session, &self.graph).await?;
        let state = State::of(&self.graph, &database);
        match state.for_migrator(&self.graph, &database.rows, self.on_ahead) {
            Action::Nothing(finding) => Ok(Decision::Nothing(finding)),
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
                Ok(Decision::Run(reason))
            }
        }
    }

    /// Dify's own `flask upgrade-db` exits with 0 when it did nothing because somebody holds its Redis lock, and old
    /// releases exit with 0 after an error and with 1 after a success. So only the database counts.
    async fn prove(&mut self, held: &mut Held, succeeded: bool) -> Result<Proof, Finding> {
        let (state, rows) = self.state(&mut held.session).await?;
        let (at, heads) = (list(&rows), list(self.graph.heads()));
        if state == State::AtHead {
            return Ok(Proof::Done(Finding::ready(format!("migrated; the schema is at {heads}"))));
        }
        if let State::Stuck(stuck) = state {
            // With the lock in hand and the command at its end, nobody is in the middle of it.
            return Ok(Proof::Broken(Finding { class: Class::Never, ..stuck.finding(&rows) }));
        }
        let left = if succeeded {
            None
        } else {
            let look = self.left_behind(&mut held.session, &rows);
            tokio::time::timeout(EXTRA_LOOK, look).await.ok().flatten()
        };
        Ok(Proof::Short(Short {
            missing: format!("the schema is at {at} and not at {heads}"),
            failed: format!("the migration failed at {at}"),
            hint: "another migration may hold Dify's Redis lock db_upgrade_lock",
            left,
        }))
    }

    /// Notes the lineage of a proven schema; not being able to is no more than a warning.
    async fn record(&mut self, held: &mut Held, finding: Finding) -> Finding {
        let session = &mut held.session;
        if !at_head(session, &self.graph).await {
            return finding;
        }
        match lineage::record(session, &self.graph).await {
            Ok(()) => finding,
            Err(error) => finding.warning(format!(
                "cannot record the lineage ({error}); older images will not know this schema as newer"
            )),
        }
    }
}

/// A database that is ahead has its lineage from whoever brought it there.
async fn at_head(session: &mut Session, graph: &Graph) -> bool {
    let Ok(server) = Server::read(session).await else { return false };
    server.revisions(session).await.is_ok_and(|rows| &rows == graph.heads())
}
