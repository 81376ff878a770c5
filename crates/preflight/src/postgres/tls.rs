//! TLS as libpq names it.

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::env::ConfigError;
use crate::tls::{NamedFile, TlsOptions, Verify, client_config};

/// libpq's `sslmode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SslMode {
    /// Never TLS.
    Disable,
    /// TLS only if the server insists.
    Allow,
    /// TLS if the server offers it; libpq's default.
    #[default]
    Prefer,
    /// TLS, with anybody.
    Require,
    /// TLS with a server whose certificate is signed by a trusted CA.
    VerifyCa,
    /// The same, and the certificate is for this host name.
    VerifyFull,
}

impl SslMode {
    /// Reads libpq's word.
    pub fn parse(key: &str, word: &str) -> Result<Self, ConfigError> {
        Ok(match word {
            "disable" => Self::Disable,
            "allow" => Self::Allow,
            "prefer" => Self::Prefer,
            "require" => Self::Require,
            "verify-ca" => Self::VerifyCa,
            "verify-full" => Self::VerifyFull,
            _ => {
                return Err(ConfigError::new(key, format!("has the unknown sslmode {word:?}"))
                    .hint("use disable, allow, prefer, require, verify-ca or verify-full"));
            }
        })
    }

    fn checks_certificate(self) -> bool {
        matches!(self, Self::VerifyCa | Self::VerifyFull)
    }
}

/// TLS settings of a login.
#[derive(Clone, Debug, Default)]
pub struct Tls {
    /// How much TLS.
    pub mode: SslMode,
    /// `sslrootcert`.
    pub root_cert: Option<NamedFile>,
    /// `sslcert` and `sslkey`.
    pub client: Option<(NamedFile, NamedFile)>,
}

impl Tls {
    /// Looks into the files now, so that one that is not what it should be is named by its variable and not by a
    /// handshake.
    pub fn check_files(&self) -> Result<(), ConfigError> {
        let verify = if self.mode.checks_certificate() { Verify::Full } else { Verify::Nothing };
        client_config(&TlsOptions { verify, ca: self.root_cert.clone(), client: self.client.clone() })
            .map(|_| ())
    }

    pub(super) fn apply(&self, options: PgConnectOptions) -> PgConnectOptions {
        let mut options = options.ssl_mode(match self.mode {
            SslMode::Disable => PgSslMode::Disable,
            SslMode::Allow => PgSslMode::Allow,
            SslMode::Prefer => PgSslMode::Prefer,
            SslMode::Require => PgSslMode::Require,
            SslMode::VerifyCa => PgSslMode::VerifyCa,
            SslMode::VerifyFull => PgSslMode::VerifyFull,
        });
        if let Some(file) = &self.root_cert {
            options = options.ssl_root_cert(&file.path);
        }
        if let Some((cert, key)) = &self.client {
            options = options.ssl_client_cert(&cert.path).ssl_client_key(&key.path);
        }
        options
    }
}
