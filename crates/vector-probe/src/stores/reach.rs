//! Stores that only their vendor's own client can log in to: what can be told without it.

use std::sync::Arc;

use preflight::tls::{self, TlsOptions};
use preflight::{Address, ConfigError, Finding, net};
use rustls::ClientConfig;

/// A port that is connected to, and shaken hands with where it speaks TLS.
pub(super) struct Reach {
    /// The product's name, for messages.
    pub(super) product: &'static str,
    pub(super) address: Address,
    /// The variable that holds the address, for hints.
    pub(super) variable: &'static str,
    /// Who could log in, such as "Oracle's own driver".
    pub(super) client: &'static str,
    pub(super) tls: Option<Arc<ClientConfig>>,
}

impl Reach {
    /// With TLS as an ordinary client does it: chain and name are checked.
    pub(super) fn with_tls(mut self) -> Result<Self, ConfigError> {
        self.tls = Some(tls::client_config(&TlsOptions::default())?);
        Ok(self)
    }

    /// `Ready (reachability only)`, or why not even that.
    pub(super) async fn look(&self) -> Result<Finding, Finding> {
        let Self { product, address, variable, client, .. } = self;
        let hinted = |finding: Finding| {
            if finding.hint.is_some() { finding } else { finding.hint(format!("check {variable}")) }
        };
        let stream = net::connect(address).await.map_err(hinted)?;
        let what = match &self.tls {
            Some(config) => {
                tls::handshake(stream, Arc::clone(config), &address.host, address).await.map_err(hinted)?;
                "accepts TLS connections, and its certificate is good"
            }
            None => "accepts connections",
        };
        Ok(Finding::reachable(format!(
            "{address} {what}; whether it is {product} and takes the credential, only {client} can tell"
        )))
    }
}
