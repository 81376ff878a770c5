//! The plugin daemon's Redis: variables of the same names as the api's, read in another way.
//!
//! Source: `internal/types/app/config.go` and `pkg/utils/cache/redis.go` of dify-plugin-daemon 0.6. Host and port have no
//! default, TLS verifies unless told otherwise and holds for Sentinels too, and a Cluster is not known.

use std::sync::Arc;

use preflight::tls::{TlsOptions, Verify};
use preflight::{Address, ConfigError, Env};

use super::{TlsClient, app, sentinel, tls};
use crate::endpoint::{Endpoint, Keys, Place, Usage};

/// The plugin daemon's Redis.
pub(crate) fn endpoint(env: &Env) -> Result<Endpoint, ConfigError> {
    let azure = "REDIS_USE_AZURE_MANAGED_IDENTITY";
    if env.boolean(azure, false)? {
        return Err(ConfigError::new(azure, "is true: a login with Azure's identity cannot be checked")
            .hint("leave this target out, or give the server an access key"));
    }
    let mut warnings = Vec::new();
    if env.boolean("REDIS_USE_CLUSTERS", false)? {
        warnings.push(
            "the plugin daemon ignores REDIS_USE_CLUSTERS: its Redis must be one that is no cluster"
                .to_owned(),
        );
    }
    let tls = if env.boolean("REDIS_USE_SSL", false)? { Some(of_env(env)?) } else { None };
    let keys = Keys { address: "REDIS_HOST", database: "REDIS_DB", tls: "REDIS_USE_SSL" };
    let (place, keys) = if env.boolean("REDIS_USE_SENTINEL", false)? {
        let mut sentinels = sentinel::of_app(env)?;
        sentinels.tls.clone_from(&tls);
        (Place::Sentinel(sentinels), Keys { address: "REDIS_SENTINELS", ..keys })
    } else {
        (Place::Standalone(address(env)?), keys)
    };
    let prefix = env.text_or("REDIS_KEY_PREFIX", "plugin_daemon")?;
    Ok(Endpoint {
        name: "daemon",
        place,
        login: app::login(env)?,
        tls,
        database: env.number("REDIS_DB", 0)?,
        keys,
        // Its client greets with HELLO 3 and goes on where that is refused.
        usage: Usage::Keys { prefix, resp3: false },
        warnings,
    })
}

fn address(env: &Env) -> Result<Address, ConfigError> {
    for name in ["REDIS_HOST", "REDIS_PORT"] {
        if !env.is_set(name)? {
            return Err(ConfigError::new(name, "is not set, and the plugin daemon has no default for it")
                .hint(format!("set {name} for the plugin daemon too")));
        }
    }
    app::address(env)
}

fn of_env(env: &Env) -> Result<Arc<TlsClient>, ConfigError> {
    let (mode, ca) = ("REDIS_SSL_CERT_REQS", "REDIS_SSL_CA_CERTS");
    let ca_file = tls::file(env, ca)?;
    let word = env.text_or(mode, "")?.trim().to_ascii_uppercase();
    let verify = match word.as_str() {
        "CERT_NONE" => Verify::Nothing,
        "CERT_REQUIRED" if ca_file.is_none() => {
            return Err(ConfigError::new(
                ca,
                "is not set, and with CERT_REQUIRED the plugin daemon needs it",
            )
            .hint(format!("set {ca} to the CA's file, or {mode} to CERT_OPTIONAL for public CAs")));
        }
        "CERT_OPTIONAL" | "CERT_REQUIRED" | "" => Verify::Full,
        _ => {
            return Err(ConfigError::new(mode, format!("{word:?} is not known"))
                .hint("use CERT_NONE, CERT_OPTIONAL or CERT_REQUIRED"));
        }
    };
    TlsClient::new(&TlsOptions { verify, ca: ca_file, client: None }, ca)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_of<const N: usize>(pairs: [(&str, &str); N]) -> String {
        endpoint(&Env::of(pairs)).err().unwrap().key
    }

    #[test]
    fn it_has_no_defaults_for_the_address_and_its_own_for_the_prefix() {
        assert_eq!(key_of([]), "REDIS_HOST");
        assert_eq!(key_of([("REDIS_HOST", "r")]), "REDIS_PORT");
        let endpoint = endpoint(&Env::of([("REDIS_HOST", "r"), ("REDIS_PORT", "1")])).unwrap();
        assert!(matches!(endpoint.usage, Usage::Keys { prefix, resp3: false } if prefix == "plugin_daemon"));
    }

    #[test]
    fn its_tls_is_stricter_than_the_api_s() {
        let at = [("REDIS_HOST", "r"), ("REDIS_PORT", "1"), ("REDIS_USE_SSL", "true")];
        let [host, port, ssl] = at;
        assert!(endpoint(&Env::of(at)).is_ok());
        assert_eq!(key_of([host, port, ssl, ("REDIS_SSL_CERT_REQS", "cert_required")]), "REDIS_SSL_CA_CERTS");
        assert_eq!(key_of([host, port, ssl, ("REDIS_SSL_CERT_REQS", "full")]), "REDIS_SSL_CERT_REQS");
        assert_eq!(
            key_of([host, port, ("REDIS_USE_AZURE_MANAGED_IDENTITY", "true")]),
            "REDIS_USE_AZURE_MANAGED_IDENTITY"
        );
    }
}
