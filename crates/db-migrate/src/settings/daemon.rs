//! The plugin daemon's login: variables of the same names as the api's, read in another way.
//!
//! TLS is `DB_SSL_MODE` with two words alone, `DB_EXTRAS` is the value of libpq's `options`, and every value goes into
//! a DSN unquoted.

use preflight::postgres::{Keys, Login, SslMode, Tls};
use preflight::{ConfigError, Env};

use super::{charset, dsn, extras, login};

/// The variable that tells the daemon's environment from the api's.
const MODE: &str = "DB_SSL_MODE";
/// The database of its own where the environment is the api's.
const DATABASE: &str = "DB_PLUGIN_DATABASE";

/// The daemon's login, and the database from which it makes its own.
#[derive(Clone, Debug)]
pub struct Daemon {
    /// How it logs in.
    pub login: Login,
    /// Where it goes when its own database is not there.
    pub default_database: String,
}

/// Whether these are variables of the daemon and not of the api.
pub(super) fn is_meant(env: &Env) -> Result<bool, ConfigError> {
    env.is_set(MODE)
}

/// Reads it. In an environment that is shared with the api, `DB_DATABASE` and `DB_EXTRAS` are the api's.
pub fn daemon(env: &Env, shared: bool, purpose: &str) -> Result<Daemon, ConfigError> {
    if !shared {
        refuse_other_databases(env)?;
    }
    let mut keys = super::APPLICATION;
    if shared || env.is_set(DATABASE)? {
        keys = Keys { database: DATABASE, ..keys };
    }
    // Its own default is dify_plugin, whatever the variable is called.
    env.text_or(keys.database, "dify_plugin")?;
    let mut login = login(env, keys, "localhost", "DB_PORT", purpose)?;
    if !env.is_set(keys.database)? {
        "dify_plugin".clone_into(&mut login.database);
    }
    if login.password.is_none() {
        return Err(ConfigError::new(
            keys.password,
            "is empty, with which the plugin daemon refuses to start",
        )
        .hint(format!("give the user a password and set {}", keys.password)));
    }
    dsn::each((keys.user, &login.user), (keys.password, login.password.as_ref()), dsn::survives_the_dsn)?;
    dsn::survives_the_dsn(keys.database, &login.database)?;
    let mode = env.one_of(MODE, "disable", &["disable", "require"])?;
    // The daemon has no variables for files, but its driver takes libpq's own, and verifies as soon as it has a CA.
    login.tls = Tls::with_files_of_libpq(env, SslMode::parse(MODE, &mode)?)?;
    options(env, shared, &mut login)?;
    login.warnings.extend(charset::warning(env)?);
    let default_database = env.text_or("DB_DEFAULT_DATABASE", "postgres")?;
    Ok(Daemon { login, default_database })
}

fn options(env: &Env, shared: bool, login: &mut Login) -> Result<(), ConfigError> {
    let text = env.text(extras::NAME)?.unwrap_or_default();
    // The daemon takes this word away wherever it stands.
    let value = text.replace("options=", "");
    let is_query = value.contains("ssl") && !value.trim_start().starts_with('-');
    if shared {
        if is_query {
            login.warnings.push(
                "DB_EXTRAS is written for the api; the plugin daemon must not get it, for it would put all of it into options='...'"
                    .to_owned(),
            );
        }
        return Ok(());
    }
    if is_query {
        return Err(ConfigError::new(extras::NAME, "is written for the api: the plugin daemon would send all of it as a server option, and be refused")
            .hint("unset it for the plugin daemon and set DB_SSL_MODE=require; with PGSSLROOTCERT it verifies"));
    }
    if value.contains('\'') {
        return Err(ConfigError::new(
            extras::NAME,
            "holds a quote, which would end the plugin daemon's DSN early",
        )
        .hint("write options like -c search_path=plugins"));
    }
    login.options = extras::server_options(&value)?;
    Ok(())
}

fn refuse_other_databases(env: &Env) -> Result<(), ConfigError> {
    let kind = env.text_or("DB_TYPE", "postgresql")?;
    match kind.as_str() {
        "postgresql" | "pgbouncer" => Ok(()),
        "mysql" | "oceanbase" | "seekdb" => {
            Err(ConfigError::new("DB_TYPE", format!("{kind} is not supported yet by db-migrate"))
                .hint("use postgresql, or turn this check off"))
        }
        _ => Err(ConfigError::new("DB_TYPE", format!("{kind:?} is not known"))
            .hint("the plugin daemon knows postgresql, pgbouncer and mysql")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<const N: usize>(shared: bool, pairs: [(&str, &str); N]) -> Result<Daemon, ConfigError> {
        let password = [("DB_PASSWORD", "secret")];
        let pairs = password.into_iter().chain(pairs);
        daemon(&Env::of_pairs(pairs), shared, "test")
    }

    fn key_of<const N: usize>(pairs: [(&str, &str); N]) -> String {
        read(false, pairs).map(|daemon| daemon.login.target()).unwrap_err().key
    }

    #[test]
    fn it_has_its_own_dialect() {
        let daemon = read(
            false,
            [(MODE, "require"), ("DB_TYPE", "pgbouncer"), ("DB_EXTRAS", "options=-c search_path=plugins")],
        )
        .unwrap();
        assert_eq!(daemon.login.tls.mode(), SslMode::Require);
        assert_eq!(daemon.login.options, [("search_path".to_owned(), "plugins".to_owned())]);
        assert_eq!(daemon.login.target(), "localhost:5432/dify_plugin");
    }

    #[test]
    fn its_driver_takes_libpqs_own_variables() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let ca = rcgen::generate_simple_self_signed(["ca".to_owned()]).unwrap();
        std::fs::write(file.path(), ca.cert.pem()).unwrap();
        let path = file.path().to_str().unwrap();
        let verified = read(false, [(MODE, "require"), ("PGSSLROOTCERT", path)]).unwrap();
        assert_eq!(verified.login.tls.mode(), SslMode::VerifyCa);
        assert_eq!(key_of([(MODE, "require"), ("PGSSLROOTCERT", "/none")]), "PGSSLROOTCERT");
    }

    #[test]
    fn its_database_is_its_own_in_either_environment() {
        for (shared, pairs, expected) in [
            (false, [("DB_DATABASE", "plugins"), ("X", "")], "plugins"),
            (true, [("DB_DATABASE", "dify"), ("X", "")], "dify_plugin"),
            (true, [("DB_DATABASE", "dify"), (DATABASE, "p")], "p"),
            (false, [("DB_DATABASE", "dify"), (DATABASE, "p")], "p"),
        ] {
            assert_eq!(read(shared, pairs).unwrap().login.database, expected, "{pairs:?}");
        }
    }

    #[test]
    fn what_it_would_stumble_over_is_named() {
        assert_eq!(key_of([(MODE, "verify-full")]), MODE);
        assert_eq!(key_of([("DB_EXTRAS", "sslmode=require")]), "DB_EXTRAS");
        assert_eq!(key_of([("DB_EXTRAS", "-c search_path='a'")]), "DB_EXTRAS");
        assert_eq!(key_of([("DB_PASSWORD", "a b")]), "DB_PASSWORD");
        assert_eq!(key_of([("DB_PASSWORD", "'a")]), "DB_PASSWORD");
        assert_eq!(key_of([("DB_PASSWORD", "")]), "DB_PASSWORD");
        assert_eq!(key_of([("DB_TYPE", "sqlite")]), "DB_TYPE");
        let shared = read(true, [("DB_EXTRAS", "sslmode=require")]).unwrap();
        assert_eq!(shared.login.warnings.len(), 1);
    }
}
