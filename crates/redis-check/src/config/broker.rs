//! `CELERY_BROKER_URL`: where Celery queues its tasks.

use preflight::{ConfigError, Env, Secret};

use super::url::{self, RedisUrl};
use super::{app, cluster, tls};
use crate::endpoint::{Endpoint, Keys, Login, Place, Sentinels, Usage};

const URL: &str = "CELERY_BROKER_URL";
/// Instead of a URL: the application's Redis with this database number. Where the password is only a file, no URL can be
/// put together, but the server is known to be the same.
const DATABASE: &str = "PREFLIGHT_BROKER_DB";

/// Whether there is a broker to check.
pub(crate) fn is_named(env: &Env) -> Result<bool, ConfigError> {
    Ok(env.is_set(URL)? || env.is_set(DATABASE)?)
}

/// The broker.
pub(crate) fn endpoint(env: &Env) -> Result<Endpoint, ConfigError> {
    if let Some(url) = env.secret(URL)? {
        return of_url(env, &url);
    }
    if env.is_set(DATABASE)? {
        let beside = env.is_set("REDIS_HOST")?;
        if cluster::is_meant(env)? && !beside {
            return Err(ConfigError::new(
                URL,
                "is not set, and Celery cannot use the Redis Cluster of REDIS_CLUSTERS",
            )
            .hint(format!("give Celery a Redis that is no cluster, by {URL}")));
        }
        let app = if cluster::is_meant(env)? { app::beside_a_cluster(env)? } else { app::endpoint(env)? };
        survives_a_url(app.login.password.as_ref())?;
        let database = env.number(DATABASE, 1)?;
        let keys = Keys { database: DATABASE, ..app.keys };
        return Ok(Endpoint { name: "broker", database, keys, usage: usage(env)?, ..app });
    }
    Err(ConfigError::new(URL, "is not set or empty")
        .hint(format!("set {URL}, or {DATABASE} to use REDIS_* with that database")))
}

/// Where the URL is put together in the pod, the password goes into it as it is.
fn survives_a_url(password: Option<&Secret>) -> Result<(), ConfigError> {
    let text = password.map(Secret::reveal).unwrap_or_default();
    let escapes = text
        .split('%')
        .skip(1)
        .any(|rest| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()));
    let ends = |c: char| "/?#;[]\\".contains(c) || c.is_ascii_control() || c == ' ' || !c.is_ascii();
    if escapes || text.contains(ends) {
        return Err(ConfigError::new(
            "REDIS_PASSWORD",
            format!("holds a letter that has a meaning in a URL, and goes into {URL} as it is"),
        )
        .hint(format!("change it, or set {URL} with that letter percent-encoded")));
    }
    Ok(())
}

fn usage(env: &Env) -> Result<Usage, ConfigError> {
    Ok(Usage::Queues { prefix: env.text_or("REDIS_KEY_PREFIX", "")? })
}

fn of_url(env: &Env, text: &Secret) -> Result<Endpoint, ConfigError> {
    let text = text.reveal();
    match url::scheme(URL, text)?.as_str() {
        "redis" | "rediss" => standalone(env, text),
        "sentinel" => sentinel(env, text),
        "amqp" | "amqps" | "pyamqp" => {
            Err(ConfigError::new(URL, "names an AMQP broker, which redis-check cannot check")
                .hint("check RabbitMQ by its own means and leave this target out"))
        }
        scheme => Err(ConfigError::new(URL, format!("has the unknown scheme {scheme:?}"))
            .hint("use redis://, rediss:// or sentinel://")),
    }
}

fn standalone(env: &Env, text: &str) -> Result<Endpoint, ConfigError> {
    if text.contains(';') {
        return Err(ConfigError::new(URL, "holds a semicolon, at which Celery cuts it into several URLs")
            .hint("write a semicolon of the password as %3B"));
    }
    let url = url::parse(env, URL, text, 6379)?;
    env.mask(URL, &url.shown());
    let mut warnings = Vec::new();
    let tls = if url.scheme == "rediss" {
        Some(tls::of_env(env)?)
    } else {
        if env.boolean("REDIS_USE_SSL", false)? {
            warnings.push(format!(
                "REDIS_USE_SSL is true, but {URL} is redis://: the broker is spoken to in plain text"
            ));
        }
        None
    };
    let place = Place::Standalone(url.address.clone());
    Ok(Endpoint { tls, warnings, ..common(env, &url, place)? })
}

/// `sentinel://:pw@host1:26379/1;sentinel://:pw@host2:26379/1`: login and database of the first count, for the master.
fn sentinel(env: &Env, text: &str) -> Result<Endpoint, ConfigError> {
    let urls = text
        .split(';')
        .map(|part| {
            let url = url::parse(env, URL, part, 26379)?;
            if url.scheme == "sentinel" {
                Ok(url)
            } else {
                Err(ConfigError::new(URL, "mixes sentinel:// with other schemes"))
            }
        })
        .collect::<Result<Vec<_>, ConfigError>>()?;
    env.mask(URL, &urls.iter().map(RedisUrl::shown).collect::<Vec<_>>().join(";"));
    let Some(first) = urls.first() else { return Err(ConfigError::new(URL, "is empty")) };
    if !env.boolean("CELERY_USE_SENTINEL", false)? {
        return Err(ConfigError::new(
            "CELERY_USE_SENTINEL",
            format!("is not true, but {URL} is sentinel://"),
        )
        .hint("set it to true and CELERY_SENTINEL_MASTER_NAME to the master's name"));
    }
    let sentinels = Sentinels {
        addresses: urls.iter().map(|url| url.address.clone()).collect(),
        service: env.required("CELERY_SENTINEL_MASTER_NAME")?,
        login: Login {
            user: None,
            password: env.secret("CELERY_SENTINEL_PASSWORD")?,
            user_key: URL,
            password_key: "CELERY_SENTINEL_PASSWORD",
        },
        tls: None,
        addresses_key: URL,
        service_key: "CELERY_SENTINEL_MASTER_NAME",
    };
    let broker = common(env, first, Place::Sentinel(sentinels))?;
    Ok(Endpoint { keys: Keys { tls: "", ..broker.keys }, ..broker })
}

fn common(env: &Env, url: &RedisUrl, place: Place) -> Result<Endpoint, ConfigError> {
    Ok(Endpoint {
        name: "broker",
        place,
        login: Login {
            user: url.user.clone(),
            password: url.password.clone(),
            user_key: URL,
            password_key: URL,
        },
        tls: None,
        database: url.database.unwrap_or(0),
        keys: Keys { address: URL, database: URL, tls: URL },
        usage: usage(env)?,
        warnings: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Result<Endpoint, ConfigError> {
        endpoint(&Env::of([(URL, url)]))
    }

    #[test]
    fn a_redis_url_is_read() {
        let broker = read("redis://:pw@redis:6380/1").unwrap();
        assert_eq!(broker.to_string(), "redis:6380/1");
        assert_eq!(broker.login.password.unwrap().reveal(), "pw");
    }

    #[test]
    fn other_brokers_and_unknown_schemes_are_named() {
        for url in ["amqp://rabbit", "pyamqp://rabbit", "http://redis", "redis+socket:///x", ""] {
            assert_eq!(read(url).err().unwrap().key, URL, "{url}");
        }
    }

    #[test]
    fn sentinel_urls_need_the_masters_name() {
        let url = "sentinel://:pw@a:1/1;sentinel://:pw@b/1";
        assert_eq!(read(url).err().unwrap().key, "CELERY_USE_SENTINEL");
        let env = Env::of([(URL, url), ("CELERY_USE_SENTINEL", "true")]);
        assert_eq!(endpoint(&env).err().unwrap().key, "CELERY_SENTINEL_MASTER_NAME");
        let env =
            Env::of([(URL, url), ("CELERY_USE_SENTINEL", "true"), ("CELERY_SENTINEL_MASTER_NAME", "m")]);
        assert_eq!(endpoint(&env).unwrap().to_string(), "m@a:1,b:26379/1");
    }

    #[test]
    fn a_broker_database_alone_means_the_applications_redis() {
        let env = Env::of([("PREFLIGHT_BROKER_DB", "1"), ("REDIS_HOST", "redis"), ("REDIS_DB", "0")]);
        assert_eq!(endpoint(&env).unwrap().to_string(), "redis:6379/1");
        assert_eq!(
            endpoint(&Env::of([("PREFLIGHT_BROKER_DB", "")])).err().unwrap().key,
            "PREFLIGHT_BROKER_DB"
        );
    }

    #[test]
    fn beside_a_cluster_the_broker_is_the_host_that_is_named() {
        let cluster = [(DATABASE, "1"), ("REDIS_USE_CLUSTERS", "true"), ("REDIS_CLUSTERS", "a:1")];
        assert_eq!(endpoint(&Env::of(cluster)).err().unwrap().key, URL);
        let [database, uses, nodes] = cluster;
        let env = Env::of([database, uses, nodes, ("REDIS_HOST", "queues"), ("REDIS_PASSWORD", "pw")]);
        let broker = endpoint(&env).unwrap();
        assert_eq!(broker.to_string(), "queues:6379/1");
        assert_eq!(broker.login.password.unwrap().reveal(), "pw");
    }

    #[test]
    fn a_password_that_would_not_survive_the_url_is_refused() {
        let read = |password: &str| {
            endpoint(&Env::of([(DATABASE, "1"), ("REDIS_HOST", "r"), ("REDIS_PASSWORD", password)]))
        };
        for password in ["a/b", "a?b", "a#b", "a;b", "a b", "[a", "a%41", "\u{e4}", "a\\b"] {
            let error = read(password).err().unwrap();
            assert_eq!(error.key, "REDIS_PASSWORD", "{password}");
            assert!(!format!("{error:?}").contains(password), "{password}");
        }
        for password in ["letters-and-digits-1", "a:b", "a@b", "100%", "a%zz", "a+b=c,d$(e)"] {
            assert!(read(password).is_ok(), "{password}");
        }
        let url = Env::of([(DATABASE, "1"), (URL, "redis://:a%2Fb@r/1"), ("REDIS_PASSWORD", "a/b")]);
        assert!(endpoint(&url).is_ok());
    }

    #[test]
    fn the_url_is_shown_without_its_password() {
        let env = Env::of([(URL, "redis://:canary@redis/1")]);
        endpoint(&env).unwrap();
        let shown = env.resolved().into_iter().find(|value| value.name == URL).unwrap().shown;
        assert_eq!(shown, "redis://:***@redis:6379/1");
    }
}
