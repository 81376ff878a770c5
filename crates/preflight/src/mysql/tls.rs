//! TLS as MySQL's clients name it.

use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};

use crate::env::ConfigError;
use crate::tls::{NamedFile, TlsOptions, Verify, client_config};

/// MySQL's `ssl-mode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SslMode {
    /// Never TLS: what `PyMySQL` does when it is told nothing.
    #[default]
    Disable,
    /// TLS where the server has it, else without.
    Prefer,
    /// TLS, with anybody.
    Require,
    /// TLS with a server whose certificate is signed by a trusted CA.
    VerifyCa,
    /// The same, and the certificate is for this host name.
    VerifyFull,
}

/// TLS settings of a login.
#[derive(Clone, Debug, Default)]
pub struct Tls {
    mode: SslMode,
    ca: Option<NamedFile>,
    client: Option<(NamedFile, NamedFile)>,
}

impl Tls {
    /// Takes a mode, the file of a CA (else the system's), and a client's certificate with its key. Looks into the files
    /// now, so that one that is not what it should be is named by its variable and not by a handshake.
    pub fn new(
        mode: SslMode,
        ca: Option<NamedFile>,
        client: Option<(NamedFile, NamedFile)>,
    ) -> Result<Self, ConfigError> {
        if mode != SslMode::Disable {
            let (ca, client) = (ca.clone(), client.clone());
            client_config(&TlsOptions { verify: Verify::Chain, ca, client })?;
        }
        Ok(Self { mode, ca, client })
    }

    /// How much TLS it comes to.
    #[must_use]
    pub fn mode(&self) -> SslMode {
        self.mode
    }

    pub(super) fn apply(&self, options: MySqlConnectOptions) -> MySqlConnectOptions {
        let mut options = options.ssl_mode(match self.mode {
            SslMode::Disable => MySqlSslMode::Disabled,
            SslMode::Prefer => MySqlSslMode::Preferred,
            SslMode::Require => MySqlSslMode::Required,
            SslMode::VerifyCa => MySqlSslMode::VerifyCa,
            SslMode::VerifyFull => MySqlSslMode::VerifyIdentity,
        });
        if let Some(file) = &self.ca {
            options = options.ssl_ca(&file.path);
        }
        if let Some((cert, key)) = &self.client {
            options = options.ssl_client_cert(&cert.path).ssl_client_key(&key.path);
        }
        options
    }
}
