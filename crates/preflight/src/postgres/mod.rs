//! A session with PostgreSQL, and what its errors mean.
//!
//! One connection is kept between tries, without prepared statements and without unusual startup parameters,
//! so that it works through PgBouncer in transaction mode too.

mod fault;
mod tls;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

pub use fault::{Fault, Place, read_only};
pub use tls::{SslMode, Tls};

use crate::address::Address;
use crate::finding::{Finding, Hop};
use crate::secret::Secret;

/// The variables that hold a login, for hints.
#[derive(Clone, Copy, Debug)]
pub struct Keys {
    /// Holds the host.
    pub host: &'static str,
    /// Holds the user.
    pub user: &'static str,
    /// Holds the password.
    pub password: &'static str,
    /// Holds the database.
    pub database: &'static str,
}

/// Everything that is needed to log in.
#[derive(Clone, Debug)]
pub struct Login {
    /// Host and port.
    pub address: Address,
    /// Role.
    pub user: String,
    /// Password, if there is one.
    pub password: Option<Secret>,
    /// Database.
    pub database: String,
    /// TLS.
    pub tls: Tls,
    /// Startup options as `(name, value)`, such as `search_path`.
    pub options: Vec<(String, String)>,
    /// How the session calls itself in `pg_stat_activity`.
    pub application: &'static str,
    /// Where the values came from.
    pub keys: Keys,
}

impl Login {
    /// `host:port/database`, without user and password.
    #[must_use]
    pub fn target(&self) -> String {
        format!("{}/{}", self.address, self.database)
    }

    /// Logs in.
    pub async fn connect(&self) -> Result<PgConnection, Finding> {
        let mut options = PgConnectOptions::new_without_pgpass()
            .host(&self.address.host)
            .port(self.address.port)
            .username(&self.user)
            .database(&self.database)
            .application_name(self.application)
            // PgBouncer refuses this startup parameter unless it was told to ignore it.
            .extra_float_digits(None)
            .statement_cache_capacity(0)
            .disable_statement_logging();
        if let Some(password) = &self.password {
            options = options.password(password.reveal());
        }
        if !self.options.is_empty() {
            options =
                options.options(self.options.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        }
        options = self.tls.apply(options);
        match tokio::time::timeout(crate::wait::TRY_LIMIT, PgConnection::connect_with(&options)).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(self.fault(&error)),
            Err(_) => Err(Finding::not_yet(Hop::Tcp, format!("no answer from {}", self.address))
                .code("ETIMEDOUT")
                .hint("the server hangs, or a firewall or NetworkPolicy drops the packets")),
        }
    }

    /// What an error of this login's session means.
    #[must_use]
    pub fn fault(&self, error: &sqlx::Error) -> Finding {
        Fault::of(error, self.place()).finding
    }

    /// Who logs in where.
    #[must_use]
    pub fn place(&self) -> Place<'_> {
        Place { address: &self.address, user: &self.user, database: &self.database, keys: self.keys }
    }
}

/// A login and, once it has succeeded, the connection that is kept.
pub struct Session {
    login: Login,
    connection: Option<PgConnection>,
}

impl Session {
    /// Not connected yet.
    #[must_use]
    pub fn new(login: Login) -> Self {
        Self { login, connection: None }
    }

    /// How it logs in.
    #[must_use]
    pub fn login(&self) -> &Login {
        &self.login
    }

    /// The connection, made if there is none. It is taken out and must be given back with [`Session::keep`] when the
    /// try went well; a failed try leaves nothing behind that the next one would trip over.
    pub async fn take(&mut self) -> Result<PgConnection, Finding> {
        match self.connection.take() {
            Some(connection) => Ok(connection),
            None => self.login.connect().await,
        }
    }

    /// Keeps the connection for the next try.
    pub fn keep(&mut self, connection: PgConnection) {
        self.connection = Some(connection);
    }
}
