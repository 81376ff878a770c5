//! Redis URLs, cut the way Python's `urlparse` cuts them, because that is what reads them in the application.
//!
//! A strict URL parser would accept or refuse other passwords than the application does. No error shows a part of the
//! URL: what went wrong may well be that the password ended up as the host.

use percent_encoding::percent_decode_str;
use preflight::{Address, ConfigError, Env, Secret};

/// A URL in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RedisUrl {
    pub(crate) scheme: String,
    pub(crate) user: Option<String>,
    pub(crate) password: Option<Secret>,
    pub(crate) address: Address,
    /// The number behind the address, if there is one.
    pub(crate) database: Option<u32>,
    /// `name=value` pairs, decoded.
    pub(crate) query: Vec<(String, String)>,
}

/// The scheme of a URL, in lower case.
pub(crate) fn scheme(key: &str, url: &str) -> Result<String, ConfigError> {
    let (scheme, _) = url.split_once("://").ok_or_else(|| {
        ConfigError::new(key, "is not a URL: it has no scheme")
            .hint("write it like redis://:password@host:6379/1")
    })?;
    if scheme.is_empty() || !scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) {
        return Err(ConfigError::new(key, "is not a URL: its scheme is malformed"));
    }
    Ok(scheme.to_ascii_lowercase())
}

/// Reads a URL that `key` holds; the password becomes known to the redactor.
pub(crate) fn parse(env: &Env, key: &str, url: &str, default_port: u16) -> Result<RedisUrl, ConfigError> {
    let scheme = scheme(key, url)?;
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let authority_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(authority_end);
    let (login, place) =
        authority.rsplit_once('@').map_or((None, authority), |(login, at)| (Some(login), at));
    let (user, password) = match login.map(|login| login.split_once(':').unwrap_or((login, ""))) {
        Some((user, password)) => (decode(key, user)?, decode(key, password)?),
        None => (String::new(), String::new()),
    };
    let password = Some(Secret::new(password)).filter(|password| !password.is_empty());
    if let Some(password) = &password {
        env.learn(password);
    }
    let address = Address::parse(place, Some(default_port)).map_err(|_| malformed(key))?;
    let (rest, _fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let query = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(key, name)?, decode(key, value)?))
        })
        .collect::<Result<Vec<_>, ConfigError>>()?;
    let user = Some(user).filter(|user| !user.is_empty());
    Ok(RedisUrl { scheme, user, password, address, database: database(key, path)?, query })
}

fn database(key: &str, path: &str) -> Result<Option<u32>, ConfigError> {
    let number = path.trim_matches('/');
    if number.is_empty() {
        return Ok(None);
    }
    number.parse().map(Some).map_err(|_| {
        // It may be the rest of a password with a raw slash, so it is not shown.
        ConfigError::new(key, "has no database number behind the address").hint(ENCODE)
    })
}

fn malformed(key: &str) -> ConfigError {
    ConfigError::new(key, "has no usable host and port").hint(ENCODE)
}

/// The usual reason for a URL that falls apart.
const ENCODE: &str =
    "write it like redis://:password@host:6379/1, with % / ? # @ : ; [ ] of the password percent-encoded";

fn decode(key: &str, text: &str) -> Result<String, ConfigError> {
    percent_decode_str(text)
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| ConfigError::new(key, "holds percent-encoded bytes that are not UTF-8"))
}

impl RedisUrl {
    /// The URL as it may be shown.
    pub(crate) fn shown(&self) -> String {
        let user = self.user.as_deref().unwrap_or_default();
        let password = if self.password.is_some() { ":***" } else { "" };
        let at = if user.is_empty() && password.is_empty() { "" } else { "@" };
        let database = self.database.map(|number| format!("/{number}")).unwrap_or_default();
        format!("{}://{user}{password}{at}{}{database}", self.scheme, self.address)
    }

    /// The last value of a query parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

    use super::*;

    fn read(url: &str) -> Result<RedisUrl, ConfigError> {
        parse(&Env::of([]), "CELERY_BROKER_URL", url, 6379)
    }

    #[test]
    fn every_printable_ascii_character_of_a_password_survives() {
        let password: String = (b' '..=b'~').map(char::from).collect();
        let encoded = utf8_percent_encode(&password, NON_ALPHANUMERIC);
        let url = read(&format!("redis://dify:{encoded}@redis:6380/1")).unwrap();
        assert_eq!(url.password.unwrap().reveal(), password);
        assert_eq!((url.user.as_deref(), url.address.port, url.database), (Some("dify"), 6380, Some(1)));
        for c in (b' '..=b'~').map(char::from) {
            let encoded = utf8_percent_encode(&c.to_string(), NON_ALPHANUMERIC).to_string();
            let url = read(&format!("redis://:{encoded}x@redis/0")).unwrap();
            assert_eq!(url.password.unwrap().reveal(), format!("{c}x"));
        }
    }

    #[test]
    fn raw_characters_are_cut_as_python_cuts_them() {
        for (url, password) in [
            ("redis://:p@ss@redis:6379/1", "p@ss"),
            ("redis://:a:b@redis:6379/1", "a:b"),
            ("redis://:100%@redis:6379/1", "100%"),
            ("redis://:a+b@redis/1", "a+b"),
        ] {
            let url = read(url).unwrap();
            assert_eq!(url.password.unwrap().reveal(), password);
            assert_eq!(url.address.host, "redis");
        }
    }

    #[test]
    fn an_error_names_the_variable_and_shows_no_part_of_the_url() {
        for url in [
            "canary",
            "redis:canary",
            "://canary",
            "redis://",
            "redis://:canary@",
            "redis://:can/ary@redis:6379/1",
            "redis://:can#ary@redis:6379/1",
            "redis://:can?ary@redis:6379/1",
            "redis://:canary@redis:port/1",
            "redis://:canary@redis:6379/canary",
            "redis://:canary%ff@redis:6379/1",
        ] {
            let error = read(url).unwrap_err();
            assert_eq!(error.key, "CELERY_BROKER_URL", "{url}");
            let all = format!("{error} {:?}", error.hint);
            assert!(!all.contains("canary") && !all.contains("ary@"), "{all}");
        }
    }

    #[test]
    fn what_is_shown_holds_no_password() {
        assert_eq!(read("redis://:canary@redis:6379/1").unwrap().shown(), "redis://:***@redis:6379/1");
        assert_eq!(read("redis://redis").unwrap().shown(), "redis://redis:6379");
    }
}
