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

/// `duplicate_database`, and what two that create it at once get: `unique_violation`.
const ALREADY_THERE: [&str; 2] = ["42P04", "23505"];

/// The plugin daemon's database, beside the session that looks into it.
pub(crate) struct PluginDatabase {
    /// Where the daemon goes to make its database.
    door: Option<postgres::Session>,
}

/// Whether a database is there.
pub(crate) enum Place {
    /// It is, and tables can be made in it.
    There(Finding),
    /// It is not, and this user may create it by itself.
    Creatable(Finding),
}

impl PluginDatabase {
    /// `default_database` is where the daemon goes when its own is not there.
    pub(crate) fn new(login: &Login, default_database: &str) -> Self {
        let door = match login {
            Login::Postgres(login) => {
                let login = postgres::Login { database: default_database.to_owned(), ..login.clone() };
                Some(postgres::Session::new(login))
            }
            Login::Mysql(_) => None,
        };
        Self { door }
    }

    /// Whether the daemon could make its tables, or before that its database.
    pub(crate) async fn place(&mut self, session: &mut Session) -> Result<Place, Finding> {
        let server = match Server::read(session).await {
            Ok(server) => server,
            Err(finding) => return self.without_database(session, finding).await.map(Place::Creatable),
        };
        if let Some(refusal) = server.refusal(session, true) {
            return Err(refusal);
        }
        let (user, target) = (session.user(), session.target());
        Ok(Place::There(Finding::ready(format!(
            "the plugin daemon's user {user:?} may create tables in {target}"
        ))))
    }

    /// The daemon makes a database that is not there, if it may.
    async fn without_database(&mut self, session: &Session, finding: Finding) -> Result<Finding, Finding> {
        let Session::Postgres(own) = session else { return Err(finding) };
        let database = &own.login().database;
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
        Ok(Finding::ready(format!(
            "{} is not there yet, and the plugin daemon may create it",
            session.target()
        )))
    }

    /// Creates the database as the daemon would: of a plain name, by its own user. That another has done so meanwhile
    /// is as good.
    pub(crate) async fn create(&mut self, session: &Session) -> Result<(), Finding> {
        let (Session::Postgres(own), Some(door)) = (session, self.door.as_mut()) else { return Ok(()) };
        let outcome = door.ask(&format!("CREATE DATABASE {}", own.login().database)).await;
        door.close().await;
        match outcome {
            Err(finding) if !ALREADY_THERE.contains(&finding.code.as_deref().unwrap_or_default()) => {
                Err(finding)
            }
            _ => Ok(()),
        }
    }

    /// Which of the daemon's tables are not there.
    pub(crate) async fn missing_tables(&self, session: &mut Session) -> Result<Vec<&'static str>, Finding> {
        let schema = match session {
            Session::Postgres(_) => "current_schema()",
            Session::Mysql(_) => "database()",
        };
        let names = TABLES.map(|name| format!("'{name}'")).join(", ");
        let sql = format!(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = {schema} AND table_name IN ({names})"
        );
        let found: Vec<String> = session.ask(&sql).await?.into_iter().flatten().flatten().collect();
        Ok(TABLES.into_iter().filter(|name| !found.iter().any(|found| found == name)).collect())
    }
}

/// Waits for the plugin daemon's database, and for its tables if that is asked for.
pub struct PluginCheck {
    session: Session,
    database: PluginDatabase,
    wants_tables: bool,
}

impl PluginCheck {
    /// A check of the daemon's login. `default_database` is where it goes when its own is not there.
    #[must_use]
    pub fn new(login: Login, default_database: &str, wants_tables: bool) -> Self {
        let database = PluginDatabase::new(&login, default_database);
        Self { session: Session::new(login), database, wants_tables }
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let place = self.database.place(&mut self.session).await?;
        let finding = match place {
            Place::Creatable(finding) if self.wants_tables => {
                return Err(Finding::not_yet(Hop::State, finding.message)
                    .code("empty")
                    .hint("look at the plugin daemon's logs"));
            }
            Place::There(finding) | Place::Creatable(finding) => finding,
        };
        if !self.wants_tables {
            return Ok(finding);
        }
        let target = self.session.target();
        let missing = self.database.missing_tables(&mut self.session).await?;
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
