//! `REDIS_CLUSTERS`: the application's Redis Cluster.

use preflight::{Address, ConfigError, Env};

use super::sentinel::addresses;
use crate::endpoint::{Endpoint, Keys, Login, Place};

const NODES: &str = "REDIS_CLUSTERS";
const PASSWORD: &str = "REDIS_CLUSTERS_PASSWORD";

/// Whether the application uses one. Dify looks at this after Sentinels.
pub(crate) fn is_meant(env: &Env) -> Result<bool, ConfigError> {
    Ok(!env.boolean("REDIS_USE_SENTINEL", false)? && env.boolean("REDIS_USE_CLUSTERS", false)?)
}

/// The application's Redis as a Cluster; `endpoint` is what `REDIS_*` says of a single one.
pub(crate) fn of_app(env: &Env, endpoint: Endpoint) -> Result<Endpoint, ConfigError> {
    let nodes: Vec<Address> = addresses(NODES, &env.required(NODES)?)?;
    let mut warnings = Vec::new();
    // Where a host is named too, it is for what cannot use a Cluster: broker and event bus.
    let alone = !env.is_set("REDIS_HOST")?;
    // Dify's client for a Cluster is given addresses and a password, and nothing else.
    for (name, set) in [
        ("REDIS_USE_SSL", env.boolean("REDIS_USE_SSL", false)?),
        ("REDIS_USERNAME", endpoint.login.user.is_some()),
        ("REDIS_DB", endpoint.database != 0),
    ] {
        if set && alone {
            warnings.push(format!("Dify ignores {name} for a Redis Cluster"));
        }
    }
    let login =
        Login { user: None, password: env.secret(PASSWORD)?, user_key: PASSWORD, password_key: PASSWORD };
    if alone && login.password.is_none() && endpoint.login.password.is_some() {
        warnings.push(format!("Dify ignores REDIS_PASSWORD for a Redis Cluster: set {PASSWORD}"));
    }
    let keys = Keys { address: NODES, database: "REDIS_DB", tls: "" };
    Ok(Endpoint { place: Place::Cluster(nodes), login, tls: None, database: 0, keys, warnings, ..endpoint })
}

#[cfg(test)]
mod tests {
    use super::super::app;
    use super::*;

    const USE: (&str, &str) = ("REDIS_USE_CLUSTERS", "true");

    #[test]
    fn nodes_are_read_and_what_dify_ignores_is_told() {
        let env = Env::of([USE, (NODES, "a:1,b:2"), ("REDIS_USE_SSL", "true"), ("REDIS_PASSWORD", "x")]);
        let endpoint = app::endpoint(&env).unwrap();
        assert_eq!(endpoint.to_string(), "cluster a:1,b:2");
        assert_eq!(endpoint.warnings.len(), 2, "{:?}", endpoint.warnings);
        assert!(endpoint.login.password.is_none());
    }

    #[test]
    fn what_is_meant_for_the_server_beside_it_is_no_mistake() {
        let beside = [("REDIS_HOST", "r"), ("REDIS_USE_SSL", "true")];
        let env = Env::of([USE, (NODES, "a:1"), beside[0], beside[1], ("REDIS_PASSWORD", "x")]);
        assert!(app::endpoint(&env).unwrap().warnings.is_empty());
    }

    #[test]
    fn what_dify_would_stumble_over_is_refused_by_name() {
        for nodes in ["", "a", "a:1,", "a:1, b:2"] {
            assert_eq!(app::endpoint(&Env::of([USE, (NODES, nodes)])).err().unwrap().key, NODES, "{nodes:?}");
        }
    }
}
