//! The two signatures that an account key makes, as Microsoft documents them: "Authorize with Shared Key" and "Create
//! an account SAS".

use preflight::Secret;

use super::VERSION;
use crate::stores::digest::{base64, hmac_sha256};
use crate::stores::encode::strict;

/// An account and its key.
pub(super) struct AccountKey {
    pub(super) account: String,
    /// The key, no longer in base64.
    bytes: zeroize::Zeroizing<Vec<u8>>,
}

impl AccountKey {
    /// The key is given in base64; nothing comes back where it is not.
    pub(super) fn new(account: String, key: &Secret) -> Option<Self> {
        use base64::Engine as _;
        let bytes = base64::engine::general_purpose::STANDARD.decode(key.reveal().trim()).ok()?;
        (!bytes.is_empty()).then(|| Self { account, bytes: bytes.into() })
    }

    fn sign(&self, text: &str) -> String {
        base64(&hmac_sha256(&self.bytes, text))
    }
}

/// What is signed.
pub(super) struct Request<'a> {
    pub(super) method: &'a str,
    /// As it is sent.
    pub(super) path: String,
    pub(super) query: &'a [(&'a str, &'a str)],
    pub(super) headers: &'a [(&'a str, String)],
    pub(super) length: usize,
}

/// The header `Authorization`.
pub(super) fn shared_key(key: &AccountKey, request: &Request<'_>) -> String {
    let length = Some(request.length).filter(|length| *length > 0).map(|length| length.to_string());
    // Eleven standard headers, each on a line; of these only the length is ever sent. The date is `x-ms-date`.
    let mut text = format!("{}\n\n\n{}\n\n\n\n\n\n\n\n\n", request.method, length.unwrap_or_default());
    let mut headers: Vec<_> = request.headers.iter().filter(|(name, _)| name.starts_with("x-ms-")).collect();
    headers.sort();
    for (name, value) in headers {
        text.push_str(&format!("{name}:{value}\n"));
    }
    text.push_str(&format!("/{}{}", key.account, request.path));
    let mut query = request.query.to_vec();
    query.sort_unstable();
    for (name, value) in query {
        text.push_str(&format!("\n{name}:{value}"));
    }
    format!("SharedKey {}:{}", key.account, key.sign(&text))
}

/// The query of a signature for all blobs of an account, with the rights that the api asks for.
pub(super) fn account_sas(key: &AccountKey, expiry: &str) -> String {
    let (rights, services, types) = ("rwdlac", "b", "sco");
    // Start, addresses, protocols and encryption scope are left open.
    let text = format!("{}\n{rights}\n{services}\n{types}\n\n{expiry}\n\n\n{VERSION}\n\n", key.account);
    let signature = strict(&key.sign(&text));
    format!("sv={VERSION}&ss={services}&srt={types}&sp={rights}&se={}&sig={signature}", strict(expiry))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> AccountKey {
        AccountKey::new("devaccount".to_owned(), &Secret::new("a2V5IGZvciB0ZXN0cw==")).unwrap()
    }

    /// Computed by the azure-storage-blob 12.26 package of Python for the same input.
    #[test]
    fn the_signatures_are_those_of_the_vendors_sdk() {
        let headers = [
            ("x-ms-version", "2021-12-02".to_owned()),
            ("x-ms-date", "Mon, 23 Nov 2026 17:00:00 GMT".to_owned()),
            ("x-ms-blob-type", "BlockBlob".to_owned()),
        ];
        let put = Request {
            method: "PUT",
            path: "/dify/dify-preflight/x".to_owned(),
            query: &[],
            headers: &headers,
            length: 5,
        };
        assert_eq!(
            shared_key(&key(), &put),
            "SharedKey devaccount:K7nZX70bTn6RSpWPIFLi5dsk3J9kF1g4tBhh4ZxAOjw="
        );
        let list = Request {
            method: "GET",
            path: "/dify".to_owned(),
            query: &[("restype", "container"), ("comp", "list"), ("maxresults", "1")],
            headers: &headers[..2],
            length: 0,
        };
        assert_eq!(
            shared_key(&key(), &list),
            "SharedKey devaccount:XMrAGca0XzA6Y+qxxnRdFOMq840+9bTwP8D+gU6K804="
        );
        let sas = account_sas(&key(), "2026-11-23T18:00:00Z");
        assert!(sas.ends_with("&sig=VD0Pc2FO3207FYrooK5Q4tmR8sDVQYPFbyycRfLtV%2Fk%3D"), "{sas}");
    }

    #[test]
    fn a_key_must_be_base64() {
        for text in ["", "?", "not base64", "a"] {
            assert!(AccountKey::new("x".to_owned(), &Secret::new(text)).is_none(), "{text}");
        }
    }
}
