//! The one seam between what db-migrate decides and the kind of database that it asks: a session of either kind answers
//! rows of text, and what is asked stands in [`crate::postgres`] and [`crate::mysql`].

mod server;

use preflight::{ConfigError, Env, Finding};
use preflight::{mysql as my, postgres};

use crate::{mysql, settings};
pub use server::Server;

/// A login at either kind of server.
#[derive(Clone, Debug)]
pub enum Login {
    /// PostgreSQL.
    Postgres(postgres::Login),
    /// MySQL and its family.
    Mysql(my::Login),
}

impl Login {
    /// Reads `DB_*` as the one that these variables are for reads them. `purpose` is a word for administrators.
    pub fn from_env(env: &Env, purpose: &str) -> Result<Self, ConfigError> {
        if mysql::settings::is_meant(env)? {
            return mysql::settings::application(env).map(Self::Mysql);
        }
        settings::application(env, purpose).map(Self::Postgres)
    }

    /// Reads the plugin daemon's login, and the database from which it makes its own. In an environment that is
    /// `shared` with the api, some of the variables are the api's.
    pub fn of_daemon(env: &Env, shared: bool, purpose: &str) -> Result<(Self, String), ConfigError> {
        if mysql::settings::is_meant(env)? {
            return Ok((Self::Mysql(mysql::settings::daemon(env, shared)?), String::new()));
        }
        let daemon = settings::daemon(env, shared, purpose)?;
        Ok((Self::Postgres(daemon.login), daemon.default_database))
    }
}

/// A session with either kind of server, kept between tries.
pub enum Session {
    /// PostgreSQL.
    Postgres(postgres::Session),
    /// MySQL and its family.
    Mysql(my::Session),
}

/// Calls the same method of either session.
macro_rules! either {
    ($self:ident, $session:ident => $call:expr) => {
        match $self {
            Session::Postgres($session) => $call,
            Session::Mysql($session) => $call,
        }
    };
}

impl Session {
    /// Nothing is connected yet.
    #[must_use]
    pub fn new(login: Login) -> Self {
        match login {
            Login::Postgres(login) => Self::Postgres(postgres::Session::new(login)),
            Login::Mysql(login) => Self::Mysql(my::Session::new(login)),
        }
    }

    /// `host:port/database`.
    #[must_use]
    pub fn target(&self) -> String {
        either!(self, session => session.login().target())
    }

    /// Who logs in.
    #[must_use]
    pub fn user(&self) -> &str {
        either!(self, session => &session.login().user)
    }

    /// What does not stop this login and may stop Dify's own.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        either!(self, session => &session.login().warnings)
    }

    /// The number of the present connection.
    #[must_use]
    pub fn generation(&self) -> u32 {
        either!(self, session => session.generation())
    }

    /// Connects if need be.
    pub async fn open(&mut self) -> Result<(), Finding> {
        either!(self, session => session.open().await)
    }

    /// Asks in the language of this kind of server.
    pub async fn ask(&mut self, sql: &str) -> Result<Vec<Vec<Option<String>>>, Finding> {
        either!(self, session => session.ask(sql).await)
    }

    /// The first column of the first row.
    pub(crate) async fn ask_one(&mut self, sql: &str) -> Result<Option<String>, Finding> {
        Ok(self.ask(sql).await?.into_iter().next().and_then(|row| row.into_iter().next().flatten()))
    }

    /// Closes politely.
    pub async fn close(&mut self) {
        either!(self, session => session.close().await);
    }
}
