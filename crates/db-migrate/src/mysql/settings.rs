//! How Dify's api and its plugin daemon log in at a server of MySQL's family, with the quirks of `PyMySQL` and of the
//! daemon's driver.

use preflight::mysql::{Login, SslMode, Tls};
use preflight::tls::NamedFile;
use preflight::{ConfigError, Env, Secret};

use super::extras::Extras;
use crate::settings::{self, APPLICATION};

const KINDS: [&str; 3] = ["mysql", "oceanbase", "seekdb"];
/// The variable that tells the daemon's environment from the api's.
const MODE: &str = "DB_SSL_MODE";
/// The daemon's own database, in an environment that is shared with the api.
const PLUGIN: &str = "DB_PLUGIN_DATABASE";

/// Whether `DB_TYPE` names a server of this family.
pub(crate) fn is_meant(env: &Env) -> Result<bool, ConfigError> {
    Ok(KINDS.contains(&env.text_or("DB_TYPE", "postgresql")?.as_str()))
}

/// The api's login, or the daemon's where the variables are those of the daemon.
pub fn application(env: &Env) -> Result<Login, ConfigError> {
    if env.is_set(MODE)? {
        return daemon(env, false);
    }
    let mut login = login(env)?;
    if login.database.contains('?') {
        return Err(ConfigError::new("DB_DATABASE", "holds a ?, at which Dify would cut it off"));
    }
    for (key, value) in secrets(&login) {
        survives_pymysql(key, value)?;
    }
    if env.text("DB_CHARSET")?.is_some_and(|charset| !charset.is_empty()) {
        return Err(ConfigError::new(
            "DB_CHARSET",
            "becomes client_encoding, a word of PostgreSQL on which PyMySQL would stop Dify at its start",
        )
        .hint("unset it; utf8mb4 is what Dify uses with MySQL anyway"));
    }
    let mut extras = Extras::from_env(env)?;
    login.tls = extras.tls()?;
    login.warnings.append(&mut extras.warnings);
    Ok(login)
}

/// The plugin daemon's login. In an environment that is `shared` with the api, `DB_DATABASE` and `DB_EXTRAS` are the
/// api's.
pub fn daemon(env: &Env, shared: bool) -> Result<Login, ConfigError> {
    let mut login = login(env)?;
    if shared || env.is_set(PLUGIN)? {
        login.keys.database = PLUGIN;
    }
    login.database = env.text_or(login.keys.database, "dify_plugin")?;
    if login.password.is_none() {
        return Err(ConfigError::new(
            "DB_PASSWORD",
            "is empty, with which the plugin daemon refuses to start",
        )
        .hint("give the user a password and set DB_PASSWORD"));
    }
    if login.user.contains(':') {
        return Err(ConfigError::new(
            "DB_USERNAME",
            "holds a colon, at which the plugin daemon would cut it off",
        )
        .hint("use another user; letters and digits are always safe"));
    }
    if login.database.contains(['/', '?', '%']) {
        return Err(ConfigError::new(
            login.keys.database,
            "holds a letter at which the plugin daemon would cut it off",
        )
        .hint("use another database; letters, digits and underscores are always safe"));
    }
    if !login.database.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '$')) {
        login.warnings.push(format!(
            "the plugin daemon cannot create a database of the name {:?} itself; db-migrate bootstrap can",
            login.database
        ));
    }
    // Go's driver verifies with the CAs of the daemon's image, or with those of the file that Go itself reads.
    if env.one_of(MODE, "disable", &["disable", "require"])? == "require" {
        let path = env.text_or("SSL_CERT_FILE", "")?;
        let ca = (!path.is_empty()).then(|| NamedFile { key: "SSL_CERT_FILE".to_owned(), path: path.into() });
        login.tls = Tls::new(SslMode::VerifyFull, ca, None)?;
    }
    Ok(login)
}

fn login(env: &Env) -> Result<Login, ConfigError> {
    let kind = env.text_or("DB_TYPE", "postgresql")?;
    let host = settings::not_empty(env, "DB_HOST", "localhost")?;
    if host.contains(',') {
        return Err(ConfigError::new(
            "DB_HOST",
            "names several hosts, which Dify's client of MySQL cannot use",
        )
        .hint("name the one that leads to the primary"));
    }
    let port: u16 = env.number("DB_PORT", 5432)?;
    if port == 0 {
        return Err(ConfigError::new("DB_PORT", "0 is not a port (1 to 65535)"));
    }
    let mut warnings = Vec::new();
    for (name, default, usual) in [
        ("DB_PORT", "5432", if kind == "mysql" { "3306" } else { "2881" }),
        ("DB_USERNAME", "postgres", "the user"),
    ] {
        if !env.is_set(name)? {
            warnings.push(format!(
                "{name} is not set: Dify's default is {default}, also with DB_TYPE={kind}; set it to {usual}"
            ));
        }
    }
    Ok(Login {
        address: settings::address(&host, port, "DB_HOST", "DB_PORT")?,
        user: settings::not_empty(env, "DB_USERNAME", "postgres")?,
        password: env.secret("DB_PASSWORD")?,
        database: settings::not_empty(env, "DB_DATABASE", "dify")?,
        tls: Tls::default(),
        keys: APPLICATION,
        warnings,
    })
}

/// User and password with the variables that hold them.
fn secrets(login: &Login) -> impl Iterator<Item = (&'static str, &str)> {
    let password = login.password.as_ref().map(|password| (login.keys.password, Secret::reveal(password)));
    [(login.keys.user, login.user.as_str())].into_iter().chain(password)
}

/// Refuses what the api would send as something else: it is quoted as in a form and read back as from a URL, and
/// `PyMySQL` sends a password's letters beyond ASCII in an encoding that no account was made with.
fn survives_pymysql(key: &str, value: &str) -> Result<(), ConfigError> {
    let problem = if value.contains(' ') {
        "holds a space, which Dify itself would send as a plus sign"
    } else if key == APPLICATION.password && !value.is_ascii() {
        "holds a letter beyond ASCII, which Dify's client would send as Latin-1 or not at all"
    } else {
        return Ok(());
    };
    Err(ConfigError::new(key, problem).hint(format!("change {key}; letters and digits are always safe")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_daemons_driver_takes_the_cas_that_go_reads() {
        let require = [("DB_TYPE", "mysql"), ("DB_PASSWORD", "p"), (MODE, "require")];
        let [kind, password, mode] = require;
        assert_eq!(daemon(&Env::of(require), false).unwrap().tls.mode(), SslMode::VerifyFull);
        let other = Env::of([kind, password, mode, ("SSL_CERT_FILE", "/none")]);
        assert_eq!(daemon(&other, false).unwrap_err().key, "SSL_CERT_FILE");
    }

    fn read<const N: usize>(pairs: [(&str, &str); N]) -> Result<Login, ConfigError> {
        let usual =
            [("DB_TYPE", "mysql"), ("DB_PORT", "3306"), ("DB_USERNAME", "dify"), ("DB_PASSWORD", "secret")];
        application(&Env::of_pairs(usual.into_iter().chain(pairs)))
    }

    fn key_of<const N: usize>(pairs: [(&str, &str); N]) -> String {
        read(pairs).map(|login| login.target()).unwrap_err().key
    }

    fn mode(extras: &str) -> (SslMode, usize) {
        let login = read([("DB_EXTRAS", extras)]).unwrap();
        (login.tls.mode(), login.warnings.len())
    }

    #[test]
    fn the_defaults_are_difys_and_warned_of() {
        let login = application(&Env::of_pairs([("DB_TYPE", "mysql")])).unwrap();
        assert_eq!((login.target().as_str(), login.user.as_str()), ("localhost:5432/dify", "postgres"));
        assert_eq!(login.warnings.len(), 2);
        assert_eq!(read([]).unwrap().warnings, [""; 0]);
    }

    #[test]
    fn what_would_stop_dify_is_named() {
        for (name, value) in [
            ("DB_CHARSET", "utf8mb4"),
            ("DB_HOST", "a,b"),
            ("DB_PORT", "0"),
            ("DB_PASSWORD", "a b"),
            ("DB_PASSWORD", "größe"),
            ("DB_USERNAME", "a b"),
            ("DB_DATABASE", "a?b"),
            ("DB_EXTRAS", "sslmode=require"),
            ("DB_EXTRAS", "options=-c%20a"),
            ("DB_EXTRAS", "nonsense=1"),
            ("DB_EXTRAS", "charset=utf-8"),
            ("DB_EXTRAS", "charset=utf8mb4&charset=utf8mb4"),
            ("DB_EXTRAS", "connect_timeout=5s"),
            ("DB_EXTRAS", "ssl_check_hostname=maybe"),
            ("DB_EXTRAS", "host=elsewhere"),
            ("DB_EXTRAS", "unix_socket=/run/mysqld.sock"),
            ("DB_EXTRAS", "compress=1"),
        ] {
            assert_eq!(key_of([(name, value)]), name, "{name}={value}");
        }
        let missing = read([("DB_EXTRAS", "ssl_ca=/none/ca.crt")]).unwrap_err();
        assert!(missing.key.contains("DB_EXTRAS (ssl_ca)"), "{missing:?}");
    }

    #[test]
    fn tls_is_what_pymysql_makes_of_it() {
        for (extras, expected, warnings) in [
            ("", SslMode::Disable, 0),
            ("charset=utf8mb4&connect_timeout=5", SslMode::Disable, 0),
            ("charset=latin1", SslMode::Disable, 1),
            ("ssl_check_hostname=true", SslMode::Require, 1),
            ("ssl_check_hostname=false", SslMode::Require, 1),
            ("ssl_verify_cert=true", SslMode::VerifyCa, 0),
            ("ssl_verify_cert=false", SslMode::Require, 0),
            ("ssl_verify_identity=true", SslMode::Require, 0),
            ("ssl_ca=/ca.crt&ssl_verify_cert=true", SslMode::VerifyCa, 1),
            ("ssl_ca=/ca.crt&ssl_disabled=true", SslMode::Disable, 0),
            ("ssl_ca=/ca.crt&ssl_disabled=false", SslMode::Disable, 1),
        ] {
            assert_eq!(mode(extras), (expected, warnings), "{extras}");
        }
    }

    #[test]
    fn the_daemon_has_its_own_dialect() {
        let daemon = read([(MODE, "require"), ("DB_PASSWORD", "a b/@:é")]).unwrap();
        assert_eq!(
            (daemon.tls.mode(), daemon.target().as_str()),
            (SslMode::VerifyFull, "localhost:3306/dify_plugin")
        );
        let daemon = read([(MODE, "disable"), ("DB_DATABASE", "dify-plugin")]).unwrap();
        assert_eq!((daemon.tls.mode(), daemon.warnings.len()), (SslMode::Disable, 1));
        for (name, value) in
            [(MODE, "verify-full"), ("DB_PASSWORD", ""), ("DB_USERNAME", "a:b"), ("DB_DATABASE", "a/b")]
        {
            assert_eq!(key_of([(MODE, "disable"), (name, value)]), name, "{name}={value}");
        }
    }

    proptest! {
        #[test]
        fn any_extras_are_read(text in "[ -~]{0,60}") {
            let _ = read([("DB_EXTRAS", text.as_str())]);
        }

        #[test]
        fn pairs_of_known_words_are_read(
            pairs in prop::collection::vec(("(ssl_ca|ssl_verify_cert|ssl_disabled|charset|connect_timeout|zz)", "[a-z0-9]{0,5}"), 0..5)
        ) {
            let text: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let known = read([("DB_EXTRAS", text.join("&").as_str())]);
            let has_unknown = pairs.iter().any(|(name, value)| name == "zz" && !value.is_empty());
            prop_assert!(!has_unknown || known.is_err());
        }
    }
}
