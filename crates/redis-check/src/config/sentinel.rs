//! `REDIS_SENTINELS` and what belongs to it.

use preflight::{Address, ConfigError, Env};

use crate::endpoint::{Login, Sentinels};

/// The Sentinels of the application's Redis.
pub(crate) fn of_app(env: &Env) -> Result<Sentinels, ConfigError> {
    let key = "REDIS_SENTINELS";
    let addresses = addresses(key, &env.required(key)?)?;
    let user = env.text_or("REDIS_SENTINEL_USERNAME", "")?;
    Ok(Sentinels {
        addresses,
        service: env.required("REDIS_SENTINEL_SERVICE_NAME")?,
        login: Login {
            user: Some(user).filter(|user| !user.is_empty()),
            password: env.secret("REDIS_SENTINEL_PASSWORD")?,
            user_key: "REDIS_SENTINEL_USERNAME",
            password_key: "REDIS_SENTINEL_PASSWORD",
        },
        // Dify speaks to Sentinels in plain text.
        tls: None,
        addresses_key: key,
        service_key: "REDIS_SENTINEL_SERVICE_NAME",
    })
}

/// `host:port,host:port`
pub(crate) fn addresses(key: &'static str, nodes: &str) -> Result<Vec<Address>, ConfigError> {
    nodes.split(',').map(|node| address(key, node)).collect()
}

/// Dify splits at the comma and the colon and does nothing else: no default port, and a space becomes a part of the name.
fn address(key: &'static str, node: &str) -> Result<Address, ConfigError> {
    let error =
        |problem: String| ConfigError::new(key, problem).hint("write it like host1:26379,host2:26379");
    if node.trim() != node {
        return Err(error(format!("{node:?} has a space that Dify takes for a part of the host name")));
    }
    Address::parse(node, None).map_err(|problem| error(format!("{node:?}: {problem}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(nodes: &str) -> Result<Sentinels, ConfigError> {
        of_app(&Env::of([("REDIS_SENTINELS", nodes), ("REDIS_SENTINEL_SERVICE_NAME", "mymaster")]))
    }

    #[test]
    fn nodes_are_split_at_commas() {
        assert_eq!(read("a:1,b:2,10.0.0.1:3").unwrap().addresses.len(), 3);
    }

    #[test]
    fn what_dify_would_stumble_over_is_refused_by_name() {
        for nodes in ["", "a", "a:1,", "a:1, b:2", "redis://a:1", "a:0"] {
            assert_eq!(read(nodes).err().unwrap().key, "REDIS_SENTINELS", "{nodes:?}");
        }
        let error = of_app(&Env::of([("REDIS_SENTINELS", "a:1")])).err().unwrap();
        assert_eq!(error.key, "REDIS_SENTINEL_SERVICE_NAME");
    }
}
