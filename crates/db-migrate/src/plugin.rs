//! The plugin daemon's database: it makes the database and its tables itself, as far as it may.

use preflight::{Check, Finding, Hop, ProbeFuture, postgres};

use crate::engine::{Login, Server, Session};
use crate::schema::with_warnings;

/// Tables that every release of the plugin daemon has.
const TABLES: [&str; 6] = [
    "endpoints",
    "install_tasks",
    "plugin_declarations",
    "plugin_installations",
    "plugins",
    "tenant_storages",
];

/// Waits for the plugin daemon's database, and for its tables if that is asked for.
pub struct PluginCheck {
    session: Session,
    /// Where the daemon goes to make its database.
    door: Option<postgres::Session>,
    wants_tables: bool,
}

impl PluginCheck {
    /// A check of the daemon's login. `default_database` is where it goes when its own is not there.
    #[must_use]
    pub fn new(login: Login, default_database: &str, wants_tables: bool) -> Self {
        let door = match &login {
            Login::Postgres(login) => {
                let login = postgres::Login { database: default_database.to_owned(), ..login.clone() };
                Some(postgres::Session::new(login))
            }
            Login::Mysql(_) => None,
        };
        Self { session: Session::new(login), door, wants_tables }
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let server = match Server::read(&mut self.session).await {
            Ok(server) => server,
            Err(finding) => return self.without_database(finding).await,
        };
        if let Some(refusal) = server.refusal(&self.session, true) {
            return Err(refusal);
        }
        let (user, target) = (self.session.user().to_owned(), self.session.target());
        if !self.wants_tables {
            return Ok(Finding::ready(format!(
                "the plugin daemon's user {user:?} may create tables in {target}"
            )));
        }
        let missing = self.missing_tables().await?;
        if missing.is_empty() {
            return Ok(Finding::ready(format!("the plugin daemon's tables are in {target}")));
        }
        Err(Finding::not_yet(
            Hop::State,
            format!("the plugin daemon has not made its tables in {target} yet ({} missing)", missing.join(", ")),
        )
        .code("empty")
        .hint("it makes them at its start: look at its logs, and whether its command still runs commandline migrate"))
    }

    /// The daemon makes a database that is not there, if it may.
    async fn without_database(&mut self, finding: Finding) -> Result<Finding, Finding> {
        let Session::Postgres(own) = &self.session else { return Err(finding) };
        let database = own.login().database.clone();
        let is_missing = finding.message.contains("does not exist");
        let Some(door) = self.door.as_mut().filter(|_| is_missing) else { return Err(finding) };
        let may = "SELECT (rolcreatedb OR rolsuper)::text FROM pg_roles WHERE rolname = current_user";
        let answer = door.ask(may).await?;
        let may = answer.iter().flatten().flatten().any(|text| text == "true");
        let plain = database.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !plain {
            return Err(finding.hint(
                "create it (db-migrate bootstrap does): the plugin daemon does not quote a name, and so cannot create this one",
            ));
        }
        if !may {
            return Err(finding.hint(
                "create it (db-migrate bootstrap does), or let the user create databases: the plugin daemon may not",
            ));
        }
        let target = self.session.target();
        let ready = Finding::ready(format!("{target} is not there yet, and the plugin daemon may create it"));
        if self.wants_tables {
            return Err(Finding::not_yet(Hop::State, ready.message)
                .code("empty")
                .hint("look at the plugin daemon's logs"));
        }
        Ok(ready)
    }

    async fn missing_tables(&mut self) -> Result<Vec<&'static str>, Finding> {
        let schema = match self.session {
            Session::Postgres(_) => "current_schema()",
            Session::Mysql(_) => "database()",
        };
        let names = TABLES.map(|name| format!("'{name}'")).join(", ");
        let sql = format!(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = {schema} AND table_name IN ({names})"
        );
        let found: Vec<String> = self.session.ask(&sql).await?.into_iter().flatten().flatten().collect();
        Ok(TABLES.into_iter().filter(|name| !found.iter().any(|found| found == name)).collect())
    }
}

impl Check for PluginCheck {
    fn name(&self) -> &'static str {
        "daemon"
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
