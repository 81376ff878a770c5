//! Who logs in where, and how.

use sqlx::ConnectOptions as _;
use sqlx::mysql::MySqlConnectOptions;

use super::{Keys, Place, Tls};
use crate::address::Address;
use crate::secret::Secret;

/// Everything that is needed to log in.
#[derive(Clone, Debug)]
pub struct Login {
    /// Host and port.
    pub address: Address,
    /// User; at `OceanBase` with its tenant, as in `root@sys`.
    pub user: String,
    /// Password, if there is one.
    pub password: Option<Secret>,
    /// Database; nothing for a session that is in none.
    pub database: String,
    /// TLS.
    pub tls: Tls,
    /// Where the values came from.
    pub keys: Keys,
    /// What does not stop this login and may stop Dify's own.
    pub warnings: Vec<String>,
}

impl Login {
    /// `host:port/database`, without user and password.
    #[must_use]
    pub fn target(&self) -> String {
        if self.database.is_empty() {
            return self.address.to_string();
        }
        format!("{}/{}", self.address, self.database)
    }

    /// The driver's form.
    pub(super) fn options(&self) -> MySqlConnectOptions {
        let mut options = MySqlConnectOptions::new()
            .host(&self.address.host)
            .port(self.address.port)
            .username(&self.user)
            .statement_cache_capacity(0)
            // The session is left as the server made it.
            .pipes_as_concat(false)
            .no_engine_substitution(false)
            .timezone(None)
            .set_names(false)
            .disable_statement_logging();
        // The driver would hash an empty password, and an account without one does not take that.
        if let Some(password) = self.password.as_ref().filter(|password| !password.is_empty()) {
            options = options.password(password.reveal());
        }
        if !self.database.is_empty() {
            options = options.database(&self.database);
        }
        self.tls.apply(options)
    }

    /// Who logs in where.
    #[must_use]
    pub fn place(&self) -> Place<'_> {
        Place { address: &self.address, user: &self.user, database: &self.database, keys: self.keys }
    }
}
