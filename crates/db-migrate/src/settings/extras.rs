//! `DB_EXTRAS`: the query string that Dify appends to its database URL, so a list of libpq's own parameters.
//!
//! What is said there counts more than the variable of the same meaning: `host` and `port` replace `DB_HOST` and
//! `DB_PORT`. What is said nowhere libpq takes from its own variables, such as `PGSSLMODE`.

use std::collections::BTreeMap;

use preflight::postgres::Want;
use preflight::{ConfigError, Env, Secret};
use url::form_urlencoded;

use super::hosts::{self, Given};

/// The variable.
pub(super) const NAME: &str = "DB_EXTRAS";

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
    pub(super) mode: Option<Said>,
    pub(super) ca: Option<Said>,
    pub(super) certificate: Option<Said>,
    pub(super) key: Option<Said>,
    pub(super) want: Want,
    /// Hosts and ports, if they are given here.
    pub(super) hosts: Given,
    /// Settings of the server, from `options`.
    pub(super) options: Vec<(String, String)>,
    pub(super) warnings: Vec<String>,
}

/// A value, and the variable that holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) value: String,
    pub(super) source: String,
}

impl Extras {
    pub(super) fn from_env(env: &Env) -> Result<Self, ConfigError> {
        let text = env.text(NAME)?.unwrap_or_default();
        let mut extras = Self::query(&text, env)?;
        for (name, slot) in [
            ("PGSSLMODE", &mut extras.mode),
            ("PGSSLROOTCERT", &mut extras.ca),
            ("PGSSLCERT", &mut extras.certificate),
            ("PGSSLKEY", &mut extras.key),
        ] {
            if slot.is_none() && env.is_set(name)? {
                let value = env.text(name)?.filter(|value| !value.is_empty());
                *slot = value.map(|value| Said { value, source: name.to_owned() });
            }
        }
        if let Some(warning) = super::charset::warning(env)? {
            extras.warnings.push(warning);
        }
        Ok(extras)
    }

    fn query(text: &str, env: &Env) -> Result<Self, ConfigError> {
        let mut extras = Self::default();
        let charset_is_set = env.text(super::charset::NAME)?.is_some_and(|charset| !charset.is_empty());
        for (name, values) in parameters(text, env, &mut extras.warnings) {
            if !matches!(name.as_str(), "host" | "port")
                && (values.len() > 1 || (name == "client_encoding" && charset_is_set))
            {
                return Err(ConfigError::new(
                    NAME,
                    format!("gives {name} twice, which Dify's own client refuses"),
                )
                .hint("leave one of them out"));
            }
            let value = values.first().cloned().unwrap_or_default();
            let said = |value: String| Some(Said { value, source: NAME.to_owned() });
            match name.as_str() {
                "sslmode" => extras.mode = said(value),
                "sslrootcert" => extras.ca = said(value),
                "sslcert" => extras.certificate = said(value),
                "sslkey" => extras.key = said(value),
                "target_session_attrs" => extras.want = wanted(&value)?,
                "host" => extras.hosts.hosts = values,
                "port" => extras.hosts.ports = values,
                "options" => extras.options = server_options(&value)?,
                "user" | "password" | "dbname" => {
                    return Err(ConfigError::new(NAME, format!("sets {name}, which has its own variable"))
                        .hint("use DB_USERNAME, DB_PASSWORD and DB_DATABASE"));
                }
                known if HARMLESS.contains(&known) => {}
                known if NOT_APPLIED.contains(&known) => {
                    extras.warnings.push(format!("{NAME}: {known} is left to Dify and not checked"));
                }
                _ => {
                    return Err(ConfigError::new(NAME, format!("holds the unknown parameter {name:?}"))
                        .hint("it takes connection parameters of libpq, such as sslmode=require"));
                }
            }
        }
        hosts::sound(&extras.hosts)?;
        Ok(extras)
    }
}

/// The parameters with all values that each is given.
fn parameters(text: &str, env: &Env, warnings: &mut Vec<String>) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(text.trim_matches('&').as_bytes()) {
        let (name, value) = (name.into_owned(), value.into_owned());
        if matches!(name.as_str(), "password" | "sslpassword") {
            env.learn(&Secret::new(value.clone()));
            env.mask(NAME, &format!("(holds {name}, so not shown)"));
        }
        if value.is_empty() {
            // Python's parse_qsl drops what has no value.
            warnings.push(format!("{NAME}: {name} has no value and is ignored"));
        } else {
            all.entry(name).or_default().push(value);
        }
    }
    all
}

/// Dify writes, so a server that takes no writes will never do.
fn wanted(word: &str) -> Result<Want, ConfigError> {
    let want = Want::parse(NAME, word)?;
    if matches!(want, Want::ReadOnly | Want::Standby) {
        return Err(ConfigError::new(
            NAME,
            format!("has target_session_attrs={word}, which sends Dify to a server that takes no writes"),
        )
        .hint("use target_session_attrs=read-write or primary"));
    }
    Ok(want)
}

/// Reads `-c name=value -cname=value --name=value`, where a backslash keeps the next character.
pub(super) fn server_options(text: &str) -> Result<Vec<(String, String)>, ConfigError> {
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
