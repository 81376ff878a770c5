//! Where the database is and how Dify logs in: `DB_*`, read with Dify's own quirks.

mod extras;

use std::path::PathBuf;

use preflight::postgres::{Keys, Place};
use preflight::tls::{NamedFile, TlsOptions, Verify, client_config};
use preflight::{Address, ConfigError, Env, Secret};
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use extras::Extras;

/// What a login needs.
#[derive(Clone)]
pub struct Login {
    /// The role.
    pub user: String,
    /// Its password.
    pub password: Option<Secret>,
    /// The variable that names the role, for hints.
    pub user_key: &'static str,
    /// The variable that holds the password, for hints.
    pub password_key: &'static str,
}

/// A database server as one of Dify's parts is told to reach it.
#[derive(Clone)]
pub struct Settings {
    /// Host and port.
    pub address: Address,
    /// The variable that names the host, for hints.
    pub host_key: &'static str,
    /// The application's own login.
    pub login: Login,
    /// The application's database.
    pub database: String,
    /// The variable that names the database, for hints.
    pub database_key: &'static str,
    /// TLS and start-up options.
    connection: Connection,
    /// What does not stop us but may stop Dify.
    pub warnings: Vec<String>,
}

/// The rest of what a connection needs.
#[derive(Clone, Default)]
struct Connection {
    tls: PgSslMode,
    ca: Option<PathBuf>,
    client: Option<(PathBuf, PathBuf)>,
    options: Vec<(String, String)>,
}

impl Settings {
    /// Reads `DB_*`.
    pub fn from_env(env: &Env) -> Result<Self, ConfigError> {
        refuse_other_databases(env)?;
        let address = address(env, "DB_HOST", "localhost", "DB_PORT")?;
        let user = not_empty(env, "DB_USERNAME", "postgres")?;
        let password = env.secret("DB_PASSWORD")?;
        let database = not_empty(env, "DB_DATABASE", "dify")?;
        if database.contains('?') {
            return Err(ConfigError::new("DB_DATABASE", "holds a ?, at which Dify would cut it off"));
        }
        let mut warnings = Vec::new();
        let has_space = |text: &str| text.contains(' ');
        for (key, bad) in [
            ("DB_USERNAME", has_space(&user)),
            ("DB_PASSWORD", password.as_ref().is_some_and(|password| has_space(password.reveal()))),
        ] {
            if bad {
                warnings
                    .push(format!("{key} holds a space, which Dify itself sends as a plus sign: change it"));
            }
        }
        let login = Login { user, password, user_key: "DB_USERNAME", password_key: "DB_PASSWORD" };
        let extras = Extras::from_env(env)?;
        warnings.extend(extras.warnings.iter().cloned());
        let connection = Connection::of(env, extras, &mut warnings)?;
        let (host_key, database_key) = ("DB_HOST", "DB_DATABASE");
        Ok(Self { address, host_key, login, database, database_key, connection, warnings })
    }

    /// Reads `PGVECTOR_*`: the vector store, which may be the same server. Its client has no TLS settings.
    pub fn pgvector(env: &Env) -> Result<Self, ConfigError> {
        let address = address(env, "PGVECTOR_HOST", "pgvector", "PGVECTOR_PORT")?;
        let user = not_empty(env, "PGVECTOR_USER", "postgres")?;
        let password = env.secret("PGVECTOR_PASSWORD")?;
        let database = not_empty(env, "PGVECTOR_DATABASE", "dify")?;
        let login = Login { user, password, user_key: "PGVECTOR_USER", password_key: "PGVECTOR_PASSWORD" };
        let connection = Connection { tls: PgSslMode::Prefer, ..Connection::default() };
        let (host_key, database_key) = ("PGVECTOR_HOST", "PGVECTOR_DATABASE");
        Ok(Self { address, host_key, login, database, database_key, connection, warnings: Vec::new() })
    }

    /// The same server, another login and database.
    #[must_use]
    pub fn with(&self, login: &Login, database: &str) -> Self {
        Self { login: login.clone(), database: database.to_owned(), ..self.clone() }
    }

    /// Who logs in where, for sentences about a refusal.
    #[must_use]
    pub fn place(&self) -> Place<'_> {
        let Login { user_key, password_key, user, .. } = &self.login;
        let keys =
            Keys { host: self.host_key, user: user_key, password: password_key, database: self.database_key };
        Place { address: &self.address, user, database: &self.database, keys }
    }

    /// `host:port/database`.
    #[must_use]
    pub fn target(&self) -> String {
        format!("{}/{}", self.address, self.database)
    }

    /// The driver's form. `purpose` is what administrators see in `pg_stat_activity`.
    #[must_use]
    pub fn options(&self, purpose: &str) -> PgConnectOptions {
        let connection = &self.connection;
        // An empty password instead of none: the driver must not look for one elsewhere.
        let password = self.login.password.as_ref().map_or("", Secret::reveal);
        let mut options = PgConnectOptions::new_without_pgpass()
            .host(&self.address.host)
            .port(self.address.port)
            .username(&self.login.user)
            .password(password)
            .database(&self.database)
            .ssl_mode(connection.tls)
            // PgBouncer hands one server connection to many clients, and refuses parameters that it does not know.
            .statement_cache_capacity(0)
            .extra_float_digits(None)
            .application_name(purpose);
        if let Some(ca) = &connection.ca {
            options = options.ssl_root_cert(ca);
        }
        if let Some((certificate, key)) = &connection.client {
            options = options.ssl_client_cert(certificate).ssl_client_key(key);
        }
        if !connection.options.is_empty() {
            options = options.options(connection.options.iter().map(|(name, value)| (name, value)));
        }
        options
    }
}

impl Connection {
    fn of(env: &Env, extras: Extras, warnings: &mut Vec<String>) -> Result<Self, ConfigError> {
        let Extras { mode, ca, certificate, key, mut options, source, .. } = extras;
        let tls = match (mode.as_deref().unwrap_or("prefer"), &ca) {
            ("disable", _) => PgSslMode::Disable,
            // Both take TLS where the server has it and go without where it has not; only the order differs.
            ("allow" | "prefer", _) => PgSslMode::Prefer,
            // libpq verifies the chain as soon as it is given a CA.
            ("require", None) => PgSslMode::Require,
            ("require" | "verify-ca", _) => PgSslMode::VerifyCa,
            ("verify-full", _) => PgSslMode::VerifyFull,
            (other, _) => {
                return Err(ConfigError::new(&source, format!("has the unknown sslmode {other:?}"))
                    .hint("use disable, prefer, require, verify-ca or verify-full"));
            }
        };
        let system = ca.as_deref() == Some("system");
        if ca.is_none() && matches!(tls, PgSslMode::VerifyCa | PgSslMode::VerifyFull) {
            warnings.push(format!(
                "{source} verifies the server but names no sslrootcert: Dify's own client fails without one"
            ));
        }
        let ca = ca.filter(|_| !system).map(PathBuf::from);
        let client = match (certificate, key) {
            (Some(certificate), Some(key)) => Some((PathBuf::from(certificate), PathBuf::from(key))),
            (None, None) => None,
            _ => return Err(ConfigError::new(&source, "names only one of sslcert and sslkey")),
        };
        if !matches!(tls, PgSslMode::Disable) {
            check_files(&source, ca.as_ref(), client.as_ref())?;
        }
        if source == extras::API {
            // Dify asks for its time zone in the start-up packet, which some poolers refuse: so do we, to be refused too.
            let zone = env.text_or("DB_SESSION_TIMEZONE_OVERRIDE", "UTC")?;
            if !zone.is_empty() {
                options.push(("timezone".to_owned(), zone));
            }
        }
        Ok(Self { tls, ca, client, options })
    }
}

/// A file that is not what it should be is named now, not as a failed handshake later.
fn check_files(
    source: &str,
    ca: Option<&PathBuf>,
    client: Option<&(PathBuf, PathBuf)>,
) -> Result<(), ConfigError> {
    let named =
        |key: &str, path: &PathBuf| NamedFile { key: format!("{source} ({key})"), path: path.clone() };
    client_config(&TlsOptions {
        verify: Verify::Chain,
        ca: ca.map(|path| named("sslrootcert", path)),
        client: client.map(|(certificate, key)| (named("sslcert", certificate), named("sslkey", key))),
    })
    .map(|_| ())
}

fn refuse_other_databases(env: &Env) -> Result<(), ConfigError> {
    let kind = env.text_or("DB_TYPE", "postgresql")?;
    match kind.as_str() {
        // The plugin daemon's word for PostgreSQL behind PgBouncer.
        "postgresql" | "pgbouncer" => Ok(()),
        "mysql" | "oceanbase" | "seekdb" => {
            Err(ConfigError::new("DB_TYPE", format!("{kind} is not supported yet by db-migrate"))
                .hint("use postgresql, or turn this check off"))
        }
        _ => Err(ConfigError::new("DB_TYPE", format!("{kind:?} is not known"))
            .hint("Dify knows postgresql, mysql, oceanbase and seekdb")),
    }
}

fn address(env: &Env, host_key: &str, host: &str, port_key: &str) -> Result<Address, ConfigError> {
    let host = not_empty(env, host_key, host)?;
    let port: u16 = env.number(port_key, 5432)?;
    if port == 0 {
        return Err(ConfigError::new(port_key, "0 is not a port (1 to 65535)"));
    }
    if host.chars().any(|c| c.is_whitespace() || matches!(c, '/' | '@' | '?' | ',')) {
        return Err(ConfigError::new(host_key, "is not a host name or address")
            .hint("give one name or address, without scheme, user or path"));
    }
    if host.contains(':') && !host.starts_with('[') {
        return Err(ConfigError::new(host_key, "is an IPv6 address without brackets, or holds a port")
            .hint(format!("Dify builds a URL from it: write [::1], and the port into {port_key}")));
    }
    Ok(Address::new(host, port))
}

fn not_empty(env: &Env, name: &str, default: &str) -> Result<String, ConfigError> {
    let value = env.text_or(name, default)?;
    if value.trim().is_empty() {
        return Err(ConfigError::new(name, "is empty").hint(format!("set {name}, or unset it for {default}")));
    }
    Ok(value)
}

#[cfg(test)]
mod tests;
