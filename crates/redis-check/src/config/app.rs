//! `REDIS_*`: the application's own Redis.

use preflight::{Address, ConfigError, Env};

use super::{cluster, sentinel, tls};
use crate::endpoint::{Endpoint, Keys, Login, Place, Usage};

/// The application's Redis.
pub(crate) fn endpoint(env: &Env) -> Result<Endpoint, ConfigError> {
    let uses_tls = env.boolean("REDIS_USE_SSL", false)?;
    let endpoint = named(env)?;
    // Dify looks at the modes in this order.
    if env.boolean("REDIS_USE_SENTINEL", false)? {
        let place = Place::Sentinel(sentinel::of_app(env)?);
        let keys = Keys { address: "REDIS_SENTINELS", tls: "", ..endpoint.keys };
        let mut warnings = Vec::new();
        if uses_tls {
            warnings.push("Dify ignores REDIS_USE_SSL in Sentinel mode and speaks plain text".to_owned());
        }
        return Ok(Endpoint { place, keys, warnings, ..endpoint });
    }
    if cluster::is_meant(env)? {
        return cluster::of_app(env, endpoint);
    }
    alone(env, endpoint)
}

/// What stays at `REDIS_HOST` where caches and locks are kept in a Cluster.
pub(crate) fn beside_a_cluster(env: &Env) -> Result<Endpoint, ConfigError> {
    let endpoint = named(env)?;
    alone(env, endpoint)
}

/// One server.
fn alone(env: &Env, endpoint: Endpoint) -> Result<Endpoint, ConfigError> {
    let tls = if env.boolean("REDIS_USE_SSL", false)? { Some(tls::of_env(env)?) } else { None };
    Ok(Endpoint { place: Place::Standalone(address(env)?), tls, ..endpoint })
}

/// What all modes read, before it is known where the server is.
fn named(env: &Env) -> Result<Endpoint, ConfigError> {
    Ok(Endpoint {
        name: "app",
        place: Place::Standalone(Address::new("localhost", 6379)),
        login: login(env)?,
        tls: None,
        database: env.number("REDIS_DB", 0)?,
        keys: Keys { address: "REDIS_HOST", database: "REDIS_DB", tls: "REDIS_USE_SSL" },
        usage: Usage::Keys { prefix: env.text_or("REDIS_KEY_PREFIX", "")?, resp3: true },
        warnings: Vec::new(),
    })
}

/// `REDIS_HOST` and `REDIS_PORT`.
pub(crate) fn address(env: &Env) -> Result<Address, ConfigError> {
    let host = env.text_or("REDIS_HOST", "localhost")?;
    let port = env.number::<u16>("REDIS_PORT", 6379)?;
    if port == 0 {
        return Err(ConfigError::new("REDIS_PORT", "0 is not a port"));
    }
    // The text may not hold a port of its own, so an address with one is asked for and must come back as it was.
    let bare =
        Address::parse(&host, Some(port)).map_err(|problem| ConfigError::new("REDIS_HOST", problem))?;
    let plain = host.trim().trim_start_matches('[').trim_end_matches(']');
    if bare.host != plain || bare.port != port {
        return Err(ConfigError::new("REDIS_HOST", "holds a port").hint("write the port into REDIS_PORT"));
    }
    Ok(bare)
}

/// `REDIS_USERNAME` and `REDIS_PASSWORD`.
pub(crate) fn login(env: &Env) -> Result<Login, ConfigError> {
    Ok(Login {
        user: Some(env.text_or("REDIS_USERNAME", "")?).filter(|user| !user.is_empty()),
        password: env.secret("REDIS_PASSWORD")?,
        user_key: "REDIS_USERNAME",
        password_key: "REDIS_PASSWORD",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_with_a_port_or_a_scheme_is_refused_by_name() {
        for host in ["redis:6380", "redis://redis", "", "a b"] {
            let error = endpoint(&Env::of([("REDIS_HOST", host)])).err().unwrap();
            assert_eq!(error.key, "REDIS_HOST", "{host}");
        }
        for host in ["redis", "10.0.0.1", "::1", "[::1]"] {
            assert!(endpoint(&Env::of([("REDIS_HOST", host)])).is_ok(), "{host}");
        }
    }

    #[test]
    fn empty_numbers_and_booleans_are_refused_by_name() {
        for key in ["REDIS_DB", "REDIS_PORT", "REDIS_USE_SSL", "REDIS_USE_SENTINEL", "REDIS_USE_CLUSTERS"] {
            assert_eq!(endpoint(&Env::of([(key, "")])).err().unwrap().key, key);
        }
    }
}
