//! One database, with its role, its privileges and its extensions.

use preflight::postgres::{Fault, Login, Session};
use preflight::{Class, Finding, Hop};

use super::verifier;
use crate::postgres::{facts, quote};
use crate::settings::Role;

/// Databases that are there on every server, for one that is not.
const MAINTENANCE: [&str; 2] = ["postgres", "template1"];
/// "Exists already", in the two ways that a race can end.
const EXISTS: [&str; 3] = ["42P04", "42710", "23505"];

/// What should be there.
pub(super) struct Place {
    /// The application's login and database.
    pub(super) login: Login,
    /// Who may create; the application itself if nobody else is named.
    admin: Option<Role>,
    extensions: &'static [&'static str],
}

impl Place {
    pub(super) fn new(login: Login, admin: Option<Role>, extensions: &'static [&'static str]) -> Self {
        let admin = admin.filter(|admin| admin.user != login.user);
        Self { login, admin, extensions }
    }

    pub(super) async fn bring_about(&self, made: &mut Vec<String>) -> Result<(), Finding> {
        let mut server = self.any_database().await?;
        if self.admin.is_some() {
            self.role(&mut server, made).await?;
        }
        self.database(&mut server, made).await?;
        server.close().await;
        let mut inside = self.session_in(&self.login.database);
        if self.admin.is_some() {
            self.privileges(&mut inside, made).await?;
        }
        for extension in self.extensions {
            self.extension(&mut inside, extension, made).await?;
        }
        inside.close().await;
        let mut application = Session::new(self.login.clone());
        let seen = facts::read(&mut application).await?;
        let refusal = facts::refusal(&seen, &application, true);
        application.close().await;
        refusal.map_or(Ok(()), Err)
    }

    /// Who creates, and the variable that names that user.
    fn creator(&self) -> (&str, &str) {
        self.admin
            .as_ref()
            .map_or((&self.login.user, self.login.keys.user), |admin| (&admin.user, admin.user_key))
    }

    fn session_in(&self, database: &str) -> Session {
        let login = Login { database: database.to_owned(), ..self.login.clone() };
        Session::new(match &self.admin {
            Some(admin) => admin.instead_of(login),
            None => login,
        })
    }

    /// A session of the creator in a database that exists and lets it in.
    async fn any_database(&self) -> Result<Session, Finding> {
        let own = self.login.database.as_str();
        let candidates = match self.admin {
            // An administrator may be let into its own database alone.
            Some(_) => [MAINTENANCE[0], own, MAINTENANCE[1]],
            None => [own, MAINTENANCE[0], MAINTENANCE[1]],
        };
        let mut first = None;
        for candidate in candidates {
            let mut session = self.session_in(candidate);
            match session.try_ask("SELECT 1").await {
                Ok(_) => return Ok(session),
                Err(fault) if is_about_the_database(&fault) => {
                    first.get_or_insert(fault.finding);
                }
                Err(fault) => return Err(fault.finding),
            }
        }
        Err(first.unwrap_or_else(|| Finding::suspect(Hop::State, "no database can be entered")))
    }

    async fn role(&self, server: &mut Session, made: &mut Vec<String>) -> Result<(), Finding> {
        let Login { user, password, .. } = &self.login;
        let exists = format!("SELECT 1 FROM pg_roles WHERE rolname = {}", quote::text(user));
        if !server.ask(&exists).await?.is_empty() {
            return Ok(());
        }
        let password = match password {
            Some(password) => format!(" PASSWORD {}", quote::text(&verifier::of(password)?)),
            None => String::new(),
        };
        let sql = format!("CREATE ROLE {} LOGIN{password}", quote::name(user));
        self.create(server, &sql, &format!("role {user}"), made).await
    }

    async fn database(&self, server: &mut Session, made: &mut Vec<String>) -> Result<(), Finding> {
        let database = &self.login.database;
        let exists = format!("SELECT 1 FROM pg_database WHERE datname = {}", quote::text(database));
        if !server.ask(&exists).await?.is_empty() {
            return Ok(());
        }
        let user = quote::name(&self.login.user);
        let mut sql = format!("CREATE DATABASE {}", quote::name(database));
        if self.admin.is_some() {
            // An administrator who is no superuser must be a member of a role to give it something; one who is not
            // allowed that either gets the server's own refusal next.
            let _ = server.ask(&format!("GRANT {user} TO CURRENT_USER")).await;
            sql.push_str(&format!(" OWNER {user}"));
        }
        self.create(server, &sql, &format!("database {database}"), made).await
    }

    /// What the application lacks in a database that was there before.
    async fn privileges(&self, inside: &mut Session, made: &mut Vec<String>) -> Result<(), Finding> {
        let (user, database) = (&self.login.user, &self.login.database);
        let (role, schema) = (quote::name(user), "public");
        let may = format!(
            "SELECT has_database_privilege({0}, current_database(), 'CONNECT')::text, \
             (to_regnamespace('{schema}') IS NULL \
              OR has_schema_privilege({0}, to_regnamespace('{schema}'), 'CREATE'))::text",
            quote::text(user)
        );
        let answer = inside.ask(&may).await?;
        let lacks = |column: usize| {
            answer.first().and_then(|row| row.get(column)?.as_deref()).is_some_and(|text| text == "false")
        };
        if lacks(0) {
            let sql = format!("GRANT CONNECT ON DATABASE {} TO {role}", quote::name(database));
            self.create(inside, &sql, &format!("privilege CONNECT on {database}"), made).await?;
        }
        if lacks(1) {
            let sql = format!("GRANT USAGE, CREATE ON SCHEMA {schema} TO {role}");
            self.create(inside, &sql, &format!("privilege CREATE on schema {schema} of {database}"), made)
                .await?;
        }
        Ok(())
    }

    async fn extension(
        &self,
        inside: &mut Session,
        name: &str,
        made: &mut Vec<String>,
    ) -> Result<(), Finding> {
        let exists = format!("SELECT 1 FROM pg_extension WHERE extname = {}", quote::text(name));
        if !inside.ask(&exists).await?.is_empty() {
            return Ok(());
        }
        let available = format!("SELECT 1 FROM pg_available_extensions WHERE name = {}", quote::text(name));
        if inside.ask(&available).await?.is_empty() {
            return Err(Finding::never(
                Hop::State,
                format!("extension {name} is not installed on the server at {}", self.login.address),
            )
            .code("0A000")
            .hint("install it on the server, or use an image that has it (pgvector/pgvector)"));
        }
        let sql = format!("CREATE EXTENSION IF NOT EXISTS {}", quote::name(name));
        let what = format!("extension {name} in {}", self.login.database);
        self.create(inside, &sql, &what, made).await
    }

    async fn create(
        &self,
        session: &mut Session,
        sql: &str,
        what: &str,
        made: &mut Vec<String>,
    ) -> Result<(), Finding> {
        match session.try_ask(sql).await {
            Ok(_) => {
                made.push(what.to_owned());
                Ok(())
            }
            Err(fault) => match fault.code.as_deref() {
                Some(code) if EXISTS.contains(&code) => Ok(()),
                Some("42501") => Err(self.forbidden(what, fault.finding)),
                // A template that somebody is using, or a catalogue row that somebody else is changing.
                Some("55006" | "XX000" | "40001") => Err(Finding { class: Class::NotYet, ..fault.finding }),
                _ => Err(fault.finding),
            },
        }
    }

    fn forbidden(&self, what: &str, refusal: Finding) -> Finding {
        let (user, key) = self.creator();
        let hint = if self.admin.is_some() {
            format!("give {key} the privilege, or let an administrator create the {what}")
        } else {
            "give an administrator's login in PREFLIGHT_ADMIN_DB_USERNAME and PREFLIGHT_ADMIN_DB_PASSWORD, or let one create it"
                .to_owned()
        };
        Finding {
            hop: Hop::Permission,
            message: format!("user {user:?} may not create {what} at {}", self.login.address),
            ..refusal
        }
        .hint(hint)
    }
}

/// A refusal that another database of the same server may not give.
fn is_about_the_database(fault: &Fault) -> bool {
    matches!(fault.code.as_deref(), Some("3D000" | "42501" | "28000" | "08P01"))
}
