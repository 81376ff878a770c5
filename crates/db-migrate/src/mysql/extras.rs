//! `DB_EXTRAS` beside MySQL: the query string that Dify appends to its database URL. `SQLAlchemy` takes some words out of
//! it, and `PyMySQL` gets the others as arguments: one that it does not know stops Dify at its start.

use std::collections::BTreeMap;

use preflight::mysql::{SslMode, Tls};
use preflight::tls::NamedFile;
use preflight::{ConfigError, Env, Secret};
use url::form_urlencoded;

/// The variable.
pub(super) const NAME: &str = "DB_EXTRAS";

/// Arguments of `PyMySQL` that do not bear on whether Dify gets in.
const HARMLESS: &[&str] = &[
    "autocommit",
    "binary_prefix",
    "client_flag",
    "collation",
    "init_command",
    "local_infile",
    "program_name",
    "sql_mode",
    "use_unicode",
];

/// Arguments that this tool does not apply.
const NOT_APPLIED: &[&str] = &[
    "bind_address",
    "read_default_file",
    "read_default_group",
    "server_public_key",
    "ssl_capath",
    "ssl_cipher",
    "ssl_key_password",
];

/// Numbers, after `SQLAlchemy` has read them.
const NUMBERS: &[&str] = &["connect_timeout", "read_timeout", "write_timeout", "client_flag"];

/// Character sets that hold every letter.
const WHOLE: &[&str] = &["utf8mb4"];
/// Others that `PyMySQL` knows.
const PARTIAL: &[&str] = &[
    "ascii", "big5", "binary", "cp1250", "cp1251", "cp1256", "cp1257", "cp850", "cp852", "cp866", "cp932",
    "eucjpms", "euckr", "gb18030", "gb2312", "gbk", "greek", "hebrew", "koi8r", "koi8u", "latin1", "latin2",
    "latin5", "latin7", "macroman", "sjis", "swe7", "tis620", "ujis", "utf8", "utf8mb3",
];

/// What was said.
#[derive(Debug, Default)]
pub(super) struct Extras {
    values: BTreeMap<String, String>,
    pub(super) warnings: Vec<String>,
}

impl Extras {
    pub(super) fn from_env(env: &Env) -> Result<Self, ConfigError> {
        let text = env.text(NAME)?.unwrap_or_default();
        let mut extras = Self::default();
        for (name, value) in form_urlencoded::parse(text.trim_matches('&').as_bytes()) {
            let (name, value) = (name.into_owned(), value.into_owned());
            if matches!(name.as_str(), "password" | "passwd" | "ssl_key_password") {
                env.learn(&Secret::new(value.clone()));
                env.mask(NAME, &format!("(holds {name}, so not shown)"));
            }
            if value.is_empty() {
                // Python's parse_qsl drops what has no value.
                extras.warnings.push(format!("{NAME}: {name} has no value and is ignored"));
            } else if extras.values.insert(name.clone(), value).is_some() {
                let problem = format!("gives {name} twice, which Dify's own client refuses");
                return Err(ConfigError::new(NAME, problem).hint("leave one of them out"));
            }
        }
        let names: Vec<String> = extras.values.keys().cloned().collect();
        for name in names {
            extras.known(&name)?;
        }
        Ok(extras)
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Refuses what stops Dify, and warns of what it will feel.
    fn known(&mut self, name: &str) -> Result<(), ConfigError> {
        let value = self.value(name).unwrap_or_default().to_owned();
        let refused = |problem: String, hint: &str| Err(ConfigError::new(NAME, problem).hint(hint));
        if NUMBERS.contains(&name) && value.parse::<u32>().is_err() {
            return refused(
                format!("has {name}={value}, which is no number, so that Dify would not start"),
                "give seconds as a whole number",
            );
        }
        match name {
            "ssl_ca" | "ssl_cert" | "ssl_key" | "ssl_verify_cert" | "ssl_verify_identity" | "read_timeout"
            | "write_timeout" | "connect_timeout" => Ok(()),
            "ssl_check_hostname" => truth(&value).map(|_| ()).ok_or_else(|| {
                ConfigError::new(
                    NAME,
                    format!("has ssl_check_hostname={value}, which is neither true nor false, so that Dify would not start"),
                )
                .hint("use ssl_check_hostname=true")
            }),
            "ssl_disabled" => {
                if truth(&value) == Some(false) {
                    self.warnings.push(format!(
                        "{NAME}: ssl_disabled={value} turns TLS off, for PyMySQL takes every text for true; leave it out"
                    ));
                }
                Ok(())
            }
            "charset" => self.charset(&value),
            "host" | "port" | "user" | "password" | "passwd" | "db" | "database" => refused(
                format!("sets {name}, which has its own variable"),
                "use DB_HOST, DB_PORT, DB_USERNAME, DB_PASSWORD and DB_DATABASE",
            ),
            "unix_socket" => refused(
                "names a socket file, which db-migrate does not use".to_owned(),
                "reach the server over TCP, or turn this check off",
            ),
            "sslmode" | "sslrootcert" | "sslcert" | "sslkey" | "options" | "target_session_attrs" | "client_encoding" => {
                refused(
                    format!("has {name}, a word of PostgreSQL on which PyMySQL would stop Dify at its start"),
                    "for TLS use ssl_ca=/path/to/ca.crt",
                )
            }
            "compress" | "named_pipe" => refused(
                format!("has {name}, which PyMySQL does not support, so that Dify would not start"),
                "leave it out",
            ),
            known if HARMLESS.contains(&known) => Ok(()),
            known if NOT_APPLIED.contains(&known) => {
                self.warnings.push(format!("{NAME}: {known} is left to Dify and not checked"));
                Ok(())
            }
            _ => refused(
                format!("has {name:?}, which PyMySQL does not know, so that Dify would not start"),
                "it takes arguments of PyMySQL, such as ssl_ca=/path/to/ca.crt",
            ),
        }
    }

    fn charset(&mut self, charset: &str) -> Result<(), ConfigError> {
        if PARTIAL.contains(&charset) {
            self.warnings.push(format!(
                "{NAME}: charset={charset} cannot hold every letter, so some texts will fail; leave it out, or use utf8mb4"
            ));
        } else if !WHOLE.contains(&charset) {
            return Err(ConfigError::new(
                NAME,
                format!("has charset={charset}, which PyMySQL does not know, so that Dify would not start"),
            )
            .hint("leave it out, or use charset=utf8mb4"));
        }
        Ok(())
    }

    /// TLS as `PyMySQL` would do it.
    pub(super) fn tls(&mut self) -> Result<Tls, ConfigError> {
        if self.value("ssl_disabled").is_some() {
            return Ok(Tls::default());
        }
        let named =
            |word: &str, value: &str| NamedFile { key: format!("{NAME} ({word})"), path: value.into() };
        let client = self.value("ssl_cert").map(|cert| {
            let key =
                self.value("ssl_key").map_or_else(|| named("ssl_cert", cert), |key| named("ssl_key", key));
            (named("ssl_cert", cert), key)
        });
        let (cert, identity) = (self.value("ssl_verify_cert"), self.value("ssl_verify_identity"));
        if cert.is_some() || identity.is_some() {
            // PyMySQL then takes no notice of what SQLAlchemy has made of ssl_ca and the others.
            let verifies = cert.is_some_and(|word| {
                matches!(word.to_lowercase().as_str(), "required" | "1" | "true" | "yes")
            });
            let mode = if verifies { SslMode::VerifyCa } else { SslMode::Require };
            let forgotten: Vec<&str> = ["ssl_ca", "ssl_cert", "ssl_key"]
                .into_iter()
                .filter(|name| self.value(name).is_some())
                .collect();
            if !forgotten.is_empty() {
                let beside = if cert.is_some() { "ssl_verify_cert" } else { "ssl_verify_identity" };
                self.warnings.push(format!(
                    "{NAME}: beside {beside}, PyMySQL takes no notice of {}; leave {beside} out, a given ssl_ca is verified with the name without it",
                    forgotten.join(", ")
                ));
            }
            return Tls::new(mode, None, None);
        }
        let Some(ca) = self.value("ssl_ca") else {
            if client.is_none() && self.value("ssl_check_hostname").is_none() {
                return Ok(Tls::default());
            }
            self.warnings.push(format!(
                "{NAME}: without ssl_ca the server's certificate is not verified; add ssl_ca=/path/to/ca.crt"
            ));
            return Tls::new(SslMode::Require, None, client);
        };
        let checks = self.value("ssl_check_hostname").and_then(truth).unwrap_or(true);
        let mode = if checks { SslMode::VerifyFull } else { SslMode::VerifyCa };
        Tls::new(mode, Some(named("ssl_ca", ca)), client)
    }
}

/// As `SQLAlchemy` reads it.
fn truth(value: &str) -> Option<bool> {
    match value.trim().to_lowercase().as_str() {
        "true" | "yes" | "on" | "y" | "t" | "1" => Some(true),
        "false" | "no" | "off" | "n" | "f" | "0" => Some(false),
        _ => None,
    }
}
