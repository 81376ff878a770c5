//! Who logs in where, and how.

use sqlx::ConnectOptions as _;
use sqlx::postgres::PgConnectOptions;

use super::{Place, Tls};
use crate::address::Address;
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
    pub application: String,
    /// Where the values came from.
    pub keys: Keys,
    /// What does not stop this login and may stop Dify's own.
    pub warnings: Vec<String>,
}

impl Login {
    /// `host:port/database`, without user and password.
    #[must_use]
    pub fn target(&self) -> String {
        format!("{}/{}", self.address, self.database)
    }

    /// The driver's form.
    pub(super) fn options(&self) -> PgConnectOptions {
        // An empty password instead of none: the driver must not look for one elsewhere.
        let password = self.password.as_ref().map_or("", Secret::reveal);
        let mut options = PgConnectOptions::new_without_pgpass()
            .host(&self.address.host)
            .port(self.address.port)
            .username(&self.user)
            .password(password)
            .database(&self.database)
            .application_name(&self.application)
            // PgBouncer hands one server connection to many clients, and refuses parameters that it does not know.
            .extra_float_digits(None)
            .statement_cache_capacity(0)
            .disable_statement_logging();
        if !self.options.is_empty() {
            options =
                options.options(self.options.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        }
        self.tls.apply(options)
    }

    /// Who logs in where.
    #[must_use]
    pub fn place(&self) -> Place<'_> {
        Place { address: &self.address, user: &self.user, database: &self.database, keys: self.keys }
    }
}
