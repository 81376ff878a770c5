//! What is read from a database in one look, of whatever kind.

use preflight::Finding;

use super::Session;
use crate::decision::Database;
use crate::graph::{Graph, Ids};
use crate::stuck::Case;
use crate::{lineage, mysql, postgres};

/// The state of a server, as far as this login sees it.
#[derive(Clone, Debug, Default)]
pub struct Server {
    /// `PostgreSQL`, `MySQL`, `MariaDB`.
    pub product: &'static str,
    /// Its version.
    pub version: String,
    /// Where unqualified tables go; `None` if there is no such place that can be used.
    pub schema: Option<String>,
    /// Whether writes are refused.
    pub read_only: bool,
    /// Whether tables may be made there.
    pub may_create: bool,
    /// `alembic_version` as it is to be named, if it is there.
    pub version_table: Option<String>,
    /// Other places that hold one.
    pub elsewhere: Option<String>,
    /// Our own table of proven migrations.
    pub has_lineage: bool,
    /// Tables of Dify.
    pub tables: Vec<String>,
    /// Who holds the migration lock.
    pub holder: Option<String>,
    /// What Dify will feel later.
    pub warnings: Vec<String>,
    /// What the family of MySQL has to say about itself.
    pub mysql: mysql::facts::Facts,
}

impl Server {
    /// Looks at it.
    pub async fn read(session: &mut Session) -> Result<Self, Finding> {
        match session {
            Session::Postgres(session) => postgres::facts::read(session).await,
            Session::Mysql(session) => mysql::facts::read(session).await,
        }
    }

    /// The first thing that would stop Dify from writing, or a migration from making tables.
    #[must_use]
    pub fn refusal(&self, session: &Session, creates: bool) -> Option<Finding> {
        match session {
            Session::Postgres(session) => postgres::facts::refusal(self, session, creates),
            Session::Mysql(session) => mysql::facts::refusal(self, session, creates),
        }
    }

    /// The rows of `alembic_version`.
    pub async fn revisions(&self, session: &mut Session) -> Result<Ids, Finding> {
        let Some(table) = &self.version_table else { return Ok(Ids::new()) };
        let rows = session.ask(&format!("SELECT version_num FROM {table}")).await?;
        Ok(rows.into_iter().flatten().flatten().collect())
    }

    /// Everything that the decision needs.
    pub async fn database(&self, session: &mut Session, graph: &Graph) -> Result<Database, Finding> {
        let rows = self.revisions(session).await?;
        let lineage = if self.has_lineage && rows.iter().any(|row| !graph.knows(row)) {
            lineage::ancestors(session, &rows).await?
        } else {
            Ids::new()
        };
        let mut stuck = match session {
            Session::Postgres(_) => Case::possible(graph, &rows),
            Session::Mysql(_) => None,
        };
        if let Some(case) = stuck
            && session.ask_one(&format!("SELECT ({})::text", case.sign())).await?.as_deref() != Some("true")
        {
            stuck = None;
        }
        Ok(Database { rows, tables: self.tables.clone(), lineage, stuck })
    }

    /// A sentence about a revision that a migration which broke off has left half applied, where the server undoes
    /// nothing. PostgreSQL does, but for the cases of [`crate::stuck`].
    pub async fn half_applied(
        &self,
        session: &mut Session,
        graph: &Graph,
        rows: &Ids,
    ) -> Result<Option<String>, Finding> {
        match session {
            Session::Postgres(_) => Ok(None),
            Session::Mysql(session) => mysql::steps::half_applied(session, graph, rows).await,
        }
    }

    /// A hint worth giving when no revision was found.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        match (&self.version_table, &self.elsewhere) {
            (None, Some(places)) if self.product == "PostgreSQL" => Some(format!(
                "there is an alembic_version in schema {places}, which is not on the search path; check options in DB_EXTRAS"
            )),
            (None, Some(places)) => {
                Some(format!("there is an alembic_version in database {places}; check DB_DATABASE"))
            }
            _ => None,
        }
    }
}
