//! A certificate authority of the test's own.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};

/// It signs what it is asked to.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    /// Its own certificate.
    pub pem: String,
}

impl Authority {
    /// A new one of this name.
    ///
    /// # Panics
    /// If no key can be made.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // As for the key identifier below.
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        // A certificate with its issuer's own name counts as self-signed.
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("a certificate");
        let pem = issuer.pem();
        Self { issuer, pem }
    }

    /// Certificate and key for a host name or address, which is the common name too.
    #[must_use]
    pub fn sign(&self, name: &str) -> (String, String) {
        self.issue(name, false)
    }

    /// The same, but no longer valid.
    #[must_use]
    pub fn sign_expired(&self, name: &str) -> (String, String) {
        self.issue(name, true)
    }

    fn issue(&self, name: &str, expired: bool) -> (String, String) {
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        params.distinguished_name.push(DnType::CommonName, name);
        // Python from 3.13 on demands what every real authority writes.
        params.use_authority_key_identifier_extension = true;
        if expired {
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2021, 1, 1);
        }
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a signature");
        (certificate.pem(), key.serialize_pem())
    }
}
