//! `EVENT_BUS_REDIS_URL`: where workers tell the api about running workflows.

use preflight::{ConfigError, Env};

use super::{app, cluster, python, tls};
use crate::endpoint::{Endpoint, Keys, Place, Usage};

/// Whether it is a Cluster.
const CLUSTERS: &str = "EVENT_BUS_REDIS_USE_CLUSTERS";
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
    let clustered = env.boolean(CLUSTERS, false)?;
    for key in URLS {
        let Some(url) = env.secret(key)? else { continue };
        let found = python::endpoint(env, "event-bus", key, &url, usage(env)?)?;
        return if clustered { of_cluster(found) } else { Ok(found) };
    }
    let found = of_app(env)?;
    if clustered { of_cluster(found) } else { Ok(found) }
}

/// The client finds the other nodes by the one that it is given.
fn of_cluster(found: Endpoint) -> Result<Endpoint, ConfigError> {
    let Place::Standalone(address) = &found.place else { return Ok(found) };
    if found.database != 0 {
        return Err(ConfigError::new(
            found.keys.database,
            "names a database, and a Redis Cluster has none but 0",
        )
        .hint(format!("leave the number away, or set {CLUSTERS} to false")));
    }
    Ok(Endpoint { place: Place::Cluster(vec![address.clone()]), ..found })
}

fn usage(env: &Env) -> Result<Usage, ConfigError> {
    let prefix = env.text_or("REDIS_KEY_PREFIX", "")?;
    let key = "EVENT_BUS_REDIS_CHANNEL_TYPE";
    Ok(match env.one_of(key, "pubsub", &["pubsub", "sharded", "streams"])?.as_str() {
        "streams" => Usage::Keys { prefix, resp3: true },
        channel => Usage::Channels { prefix, sharded: channel == "sharded" },
    })
}

/// Without a URL, Dify takes `REDIS_HOST` and `REDIS_PORT`, with Sentinels and with a Cluster too.
fn of_app(env: &Env) -> Result<Endpoint, ConfigError> {
    let elsewhere = env.boolean("REDIS_USE_SENTINEL", false)? || cluster::is_meant(env)?;
    if elsewhere && !env.is_set("REDIS_HOST")? {
        return Err(ConfigError::new(
            URLS[0],
            "is not set, and neither Sentinels nor a Cluster are asked for the event bus: Dify would use localhost:6379",
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
