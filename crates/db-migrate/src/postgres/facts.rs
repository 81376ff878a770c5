//! What is read from a database in one look.

use preflight::postgres::{Session, read_only};
use preflight::{Finding, Hop};

use super::quote;
use crate::decision::Database;
use crate::graph::{Graph, Ids};
use crate::lineage;
use crate::lock;
use crate::stuck::Case;

/// Tables that Dify's first revisions create. If one of them is there without a revision, a migration would stop
/// at it, whoever made it.
const TABLES: &str = "'accounts', 'apps', 'datasets', 'dify_setups', 'end_users', 'messages', 'tenants'";

/// The state of a server, as far as this login sees it.
#[derive(Clone, Debug)]
pub struct Server {
    /// PostgreSQL's version.
    pub version: String,
    /// Where unqualified tables go; `None` if no schema of the search path can be used.
    pub schema: Option<String>,
    /// Whether writes are refused.
    pub read_only: bool,
    /// Whether tables may be made in the schema.
    pub may_create: bool,
    /// `alembic_version` on the search path, quoted and qualified as need be.
    version_table: Option<String>,
    /// Other schemas that hold one.
    elsewhere: Option<String>,
    /// Our own table of proven migrations.
    pub has_lineage: bool,
    /// Tables of Dify on the search path.
    tables: Vec<String>,
    /// Who holds the migration lock.
    pub holder: Option<String>,
}

impl Server {
    /// Looks at it, in one question.
    pub async fn read(session: &mut Session) -> Result<Self, Finding> {
        let sql = format!(
            "SELECT current_setting('server_version'), current_schema(), \
             (pg_is_in_recovery() OR current_setting('transaction_read_only')::bool)::text, \
             coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)::text, \
             to_regclass('alembic_version')::text, \
             (SELECT string_agg(n.nspname, ', ') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
              WHERE c.relname = 'alembic_version' AND c.relkind IN ('r', 'p') AND NOT pg_table_is_visible(c.oid)), \
             to_regclass('{}')::text, \
             (SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class \
              WHERE relname IN ({TABLES}) AND relkind IN ('r', 'p') AND pg_table_is_visible(oid)), \
             ({})",
            lineage::TABLE,
            lock::HOLDER
        );
        let mut row = session.ask(&sql).await?.pop().unwrap_or_default().into_iter();
        let mut next = || row.next().flatten();
        Ok(Self {
            version: next().unwrap_or_default(),
            schema: next(),
            read_only: next().as_deref() != Some("false"),
            may_create: next().as_deref() == Some("true"),
            version_table: next(),
            elsewhere: next(),
            has_lineage: next().is_some(),
            tables: next().map(|list| list.split(',').map(str::to_owned).collect()).unwrap_or_default(),
            holder: next(),
        })
    }

    /// The first thing that would stop Dify from writing, or a migration from making tables.
    #[must_use]
    pub fn refusal(&self, session: &Session, creates: bool) -> Option<Finding> {
        let login = session.login();
        let (user, target) = (&login.user, login.target());
        if self.read_only {
            return Some(read_only(login.place()));
        }
        let Some(schema) = &self.schema else {
            return Some(
                Finding::suspect(
                    Hop::Permission,
                    format!("user {user:?} can use no schema of its search path in {target}"),
                )
                .code("3F000")
                .hint("create the schema and grant USAGE and CREATE on it, or check options in DB_EXTRAS"),
            );
        };
        (creates && !self.may_create).then(|| {
            Finding::suspect(
                Hop::Permission,
                format!("user {user:?} may not create tables in schema {schema:?} of {target}"),
            )
            .code("42501")
            .hint(format!(
                "execute as an administrator: GRANT CREATE ON SCHEMA {} TO {}; or make that user the owner of the database",
                quote::name(schema),
                quote::name(user)
            ))
        })
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
        let mut stuck = Case::possible(graph, &rows);
        if let Some(case) = stuck {
            let answer = session.ask(&format!("SELECT ({})::text", case.sign())).await?;
            if answer.into_iter().flatten().flatten().next().as_deref() != Some("true") {
                stuck = None;
            }
        }
        Ok(Database { rows, tables: self.tables.clone(), lineage, stuck })
    }

    /// A hint worth giving when no revision was found.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        match (&self.version_table, &self.elsewhere) {
            (None, Some(schemas)) => Some(format!(
                "there is an alembic_version in schema {schemas}, which is not on the search path; check options in DB_EXTRAS"
            )),
            _ => None,
        }
    }
}
