//! Where the database is and how Dify logs in: `DB_*`, read with Dify's own quirks.

mod charset;
mod daemon;
mod dsn;
mod extras;
mod hosts;

use std::path::Path;

use preflight::postgres::{Hosts, Keys, Login, SslMode, Tls};
use preflight::tls::NamedFile;
use preflight::{Address, ConfigError, Env, Secret};

pub use daemon::{Daemon, daemon};
use extras::{Extras, Said};

/// The variables of the application's login.
pub(crate) const APPLICATION: Keys =
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

/// Reads `DB_*` as the api does. `purpose` is a word for administrators.
pub fn application(env: &Env, purpose: &str) -> Result<Login, ConfigError> {
    if daemon::is_meant(env)? {
        return Ok(daemon(env, false, purpose)?.login);
    }
    refuse_other_databases(env)?;
    let mut login = login(env, APPLICATION, "localhost", "DB_PORT", purpose)?;
    if login.database.contains('?') {
        return Err(ConfigError::new("DB_DATABASE", "holds a ?, at which Dify would cut it off")
            .hint("put what follows it into DB_EXTRAS"));
    }
    dsn::each(("DB_USERNAME", &login.user), ("DB_PASSWORD", login.password.as_ref()), dsn::survives_the_url)?;
    let extras = Extras::from_env(env)?;
    login.warnings.extend(extras.warnings.iter().cloned());
    login.tls = tls(&extras, &mut login.warnings)?;
    if extras.hosts != hosts::Given::default() {
        let mut all = hosts::all(&extras.hosts, &login.address)?.into_iter();
        if let Some(first) = all.next() {
            login.address = first;
        }
        login.hosts.others = all.collect();
    }
    login.hosts.want = extras.want;
    login.options = extras.options;
    // Dify asks for its time zone in the start-up packet, which some poolers refuse: so do we, to be refused too.
    let zone = env.text_or("DB_SESSION_TIMEZONE_OVERRIDE", "UTC")?;
    if !zone.is_empty() {
        login.options.push(("timezone".to_owned(), zone));
    }
    Ok(login)
}

/// Reads `PGVECTOR_*`: the vector store, which may be the same server. Dify has no TLS settings for it; its client takes
/// libpq's own.
pub fn pgvector(env: &Env, purpose: &str) -> Result<Login, ConfigError> {
    let login = login(env, PGVECTOR, "pgvector", "PGVECTOR_PORT", purpose)?;
    Ok(Login { tls: Tls::of_libpq(env)?, ..login })
}

fn login(
    env: &Env,
    keys: Keys,
    default_host: &str,
    port_key: &str,
    purpose: &str,
) -> Result<Login, ConfigError> {
    let mut addresses = addresses(env, keys.host, default_host, port_key)?.into_iter();
    let address = addresses.next().ok_or_else(|| ConfigError::new(keys.host, "is empty"))?;
    Ok(Login {
        address,
        hosts: Hosts { others: addresses.collect(), ..Hosts::default() },
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
    let Extras { mode, ca, certificate, key, .. } = extras;
    let mode = match mode {
        Some(said) => SslMode::parse(&said.source, &said.value)?,
        None => SslMode::default(),
    };
    let verifies = matches!(mode, SslMode::VerifyCa | SslMode::VerifyFull);
    let usual = std::env::var_os("HOME").map(|home| Path::new(&home).join(".postgresql/root.crt"));
    let usual = usual
        .filter(|path| verifies && path.exists())
        .map(|path| Said { value: path.display().to_string(), source: extras::NAME.to_owned() });
    let ca = ca.as_ref().or(usual.as_ref());
    if ca.is_none() && verifies {
        return Err(ConfigError::new(
            extras::NAME,
            "asks to verify the server but names no sslrootcert, without which Dify's own client fails",
        )
        .hint("add sslrootcert=/path/to/ca.crt, or sslrootcert=system for a public CA"));
    }
    let root = match ca {
        // libpq goes on without it, and so does Dify.
        Some(said) if !verifies && said.value != "system" && !Path::new(&said.value).exists() => {
            warnings.push(format!(
                "{}: sslrootcert {} does not exist here, so the server is not verified; use sslmode=verify-full to insist",
                said.source, said.value
            ));
            None
        }
        other => other,
    };
    let named = |word: &str, said: &Said| NamedFile {
        key: format!("{} ({word})", said.source),
        path: said.value.clone().into(),
    };
    let client = match (certificate, key) {
        (Some(certificate), Some(key)) => Some((named("sslcert", certificate), named("sslkey", key))),
        (None, None) => None,
        _ => {
            return Err(ConfigError::new(extras::NAME, "names only one of sslcert and sslkey")
                .hint("name both, or none"));
        }
    };
    Tls::new(mode, root.map(|said| named("sslrootcert", said)), client)
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
        "postgresql" => Ok(()),
        "pgbouncer" => Err(ConfigError::new(
            "DB_TYPE",
            "pgbouncer is a word of the plugin daemon alone, Dify's api crashes on it",
        )
        .hint("use postgresql; PgBouncer needs no word of its own")),
        "mysql" | "oceanbase" | "seekdb" => {
            Err(ConfigError::new("DB_TYPE", format!("{kind} is not supported yet by db-migrate"))
                .hint("use postgresql, or turn this check off"))
        }
        _ => Err(ConfigError::new("DB_TYPE", format!("{kind:?} is not known"))
            .hint("Dify knows postgresql, mysql, oceanbase and seekdb")),
    }
}

/// One host, or several with commas between them, which all have the same port.
fn addresses(env: &Env, host_key: &str, host: &str, port_key: &str) -> Result<Vec<Address>, ConfigError> {
    let hosts = not_empty(env, host_key, host)?;
    let port: u16 = env.number(port_key, 5432)?;
    if port == 0 {
        return Err(ConfigError::new(port_key, "0 is not a port (1 to 65535)"));
    }
    hosts.split(',').map(|host| address(host, port, host_key, port_key)).collect()
}

pub(crate) fn address(host: &str, port: u16, host_key: &str, port_key: &str) -> Result<Address, ConfigError> {
    if host.is_empty() || host.chars().any(|c| c.is_whitespace() || matches!(c, '/' | '@' | '?')) {
        return Err(ConfigError::new(host_key, "is not a host name or address")
            .hint("give one name or address, without scheme, user or path"));
    }
    if host.contains(':') && !host.starts_with('[') {
        return Err(ConfigError::new(host_key, "is an IPv6 address without brackets, or holds a port")
            .hint(format!("Dify builds a URL from it: write [::1], and the port into {port_key}")));
    }
    Ok(Address::new(host, port))
}

pub(crate) fn not_empty(env: &Env, name: &str, default: &str) -> Result<String, ConfigError> {
    let value = env.text_or(name, default)?;
    if value.trim().is_empty() {
        return Err(ConfigError::new(name, "is empty").hint(format!("set {name}, or unset it for {default}")));
    }
    Ok(value)
}

#[cfg(test)]
mod tests;
