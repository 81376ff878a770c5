//! `CELERY_BACKEND`: where Celery keeps the results of its tasks.

use preflight::{ConfigError, Env};

use super::broker;
use crate::endpoint::{Endpoint, Usage};

const BACKEND: &str = "CELERY_BACKEND";

/// The Redis with the results: the broker's, for Dify gives both one URL.
pub(crate) fn endpoint(env: &Env) -> Result<Endpoint, ConfigError> {
    match env.text_or(BACKEND, "redis")?.as_str() {
        "redis" => {
            let prefix = env.text_or("REDIS_KEY_PREFIX", "")?;
            let broker = broker::endpoint(env)?;
            Ok(Endpoint { name: "results", usage: Usage::Results { prefix }, ..broker })
        }
        kept @ ("database" | "rabbitmq") => Err(ConfigError::new(
            BACKEND,
            format!("is {kept}: results are kept in the database, and in no Redis"),
        )
        .hint("leave this target out")),
        other => Err(ConfigError::new(BACKEND, format!("{other:?} is not known"))
            .hint("use redis, database or rabbitmq")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_where_the_broker_is() {
        let url = ("CELERY_BROKER_URL", "redis://r/1");
        assert_eq!(endpoint(&Env::of([url])).unwrap().to_string(), "r:6379/1");
        for backend in ["database", "rabbitmq", "memcached"] {
            assert_eq!(endpoint(&Env::of([url, (BACKEND, backend)])).err().unwrap().key, BACKEND);
        }
    }
}
