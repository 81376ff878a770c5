//! `DIFY_AGENT_REDIS_URL`: where the agent backend keeps its runs.

use preflight::{ConfigError, Env};

use super::python;
use crate::endpoint::{Endpoint, Usage};

const URL: &str = "DIFY_AGENT_REDIS_URL";

/// Whether the environment names it.
pub(crate) fn is_named(env: &Env) -> Result<bool, ConfigError> {
    Ok(env.secret(URL)?.is_some())
}

/// The agent backend's Redis.
pub(crate) fn endpoint(env: &Env) -> Result<Endpoint, ConfigError> {
    let Some(url) = env.secret(URL)? else {
        return Err(ConfigError::new(URL, "is not set or empty")
            .hint("set it to a URL like redis://:password@host:6379/2"));
    };
    let prefix = env.text_or("DIFY_AGENT_REDIS_PREFIX", "dify-agent")?;
    python::endpoint(env, "agent", URL, &url, Usage::Keys { prefix, resp3: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_url() {
        assert_eq!(endpoint(&Env::of([(URL, "redis://:pw@r:6380/2")])).unwrap().to_string(), "r:6380/2");
        for url in ["", "sentinel://r", "r:6379"] {
            assert_eq!(endpoint(&Env::of([(URL, url)])).err().unwrap().key, URL, "{url}");
        }
    }
}
