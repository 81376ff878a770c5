//! Where the database is and how Dify logs in: `DB_*`, read with Dify's own quirks.

mod extras;

use preflight::postgres::{Hosts, Keys, Login, SslMode, Tls};
use preflight::tls::NamedFile;
use preflight::{Address, ConfigError, Env, Secret};

use extras::Extras;

/// The variables of the application's login.
const APPLICATION: Keys =
    Keys { host: "DB_HOST", user: "DB_USERNAME", password: "DB_PASSWORD", database: "DB_DATABASE" };
/// Those of the vector store's.
const PGVECTOR: Keys = Keys {
    host: "PGVECTOR_HOST",
    user: "PGVECTOR_USER",
    password: "PGVECTOR_PASSWORD",
    database: "PGVECTOR_DATABASE",
};

/// Another user of a server that is known already.
#[derive(Clone)]
pub struct Role {
    /// The role.
    pub user: String,
    /// Its password.
    pub password: Option<Secret>,
    /// The variable that names the role, for hints.
    pub user_key: &'static str,
    /// The variable that holds the password, for hints.
    pub password_key: &'static str,
}

impl Role {
    /// The same login with this user.
    #[must_use]
    pub fn instead_of(&self, login: Login) -> Login {
        let keys = Keys { user: self.user_key, password: self.password_key, ..login.keys };
        Login { user: self.user.clone(), password: self.password.clone(), keys, ..login }
    }
}

/// Reads `DB_*`. `purpose` is a word for administrators.
pub fn application(env: &Env, purpose: &str) -> Result<Login, ConfigError> {
    refuse_other_databases(env)?;
    let mut login = login(env, APPLICATION, "localhost", "DB_PORT", purpose)?;
    if login.database.contains('?') {
        return Err(ConfigError::new("DB_DATABASE", "holds a ?, at which Dify would cut it off"));
    }
    let has_space = |text: &str| text.contains(' ');
    for (key, bad) in [
        ("DB_USERNAME", has_space(&login.user)),
        ("DB_PASSWORD", login.password.as_ref().is_some_and(|password| has_space(password.reveal()))),
    ] {
        if bad {
            login
                .warnings
                .push(format!("{key} holds a space, which Dify itself sends as a plus sign: change it"));
        }
    }
    let extras = Extras::from_env(env)?;
    login.warnings.extend(extras.warnings.iter().cloned());
    login.tls = tls(&extras, &mut login.warnings)?;
    login.options = extras.options;
    if extras.source == extras::API {
        // Dify asks for its time zone in the start-up packet, which some poolers refuse: so do we, to be refused too.
        let zone = env.text_or("DB_SESSION_TIMEZONE_OVERRIDE", "UTC")?;
        if !zone.is_empty() {
            login.options.push(("timezone".to_owned(), zone));
        }
    }
    Ok(login)
}

/// Reads `PGVECTOR_*`: the vector store, which may be the same server. Its client has no TLS settings.
pub fn pgvector(env: &Env, purpose: &str) -> Result<Login, ConfigError> {
    login(env, PGVECTOR, "pgvector", "PGVECTOR_PORT", purpose)
}

fn login(
    env: &Env,
    keys: Keys,
    default_host: &str,
    port_key: &str,
    purpose: &str,
) -> Result<Login, ConfigError> {
    Ok(Login {
        address: address(env, keys.host, default_host, port_key)?,
        hosts: Hosts::default(),
        user: not_empty(env, keys.user, "postgres")?,
        password: env.secret(keys.password)?,
        database: not_empty(env, keys.database, "dify")?,
        tls: Tls::default(),
        options: Vec::new(),
        application: application_name(purpose),
        keys,
        warnings: Vec::new(),
    })
}

fn tls(extras: &Extras, warnings: &mut Vec<String>) -> Result<Tls, ConfigError> {
    let Extras { mode, ca, certificate, key, source, .. } = extras;
    let mode = match mode {
        Some(word) => SslMode::parse(source, word)?,
        None => SslMode::default(),
    };
    if ca.is_none() && matches!(mode, SslMode::VerifyCa | SslMode::VerifyFull) {
        warnings.push(format!(
            "{source} verifies the server but names no sslrootcert: Dify's own client fails without one"
        ));
    }
    let named = |key: &str, path: &String| NamedFile { key: format!("{source} ({key})"), path: path.into() };
    let client = match (certificate, key) {
        (Some(certificate), Some(key)) => Some((named("sslcert", certificate), named("sslkey", key))),
        (None, None) => None,
        _ => return Err(ConfigError::new(source, "names only one of sslcert and sslkey")),
    };
    Tls::new(mode, ca.as_ref().map(|ca| named("sslrootcert", ca)), client)
}

/// `db-migrate run@pod`, cut to what the server keeps.
fn application_name(purpose: &str) -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let mut name = format!("db-migrate {purpose}@{}", host.trim());
    name.truncate(name.floor_char_boundary(63));
    name
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
