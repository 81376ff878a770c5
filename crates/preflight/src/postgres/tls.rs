//! TLS as libpq names it.

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::env::ConfigError;
use crate::tls::{NamedFile, TlsOptions, Verify, client_config};

/// libpq's `sslmode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SslMode {
    /// Never TLS.
    Disable,
    /// TLS where the server has it, else without; libpq's default.
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
            // Both take TLS where the server has it and go without where it has not; only the order differs.
            "allow" | "prefer" => Self::Prefer,
            "require" => Self::Require,
            "verify-ca" => Self::VerifyCa,
            "verify-full" => Self::VerifyFull,
            _ => {
                return Err(ConfigError::new(key, format!("has the unknown sslmode {word:?}"))
                    .hint("use disable, allow, prefer, require, verify-ca or verify-full"));
            }
        })
    }
}

/// TLS settings of a login.
#[derive(Clone, Debug, Default)]
pub struct Tls {
    mode: SslMode,
    root_cert: Option<NamedFile>,
    client: Option<(NamedFile, NamedFile)>,
}

impl Tls {
    /// Takes `sslmode`, `sslrootcert` (a file, or `system` for the trusted CAs), and `sslcert` with `sslkey`, as libpq
    /// does. Looks into the files now, so that one that is not what it should be is named by its variable and not by
    /// a handshake.
    pub fn new(
        mode: SslMode,
        root_cert: Option<NamedFile>,
        client: Option<(NamedFile, NamedFile)>,
    ) -> Result<Self, ConfigError> {
        // libpq verifies the chain as soon as it is given a CA.
        let mode = if mode == SslMode::Require && root_cert.is_some() { SslMode::VerifyCa } else { mode };
        let root_cert = root_cert.filter(|file| file.path.as_os_str() != "system");
        if mode != SslMode::Disable {
            let (ca, client) = (root_cert.clone(), client.clone());
            client_config(&TlsOptions { verify: Verify::Chain, ca, client })?;
        }
        Ok(Self { mode, root_cert, client })
    }

    /// How much TLS it comes to.
    #[must_use]
    pub fn mode(&self) -> SslMode {
        self.mode
    }

    pub(super) fn apply(&self, options: PgConnectOptions) -> PgConnectOptions {
        let mut options = options.ssl_mode(match self.mode {
            SslMode::Disable => PgSslMode::Disable,
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
