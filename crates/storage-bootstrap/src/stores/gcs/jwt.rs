//! The signed claim that a service account shows to get a token: RFC 7523, RS256.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use preflight::ConfigError;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject as _;
use serde_json::json;

/// What may be done with the token.
pub(super) const SCOPE: &str = "https://www.googleapis.com/auth/devstorage.full_control";

/// A key that signs.
pub(super) struct Signer {
    pair: RsaKeyPair,
    email: String,
    audience: String,
    key_id: String,
}

impl Signer {
    pub(super) fn new(
        variable: &str,
        pem: &str,
        email: String,
        audience: String,
        key_id: String,
    ) -> Result<Self, ConfigError> {
        let wrong = |problem: &str| {
            ConfigError::new(variable, format!("holds a private_key that {problem}"))
                .hint("it must be the JSON file of the service account's key, whole; line breaks in it are written \\n")
        };
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes())
            .map_err(|_| wrong("is not in PEM form (PKCS#8)"))?;
        let pair = RsaKeyPair::from_pkcs8(der.secret_pkcs8_der())
            .map_err(|_| wrong("is no RSA key of 2048 bits or more"))?;
        Ok(Self { pair, email, audience, key_id })
    }

    /// A claim for an hour from `now`; `None` if the key cannot sign.
    pub(super) fn assertion(&self, now: i64) -> Option<String> {
        let head = json!({"alg": "RS256", "typ": "JWT", "kid": self.key_id});
        let claim = json!({
            "iss": self.email, "scope": SCOPE, "aud": self.audience, "iat": now, "exp": now + 3600,
        });
        let encode = |text: String| URL_SAFE_NO_PAD.encode(text);
        let text = format!("{}.{}", encode(head.to_string()), encode(claim.to_string()));
        let mut signature = vec![0; self.pair.public().modulus_len()];
        let random = SystemRandom::new();
        self.pair.sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature).ok()?;
        Some(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}
