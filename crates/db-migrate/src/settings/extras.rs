//! `DB_EXTRAS`: the query string that Dify appends to its database URL, so a list of libpq's own parameters.
//!
//! The plugin daemon reads a variable of the same name in another way: there it is the value of libpq's `options`
//! alone, and TLS is `DB_SSL_MODE`. The latter tells the two apart.

use preflight::{ConfigError, Env, Secret};
use url::form_urlencoded;

const NAME: &str = "DB_EXTRAS";

/// The variable that says in the api's dialect whether to use TLS.
pub(super) const API: &str = NAME;

/// Parameters that libpq knows and that do not bear on whether Dify gets in.
const HARMLESS: &[&str] = &[
    "application_name",
    "fallback_application_name",
    "client_encoding",
    "connect_timeout",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "tcp_user_timeout",
    "target_session_attrs",
    "sslcompression",
    "sslsni",
];

/// Parameters that libpq knows and this tool does not apply.
const NOT_APPLIED: &[&str] = &[
    "sslpassword",
    "sslcrl",
    "sslcrldir",
    "sslcertmode",
    "sslnegotiation",
    "ssl_min_protocol_version",
    "ssl_max_protocol_version",
    "channel_binding",
    "require_auth",
    "requirepeer",
    "gssencmode",
    "gssdelegation",
    "gsslib",
    "krbsrvname",
    "load_balance_hosts",
    "hostaddr",
    "passfile",
    "service",
    "replication",
];

#[derive(Debug, Default)]
pub(super) struct Extras {
    pub(super) mode: Option<String>,
    pub(super) ca: Option<String>,
    pub(super) certificate: Option<String>,
    pub(super) key: Option<String>,
    /// Settings of the server, from `options`.
    pub(super) options: Vec<(String, String)>,
    pub(super) warnings: Vec<String>,
    /// The variable that `mode` came from.
    pub(super) source: String,
}

impl Extras {
    pub(super) fn from_env(env: &Env) -> Result<Self, ConfigError> {
        let text = env.text(NAME)?.unwrap_or_default();
        let mut extras = if let Some(mode) = env.text("DB_SSL_MODE")? {
            if !matches!(mode.as_str(), "disable" | "require") {
                return Err(ConfigError::new("DB_SSL_MODE", format!("{mode:?} is not known"))
                    .hint("the plugin daemon knows disable and require"));
            }
            let options = server_options(&text)?;
            Self { mode: Some(mode), options, source: "DB_SSL_MODE".to_owned(), ..Self::default() }
        } else {
            Self::query(&text, env)?
        };
        if let Some(charset) = env.text("DB_CHARSET")?
            && !charset.is_empty()
            && !is_utf8(&charset)
        {
            extras.warnings.push(format!("DB_CHARSET is {charset}: Dify needs UTF8"));
        }
        Ok(extras)
    }

    fn query(text: &str, env: &Env) -> Result<Self, ConfigError> {
        let mut extras = Self { source: NAME.to_owned(), ..Self::default() };
        for (name, value) in form_urlencoded::parse(text.trim_matches('&').as_bytes()) {
            let value = value.into_owned();
            if matches!(&*name, "password" | "sslpassword") {
                env.learn(&Secret::new(value.clone()));
                env.mask(NAME, &format!("(holds {name}, so not shown)"));
            }
            match &*name {
                // Python's parse_qsl drops what has no value.
                _ if value.is_empty() => {
                    extras.warnings.push(format!("{NAME}: {name} has no value and is ignored"));
                }
                "sslmode" => extras.mode = Some(value),
                "sslrootcert" => extras.ca = Some(value),
                "sslcert" => extras.certificate = Some(value),
                "sslkey" => extras.key = Some(value),
                "options" => extras.options = server_options(&value)?,
                "host" | "port" | "user" | "password" | "dbname" => {
                    return Err(ConfigError::new(NAME, format!("sets {name}, which has its own variable"))
                        .hint("use DB_HOST, DB_PORT, DB_USERNAME, DB_PASSWORD and DB_DATABASE"));
                }
                known if HARMLESS.contains(&known) => {}
                known if NOT_APPLIED.contains(&known) => {
                    extras.warnings.push(format!("{NAME}: {name} is left to Dify and not checked"));
                }
                _ => {
                    return Err(ConfigError::new(NAME, format!("holds the unknown parameter {name:?}"))
                        .hint("it takes connection parameters of libpq, such as sslmode=require"));
                }
            }
        }
        Ok(extras)
    }
}

fn is_utf8(charset: &str) -> bool {
    matches!(charset.to_ascii_lowercase().replace(['-', '_'], "").as_str(), "utf8" | "unicode")
}

/// Reads `-c name=value -cname=value --name=value`, where a backslash keeps the next character.
fn server_options(text: &str) -> Result<Vec<(String, String)>, ConfigError> {
    let words = words(text);
    let mut options = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let setting = match word.strip_prefix("--").or_else(|| word.strip_prefix("-c")) {
            Some("") => words.next().map(String::as_str),
            other => other,
        };
        let Some((name, value)) = setting.and_then(|setting| setting.split_once('=')) else {
            return Err(ConfigError::new(NAME, "holds options that are not -c name=value")
                .hint("write them like options=-c search_path=dify, percent-encoded"));
        };
        // The server takes either.
        options.push((name.replace('-', "_"), value.to_owned()));
    }
    Ok(options)
}

fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => word.extend(rest.next()),
            c if c.is_whitespace() => words.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}
