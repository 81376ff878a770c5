//! Who logs in where, and how.

use sqlx::ConnectOptions as _;
use sqlx::postgres::PgConnectOptions;

use super::{Hosts, Keys, Place, SslMode, Tls};
use crate::address::Address;
use crate::secret::Secret;

/// Everything that is needed to log in.
#[derive(Clone, Debug)]
pub struct Login {
    /// Host and port; the first, where there are several.
    pub address: Address,
    /// Further hosts, and which of them will do.
    pub hosts: Hosts,
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
        let hosts: Vec<_> = self.addresses().map(ToString::to_string).collect();
        format!("{}/{}", hosts.join(","), self.database)
    }

    /// Every host, in the order in which they are tried.
    pub fn addresses(&self) -> impl Iterator<Item = &Address> {
        std::iter::once(&self.address).chain(&self.hosts.others)
    }

    /// The driver's form, for one host and one way of TLS.
    pub(super) fn options(&self, address: &Address, mode: SslMode) -> PgConnectOptions {
        // An empty password instead of none: the driver must not look for one elsewhere.
        let password = self.password.as_ref().map_or("", Secret::reveal);
        let mut options = PgConnectOptions::new_without_pgpass()
            .host(&address.host)
            .port(address.port)
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
        self.tls.apply(options, mode)
    }

    /// Who logs in where.
    #[must_use]
    pub fn place(&self) -> Place<'_> {
        self.place_at(&self.address)
    }

    /// The same for one of several hosts.
    #[must_use]
    pub fn place_at<'a>(&'a self, address: &'a Address) -> Place<'a> {
        Place { address, user: &self.user, database: &self.database, keys: self.keys }
    }
}
