//! Certificates for servers that read files.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "these are tests")]

use tempfile::NamedTempFile;

/// A certificate for one name, with its key and the CA that signed it.
pub struct Signed {
    pub certificate: String,
    pub key: String,
    pub ca: String,
    file: NamedTempFile,
}

impl Signed {
    /// Makes all of it.
    pub fn new(name: &str) -> Self {
        let mut params = rcgen::CertificateParams::new([]).unwrap();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let (ca_key, key) = (rcgen::KeyPair::generate().unwrap(), rcgen::KeyPair::generate().unwrap());
        let ca = params.self_signed(&ca_key).unwrap().pem();
        let file = NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &ca).unwrap();
        let own = rcgen::CertificateParams::new([name.to_owned()]).unwrap();
        let certificate = own.signed_by(&key, &rcgen::Issuer::new(params, ca_key)).unwrap().pem();
        Self { certificate, key: key.serialize_pem(), ca, file }
    }

    /// The file with the CA.
    pub fn file(&self) -> &str {
        self.file.path().to_str().unwrap()
    }
}
