//! One Redis URL as Python's client reads it, with its parameters: for the event bus and the agent backend.

use std::path::PathBuf;
use std::sync::Arc;

use preflight::tls::{NamedFile, TlsOptions, Verify};
use preflight::{ConfigError, Env, Secret};

use super::TlsClient;
use super::url::{self, RedisUrl};
use crate::endpoint::{Endpoint, Keys, Login, Place, Usage};

/// The Redis of a URL that `key` holds.
pub(crate) fn endpoint(
    env: &Env,
    name: &'static str,
    key: &'static str,
    text: &Secret,
    usage: Usage,
) -> Result<Endpoint, ConfigError> {
    let scheme = url::scheme(key, text.reveal())?;
    if !matches!(scheme.as_str(), "redis" | "rediss") {
        return Err(ConfigError::new(key, format!("has the unknown scheme {scheme:?}"))
            .hint("use redis:// or rediss://"));
    }
    let url = url::parse(env, key, text.reveal(), 6379)?;
    env.mask(key, &url.shown());
    let database = match url.parameter("db") {
        Some(number) => {
            number.parse().map_err(|_| ConfigError::new(key, "has a parameter db that is no number"))?
        }
        None => url.database.unwrap_or(0),
    };
    Ok(Endpoint {
        name,
        place: Place::Standalone(url.address.clone()),
        login: Login {
            user: url.user.clone(),
            password: url.password.clone(),
            user_key: key,
            password_key: key,
        },
        tls: if scheme == "rediss" { Some(tls_of_url(key, &url)?) } else { None },
        database,
        keys: Keys { address: key, database: key, tls: key },
        usage,
        warnings: Vec::new(),
    })
}

/// The client of this URL checks certificates unless its parameters say otherwise, whatever `REDIS_SSL_*` says.
fn tls_of_url(key: &'static str, url: &RedisUrl) -> Result<Arc<TlsClient>, ConfigError> {
    let file = |name: &str| {
        url.parameter(name)
            .filter(|path| !path.is_empty())
            .map(|path| NamedFile { key: format!("{key} ({name})"), path: PathBuf::from(path) })
    };
    let verify = match url.parameter("ssl_cert_reqs").unwrap_or("required") {
        "none" | "CERT_NONE" => Verify::Nothing,
        "optional" | "required" | "CERT_OPTIONAL" | "CERT_REQUIRED" => Verify::Full,
        _ => {
            return Err(ConfigError::new(key, "has an unknown value of ssl_cert_reqs")
                .hint("use none, optional or required"));
        }
    };
    let client = match (file("ssl_certfile"), file("ssl_keyfile")) {
        (Some(certificate), Some(private_key)) => Some((certificate, private_key)),
        (Some(both), None) => Some((both.clone(), both)),
        (None, _) => None,
    };
    TlsClient::new(&TlsOptions { verify, ca: file("ssl_ca_certs"), client }, key)
}
