//! TLS for every client: rustls with ring.
//!
//! An image FROM scratch has no CA files, so the roots are the compiled-in web PKI set, plus `SSL_CERT_FILE`
//! where that exists, or only the CA file that the configuration names.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_cert_signed_by_trust_anchor};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore,
    SignatureScheme,
};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use zeroize::Zeroizing;

use crate::address::Address;
use crate::env::ConfigError;
use crate::finding::{Finding, Hop};
use crate::net;

/// How much of the server's certificate is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verify {
    /// Chain and host name.
    #[default]
    Full,
    /// Chain only (`verify-ca`).
    Chain,
    /// Nothing (`require`, `CERT_NONE`): encrypted, but to anybody.
    Nothing,
}

/// A file named by a variable.
#[derive(Clone, Debug)]
pub struct NamedFile {
    /// The variable, for messages.
    pub key: String,
    /// The file.
    pub path: PathBuf,
}

/// PEM text with where it came from; the text may hold a private key and is never shown.
pub struct Pem {
    /// The variable or file that names it, for messages.
    pub key: String,
    /// Where it is, for messages.
    pub place: String,
    /// The text.
    pub text: Zeroizing<Vec<u8>>,
}

impl Pem {
    /// Reads a file.
    pub fn read(file: &NamedFile) -> Result<Self, ConfigError> {
        let place = file.path.display().to_string();
        let text = std::fs::read(&file.path)
            .map_err(|error| ConfigError::new(&file.key, format!("cannot read {place}: {error}")))?;
        Ok(Self { key: file.key.clone(), place, text: Zeroizing::new(text) })
    }
}

/// What the configuration says about TLS to one server.
#[derive(Clone, Debug, Default)]
pub struct TlsOptions {
    /// How much is checked.
    pub verify: Verify,
    /// Trust these CAs and no others.
    pub ca: Option<NamedFile>,
    /// Client certificate chain and its key.
    pub client: Option<(NamedFile, NamedFile)>,
}

/// Builds a client configuration; a file that is not what it should be is named by its variable.
pub fn client_config(options: &TlsOptions) -> Result<Arc<ClientConfig>, ConfigError> {
    let ca = options.ca.as_ref().map(Pem::read).transpose()?;
    let client = match &options.client {
        Some((certificate, key)) => Some((Pem::read(certificate)?, Pem::read(key)?)),
        None => None,
    };
    client_config_of(
        options.verify,
        ca.as_ref(),
        client.as_ref().map(|(certificate, key)| (certificate, key)),
    )
}

/// The same from texts that are no files, such as those inside a kubeconfig.
pub fn client_config_of(
    verify: Verify,
    ca: Option<&Pem>,
    client: Option<(&Pem, &Pem)>,
) -> Result<Arc<ClientConfig>, ConfigError> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| ConfigError::new("tls", error.to_string()))?;
    let roots = Arc::new(roots(ca)?);
    let builder = match verify {
        Verify::Full => builder.with_webpki_verifier(
            WebPkiServerVerifier::builder_with_provider(roots, provider)
                .build()
                .map_err(|error| ConfigError::new("tls", error.to_string()))?,
        ),
        Verify::Chain => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Lenient::new(&provider, Some(roots)))),
        Verify::Nothing => {
            builder.dangerous().with_custom_certificate_verifier(Arc::new(Lenient::new(&provider, None)))
        }
    };
    let config = match client {
        None => builder.with_no_client_auth(),
        Some((certificate, key)) => {
            builder.with_client_auth_cert(certificates(certificate)?, private_key(key)?).map_err(|error| {
                ConfigError::new(&key.key, format!("does not fit {}: {error}", certificate.key))
            })?
        }
    };
    Ok(Arc::new(config))
}

/// Shakes hands over an open connection.
pub async fn handshake(
    stream: TcpStream,
    config: Arc<ClientConfig>,
    server_name: &str,
    address: &Address,
) -> Result<TlsStream<TcpStream>, Finding> {
    let name = ServerName::try_from(server_name.to_owned())
        .map_err(|_| Finding::never(Hop::Config, format!("{server_name:?} is no valid TLS server name")))?;
    TlsConnector::from(config).connect(name, stream).await.map_err(|error| {
        match net::from_io(&error, address) {
            // Whatever goes wrong from here on, the TCP connection was fine.
            finding if finding.hop == Hop::Tcp => Finding { hop: Hop::Tls, ..finding },
            finding => finding,
        }
    })
}

/// Names what a TLS error means. All but protocol errors are suspects: a certificate may be on its way from its issuer.
#[must_use]
pub fn from_rustls(error: &Error, address: &Address) -> Finding {
    let suspect = |message: String| Finding::suspect(Hop::Tls, message);
    match error {
        Error::InvalidCertificate(fault) => certificate_fault(fault, address),
        Error::InvalidMessage(_) => suspect(format!("{address} does not speak TLS"))
            .hint("turn TLS off for this server, or use its TLS port"),
        Error::AlertReceived(alert) => {
            let finding = suspect(format!("{address} refused the TLS handshake")).code(format!("{alert:?}"));
            match alert {
                AlertDescription::CertificateRequired => {
                    finding.hint("the server wants a client certificate")
                }
                AlertDescription::UnknownCA | AlertDescription::BadCertificate => {
                    finding.hint("the server does not trust our client certificate")
                }
                AlertDescription::UnrecognisedName => finding.hint("the server does not serve this name"),
                _ => finding,
            }
        }
        other => suspect(format!("TLS with {address} failed: {other}")),
    }
}

fn certificate_fault(fault: &CertificateError, address: &Address) -> Finding {
    let suspect = |message: String, code: &str| Finding::suspect(Hop::Tls, message).code(code);
    match fault {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            suspect(format!("the certificate of {address} has expired"), "Expired")
                .hint("renew it, or check the clock of this node")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            suspect(format!("the certificate of {address} is not valid yet"), "NotValidYet")
                .hint("check the clock of this node")
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            suspect(format!("the certificate of {address} is for another name"), "NotValidForName")
                .hint("connect by a name that the certificate lists")
        }
        CertificateError::UnknownIssuer => {
            suspect(format!("the certificate of {address} is signed by an unknown CA"), "UnknownIssuer")
                .hint("give the CA that signed it")
        }
        // Two CAs of one name, such as those of two Kubernetes clusters.
        CertificateError::BadSignature => suspect(
            format!("the certificate of {address} is signed by another CA of the same name"),
            "BadSignature",
        )
        .hint("give the CA that signed it; it may have been made anew"),
        other => suspect(format!("the certificate of {address} is not accepted: {other}"), "BadCertificate"),
    }
}

fn roots(ca: Option<&Pem>) -> Result<RootCertStore, ConfigError> {
    let mut store = RootCertStore::empty();
    if let Some(pem) = ca {
        for certificate in certificates(pem)? {
            store
                .add(certificate)
                .map_err(|error| ConfigError::new(&pem.key, format!("holds an unusable CA: {error}")))?;
        }
        return Ok(store);
    }
    store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if let Some(path) = std::env::var_os("SSL_CERT_FILE").map(PathBuf::from).filter(|path| path.exists()) {
        let file = NamedFile { key: "SSL_CERT_FILE".to_owned(), path };
        // A system bundle may hold a certificate that webpki does not accept; the others still count.
        store.add_parsable_certificates(certificates(&Pem::read(&file)?)?);
    }
    Ok(store)
}

fn certificates(pem: &Pem) -> Result<Vec<CertificateDer<'static>>, ConfigError> {
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(&pem.text)
        .collect::<Result<_, _>>()
        .map_err(|_| not_pem(pem, "a damaged certificate"))?;
    if certificates.is_empty() { Err(not_pem(pem, "no certificate")) } else { Ok(certificates) }
}

fn private_key(pem: &Pem) -> Result<PrivateKeyDer<'static>, ConfigError> {
    PrivateKeyDer::from_pem_slice(&pem.text).map_err(|_| not_pem(pem, "no private key"))
}

fn not_pem(pem: &Pem, what: &str) -> ConfigError {
    ConfigError::new(&pem.key, format!("{} holds {what}", pem.place)).hint("it must be in PEM form")
}

/// Checks the chain but not the name, or nothing at all; signatures are always checked.
#[derive(Debug)]
struct Lenient {
    algorithms: WebPkiSupportedAlgorithms,
    roots: Option<Arc<RootCertStore>>,
}

impl Lenient {
    fn new(provider: &CryptoProvider, roots: Option<Arc<RootCertStore>>) -> Self {
        Self { algorithms: provider.signature_verification_algorithms, roots }
    }
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if let Some(roots) = &self.roots {
            let certificate = ParsedCertificate::try_from(end_entity)?;
            let algorithms = self.algorithms.all;
            verify_server_cert_signed_by_trust_anchor(&certificate, roots, intermediates, now, algorithms)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls12_signature(message, cert, dss, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls13_signature(message, cert, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
