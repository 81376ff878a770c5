//! `EVENT_BUS_REDIS_URL`: where workers tell the api about running workflows.

use std::path::PathBuf;
use std::sync::Arc;

use preflight::tls::{NamedFile, TlsOptions, Verify};
use preflight::{ConfigError, Env, Secret};

use super::url::{self, RedisUrl};
use super::{TlsClient, app, tls};
use crate::endpoint::{Endpoint, Keys, Login, Place, Usage};

/// The name and its older spelling, in the order in which Dify looks.
const URLS: [&str; 2] = ["EVENT_BUS_REDIS_URL", "PUBSUB_REDIS_URL"];

/// Whether the environment gives the event bus a Redis of its own.
pub(crate) fn is_named(env: &Env) -> Result<bool, ConfigError> {
    for key in URLS {
        // An empty URL is none for Dify.
        if env.secret(key)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The event bus.
pub(crate) fn endpoint(env: &Env) -> Result<Endpoint, ConfigError> {
    for key in URLS {
        if let Some(url) = env.secret(key)? {
            refuse_cluster(env)?;
            return of_url(env, key, &url);
        }
    }
    refuse_cluster(env)?;
    of_app(env)
}

fn refuse_cluster(env: &Env) -> Result<(), ConfigError> {
    let key = "EVENT_BUS_REDIS_USE_CLUSTERS";
    if env.boolean(key, false)? {
        return Err(ConfigError::new(key, "a Redis Cluster is not supported yet")
            .hint("use a standalone Redis for the event bus"));
    }
    Ok(())
}

fn usage(env: &Env) -> Result<Usage, ConfigError> {
    let prefix = env.text_or("REDIS_KEY_PREFIX", "")?;
    let key = "EVENT_BUS_REDIS_CHANNEL_TYPE";
    Ok(match env.one_of(key, "pubsub", &["pubsub", "sharded", "streams"])?.as_str() {
        "streams" => Usage::Keys { prefix, resp3: true },
        channel => Usage::Channels { prefix, sharded: channel == "sharded" },
    })
}

/// Without a URL, Dify takes `REDIS_HOST` and `REDIS_PORT`, in Sentinel mode too.
fn of_app(env: &Env) -> Result<Endpoint, ConfigError> {
    if env.boolean("REDIS_USE_SENTINEL", false)? && !env.is_set("REDIS_HOST")? {
        return Err(ConfigError::new(
            URLS[0],
            "is not set, and Sentinels are not asked for the event bus: Dify would use localhost:6379",
        )
        .hint("give the event bus a Redis URL"));
    }
    Ok(Endpoint {
        name: "event-bus",
        place: Place::Standalone(app::address(env)?),
        login: app::login(env)?,
        tls: if env.boolean("REDIS_USE_SSL", false)? { Some(tls::of_env(env)?) } else { None },
        database: env.number("REDIS_DB", 0)?,
        keys: Keys { address: "REDIS_HOST", database: "REDIS_DB", tls: "REDIS_USE_SSL" },
        usage: usage(env)?,
        warnings: Vec::new(),
    })
}

fn of_url(env: &Env, key: &'static str, text: &Secret) -> Result<Endpoint, ConfigError> {
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
        name: "event-bus",
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
        usage: usage(env)?,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_read_and_an_empty_one_is_none() {
        for key in URLS {
            let env = Env::of([(key, "redis://:pw@bus:6380/3")]);
            assert!(is_named(&env).unwrap());
            assert_eq!(endpoint(&env).unwrap().to_string(), "bus:6380/3");
        }
        assert!(!is_named(&Env::of([("EVENT_BUS_REDIS_URL", "")])).unwrap());
    }

    #[test]
    fn sentinel_mode_leaves_the_event_bus_without_a_server() {
        let env = Env::of([("REDIS_USE_SENTINEL", "true")]);
        assert_eq!(endpoint(&env).err().unwrap().key, "EVENT_BUS_REDIS_URL");
    }

    #[test]
    fn bad_parameters_are_refused_without_showing_them() {
        for url in
            ["rediss://:canary@bus?ssl_cert_reqs=canary", "redis://bus?db=canary", "canary", "unix://canary"]
        {
            let error = endpoint(&Env::of([("EVENT_BUS_REDIS_URL", url)])).err().unwrap();
            assert_eq!(error.key, "EVENT_BUS_REDIS_URL");
            assert!(!error.to_string().contains("canary"), "{error}");
        }
    }
}
