//! `REDIS_SSL_*`: how certificates are checked.

use std::path::PathBuf;
use std::sync::Arc;

use preflight::tls::{NamedFile, TlsOptions, Verify, client_config};
use preflight::{ConfigError, Env, Finding};
use rustls::ClientConfig;

/// A client configuration, and the variable to name when the server's certificate is not accepted.
pub(crate) struct TlsClient {
    pub(crate) config: Arc<ClientConfig>,
    ca_key: &'static str,
}

impl TlsClient {
    /// Reads the files; one that is not what it should be is named by its variable.
    pub(crate) fn new(options: &TlsOptions, ca_key: &'static str) -> Result<Arc<Self>, ConfigError> {
        Ok(Arc::new(Self { config: client_config(options)?, ca_key }))
    }

    /// Adds the variable to a finding about an unknown CA.
    pub(crate) fn hint(&self, finding: Finding) -> Finding {
        if finding.code.as_deref() == Some("UnknownIssuer") {
            return finding.hint(format!("name the CA that signed it in {}", self.ca_key));
        }
        finding
    }
}

/// What `REDIS_SSL_*` says.
pub(crate) fn of_env(env: &Env) -> Result<Arc<TlsClient>, ConfigError> {
    let key = "REDIS_SSL_CERT_REQS";
    // OPTIONAL means the same as REQUIRED for a client: a server always shows a certificate.
    let verify = match env.text_or(key, "CERT_NONE")?.as_str() {
        "CERT_NONE" | "" => Verify::Nothing,
        "CERT_OPTIONAL" | "CERT_REQUIRED" => Verify::Full,
        other => {
            return Err(ConfigError::new(key, format!("{other:?} is not known"))
                .hint("use CERT_NONE, CERT_OPTIONAL or CERT_REQUIRED"));
        }
    };
    let certificate = file(env, "REDIS_SSL_CERTFILE")?;
    let private_key = file(env, "REDIS_SSL_KEYFILE")?;
    let client = match (certificate, private_key) {
        // One file may hold both.
        (Some(both), None) => Some((both.clone(), both)),
        (Some(certificate), Some(private_key)) => Some((certificate, private_key)),
        (None, Some(_)) => {
            return Err(ConfigError::new("REDIS_SSL_CERTFILE", "is not set, but REDIS_SSL_KEYFILE is")
                .hint("set both or neither"));
        }
        (None, None) => None,
    };
    let options = TlsOptions { verify, ca: file(env, "REDIS_SSL_CA_CERTS")?, client };
    TlsClient::new(&options, "REDIS_SSL_CA_CERTS")
}

pub(crate) fn file(env: &Env, key: &str) -> Result<Option<NamedFile>, ConfigError> {
    let path = env.text_or(key, "")?;
    Ok((!path.is_empty()).then(|| NamedFile { key: key.to_owned(), path: PathBuf::from(path) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_certificate_is_named_by_its_variable() {
        for key in ["REDIS_SSL_CA_CERTS", "REDIS_SSL_CERTFILE"] {
            for path in ["/dev/null", "/proc/none/ca.pem"] {
                let error = of_env(&Env::of([(key, path)])).err().unwrap();
                assert_eq!(error.key, key, "{error}");
            }
        }
    }

    #[test]
    fn an_unknown_word_is_refused_and_an_empty_one_is_none() {
        assert!(of_env(&Env::of([("REDIS_SSL_CERT_REQS", "")])).is_ok());
        let error = of_env(&Env::of([("REDIS_SSL_CERT_REQS", "required")])).err().unwrap();
        assert_eq!(error.key, "REDIS_SSL_CERT_REQS");
    }
}
