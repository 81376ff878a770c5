//! TLS in front of a recorded server.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "these are tests")]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use tempfile::NamedTempFile;

/// A port with TLS, whose certificate is for one name.
pub struct Tls {
    /// Where it listens on 127.0.0.1.
    pub port: u16,
    /// The CA that signed it.
    pub ca: NamedTempFile,
}

/// A certificate for one name, good for some days or no more, and the file of the CA that signed it.
pub fn certificate(name: &str, expired: bool) -> (Arc<rustls::ServerConfig>, NamedTempFile) {
    configured(name, expired, false)
}

fn configured(name: &str, expired: bool, mutual: bool) -> (Arc<rustls::ServerConfig>, NamedTempFile) {
    let mut params = rcgen::CertificateParams::new([]).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let (ca_key, key) = (rcgen::KeyPair::generate().unwrap(), rcgen::KeyPair::generate().unwrap());
    let ca = NamedTempFile::new().unwrap();
    std::fs::write(ca.path(), params.self_signed(&ca_key).unwrap().pem()).unwrap();
    let mut own = rcgen::CertificateParams::new([name.to_owned()]).unwrap();
    if expired {
        own.not_after = rcgen::date_time_ymd(2020, 1, 1);
    }
    let certificate = own.signed_by(&key, &rcgen::Issuer::new(params, ca_key)).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap();
    let builder = if mutual {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(ca.path()).unwrap()).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
        builder.with_client_cert_verifier(verifier.build().unwrap())
    } else {
        builder.with_no_client_auth()
    };
    let chain = vec![CertificateDer::from_pem_slice(certificate.pem().as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
    let config = builder.with_single_cert(chain, key).unwrap();
    (Arc::new(config), ca)
}

impl Tls {
    /// Stands in front of another port.
    pub fn start(upstream: u16, name: &str) -> Self {
        Self::with(upstream, certificate(name, false))
    }

    /// The same with a certificate whose time is over.
    pub fn expired(upstream: u16, name: &str) -> Self {
        Self::with(upstream, certificate(name, true))
    }

    /// The same, for clients that have a certificate too.
    pub fn mutual(upstream: u16, name: &str) -> Self {
        Self::with(upstream, configured(name, false, true))
    }

    fn with(upstream: u16, (config, ca): (Arc<rustls::ServerConfig>, NamedTempFile)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let config = Arc::clone(&config);
                thread::spawn(move || relay(client, upstream, config));
            }
        });
        Self { port, ca }
    }

    /// The file of its CA.
    pub fn file(&self) -> &str {
        self.ca.path().to_str().unwrap()
    }
}

/// One request and one answer at a time, each far smaller than the buffer.
fn relay(client: TcpStream, upstream: u16, config: Arc<rustls::ServerConfig>) {
    let Ok(connection) = rustls::ServerConnection::new(config) else { return };
    let mut client = rustls::StreamOwned::new(connection, client);
    let Ok(mut server) = TcpStream::connect(("127.0.0.1", upstream)) else { return };
    let mut bytes = vec![0; 65536];
    while let Ok(count @ 1..) = client.read(&mut bytes) {
        let _ = server.write_all(&bytes[..count]);
        let Ok(count @ 1..) = server.read(&mut bytes) else { break };
        if client.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
}
