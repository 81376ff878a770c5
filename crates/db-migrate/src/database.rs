//! The check behind `wait --for database`: Dify's login works, and may do there what a migration does.

use preflight::{Check, Finding, Hop, ProbeFuture};

use crate::engine::{Server, Session};
use crate::schema::with_warnings;

/// SQL for whether `uuid-ossp` is there (`present`), can be made by this login (`possible`), or neither.
const EXTENSION: &str = "SELECT CASE \
    WHEN EXISTS (SELECT FROM pg_extension WHERE extname = 'uuid-ossp') THEN 'present' \
    WHEN EXISTS (SELECT FROM pg_available_extension_versions WHERE name = 'uuid-ossp' \
         AND (NOT superuser OR (trusted AND has_database_privilege(current_database(), 'CREATE')) \
              OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user))) THEN 'possible' \
    ELSE 'neither' END";

/// Waits for a database that a migration can work in.
pub struct DatabaseCheck {
    name: &'static str,
    session: Session,
}

impl DatabaseCheck {
    /// A check of one database.
    #[must_use]
    pub fn new(session: Session) -> Self {
        Self { name: "", session }
    }

    /// What it is called where it is one of several.
    #[must_use]
    pub fn named(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let server = Server::read(&mut self.session).await?;
        if let Some(refusal) = server.refusal(&self.session, true) {
            return Err(refusal);
        }
        let user = self.session.user();
        let place = match self.session {
            Session::Postgres(_) => "schema",
            Session::Mysql(_) => "database",
        };
        let schema = server.schema.as_deref().unwrap_or_default();
        let mut finding = Finding::ready(format!(
            "user {user:?} may write and create tables in {place} {schema:?} ({} {})",
            server.product, server.version
        ));
        finding.warnings.extend(server.warnings);
        if extension(&mut self.session).await? == "neither" {
            finding = finding.warning(
                "extension uuid-ossp is not there and this user may not create it; Dify's first migration needs it (db-migrate bootstrap with an administrator's login)",
            );
        }
        Ok(finding)
    }
}

/// See [`EXTENSION`].
async fn extension(session: &mut Session) -> Result<String, Finding> {
    match session {
        Session::Postgres(_) => Ok(session.ask_one(EXTENSION).await?.unwrap_or_default()),
        Session::Mysql(_) => Ok(String::new()),
    }
}

/// What a first migration lacks: refused before it starts, rather than in its middle.
pub(crate) async fn lacks_extension(session: &mut Session) -> Result<Option<Finding>, Finding> {
    if extension(session).await? != "neither" {
        return Ok(None);
    }
    let (user, target) = (session.user(), session.target());
    Ok(Some(
        Finding::suspect(
            Hop::Permission,
            format!("user {user:?} may not create extension uuid-ossp in {target}"),
        )
        .code("42501")
        .hint("let an administrator execute: CREATE EXTENSION \"uuid-ossp\"; (db-migrate bootstrap does)"),
    ))
}

impl Check for DatabaseCheck {
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
