//! The signatures of the stores that are stood in for, computed anew from each request as it came.

use ring::{digest, hmac};

use crate::recorded::Request;
use crate::recorded_store::Vendor;

/// A request and the secret that it should have been signed with.
pub(crate) struct Claim<'a> {
    pub(crate) vendor: Vendor,
    pub(crate) request: &'a Request,
    pub(crate) bucket: &'a str,
    /// As it was sent.
    pub(crate) object: &'a str,
    pub(crate) secret: &'a str,
}

impl Claim<'_> {
    fn header(&self, name: &str) -> &str {
        self.request.headers.get(name).map(String::as_str).unwrap_or_default()
    }

    fn authorization(&self) -> &str {
        self.header("authorization")
    }

    /// Path and query as they were sent.
    fn parts(&self) -> (&str, &str) {
        self.request.path.split_once('?').unwrap_or((&self.request.path, ""))
    }
}

/// The access key that a request names.
pub(crate) fn id_of<'a>(claim: &'a Claim<'_>) -> Option<&'a str> {
    let text = claim.authorization();
    match claim.vendor {
        Vendor::Oss | Vendor::Tos if text.contains("Credential=") => {
            text.split("Credential=").nth(1)?.split('/').next()
        }
        Vendor::Oss | Vendor::Obs => text.split(' ').nth(1)?.split(':').next(),
        Vendor::Cos => field(text, "q-ak"),
        Vendor::Bos => text.split('/').nth(1),
        Vendor::Tos => None,
    }
}

/// Whether a request is signed with the secret.
pub(crate) fn is_right(claim: &Claim<'_>) -> bool {
    let sent = claim.authorization();
    let expected = match claim.vendor {
        Vendor::Oss if sent.starts_with("OSS4-") => oss4(claim),
        Vendor::Oss | Vendor::Obs => Some(simple(claim)),
        Vendor::Cos => cos(claim),
        Vendor::Tos => tos(claim),
        Vendor::Bos => bos(claim),
    };
    expected.is_some_and(|expected| !expected.is_empty() && sent.ends_with(&expected))
}

/// OSS version 1 and OBS: five lines, HMAC-SHA1, base64.
fn simple(claim: &Claim<'_>) -> String {
    let object = if claim.vendor == Vendor::Oss { decoded(claim.object) } else { claim.object.to_owned() };
    let in_path = !claim.header("host").starts_with("dify.");
    let version = claim.parts().1.strip_prefix("versionId=");
    let version = version.map(|version| format!("?versionId={}", version.replace("%2B", "+")));
    let version = version.unwrap_or_default();
    let slash = if object.is_empty() && in_path && claim.vendor == Vendor::Obs { "" } else { "/" };
    let lines = [
        claim.request.method.as_str(),
        claim.header("content-md5"),
        claim.header("content-type"),
        claim.header("date"),
        &format!("/{}{slash}{object}{version}", claim.bucket),
    ];
    format!(":{}", base64(&mac1(claim.secret.as_bytes(), &lines.join("\n"))))
}

fn oss4(claim: &Claim<'_>) -> Option<String> {
    let scope = scope(claim)?;
    let at = claim.header("x-oss-date");
    let mut headers: Vec<String> = claim
        .request
        .headers
        .iter()
        .filter(|(name, _)| {
            name.starts_with("x-oss-") || matches!(name.as_str(), "content-type" | "content-md5")
        })
        .map(|(name, value)| format!("{name}:{value}\n"))
        .collect();
    headers.sort();
    let canonical = [
        claim.request.method.as_str(),
        // Slashes are signed as they are, however they were sent.
        &format!("/{}/{}", claim.bucket, claim.object.replace("%2F", "/")),
        &sorted(claim.parts().1),
        &headers.concat(),
        "",
        claim.header("x-oss-content-sha256"),
    ]
    .join("\n");
    let text = format!("OSS4-HMAC-SHA256\n{at}\n{scope}\n{}", hash(&canonical));
    let key = derived(format!("aliyun_v4{}", claim.secret).into_bytes(), &scope);
    Some(format!("Signature={}", hex(&mac256(&key, &text))))
}

fn tos(claim: &Claim<'_>) -> Option<String> {
    let scope = scope(claim)?;
    let names = claim.authorization().split("SignedHeaders=").nth(1)?.split(',').next()?;
    let headers: Vec<String> =
        names.split(';').map(|name| format!("{name}:{}\n", claim.header(name))).collect();
    let (path, query) = claim.parts();
    let payload = match claim.header("x-tos-content-sha256") {
        "" => "UNSIGNED-PAYLOAD",
        hash => hash,
    };
    let canonical =
        [claim.request.method.as_str(), path, &sorted(query), &headers.concat(), names, payload].join("\n");
    let text = format!("TOS4-HMAC-SHA256\n{}\n{scope}\n{}", claim.header("x-tos-date"), hash(&canonical));
    let key = derived(claim.secret.as_bytes().to_vec(), &scope);
    names.contains("host").then(|| format!("Signature={}", hex(&mac256(&key, &text))))
}

/// COS; its SDK signs the host without the port, which a real server never has.
fn cos(claim: &Claim<'_>) -> Option<String> {
    let sent = claim.authorization();
    let time = field(sent, "q-key-time")?;
    let (path, query) = claim.parts();
    let host = claim.header("host");
    let key = hex(&mac1(claim.secret.as_bytes(), time));
    let signed = |host: &str| {
        let value = |name: &str| if name == "host" { host.to_owned() } else { claim.header(name).to_owned() };
        let names = field(sent, "q-header-list")?.split(';').filter(|name| !name.is_empty());
        let headers: Vec<String> = names.map(|name| format!("{name}={}", encoded(&value(name)))).collect();
        let lines = [
            claim.request.method.to_lowercase(),
            decoded(path),
            sorted(&lower_names(query)),
            headers.join("&"),
            String::new(),
        ];
        let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, lines.join("\n").as_bytes());
        let text = format!("sha1\n{}\n{}\n", field(sent, "q-sign-time")?, hex(digest.as_ref()));
        Some(format!("q-signature={}", hex(&mac1(key.as_bytes(), &text))))
    };
    let with_port = signed(host)?;
    if sent.ends_with(&with_port) { Some(with_port) } else { signed(host.split(':').next()?) }
}

fn bos(claim: &Claim<'_>) -> Option<String> {
    let parts: Vec<&str> = claim.authorization().split('/').collect();
    let [version, id, at, life, names, _] = parts.as_slice() else { return None };
    let key = hex(&mac256(claim.secret.as_bytes(), &format!("{version}/{id}/{at}/{life}")));
    // Without a list of names it is these, as far as they are there.
    let usual = |name: &str| {
        matches!(name, "host" | "content-md5" | "content-length" | "content-type")
            || name.starts_with("x-bce-")
    };
    let signed =
        |name: &str| if names.is_empty() { usual(name) } else { names.split(';').any(|one| one == name) };
    let headers = claim.request.headers.iter().filter(|(name, value)| signed(name) && !value.is_empty());
    let mut headers: Vec<String> =
        headers.map(|(name, value)| format!("{name}:{}", encoded(value))).collect();
    headers.sort();
    let (path, query) = claim.parts();
    let text = [claim.request.method.as_str(), path, &sorted(query), &headers.join("\n")].join("\n");
    signed("host").then(|| format!("/{}", hex(&mac256(key.as_bytes(), &text))))
}

/// `20261123/cn-hangzhou/oss/aliyun_v4_request`, as the request names it.
fn scope(claim: &Claim<'_>) -> Option<String> {
    let credential = claim.authorization().split("Credential=").nth(1)?.split(',').next()?;
    credential.split_once('/').map(|(_, scope)| scope.to_owned())
}

/// A key that each part of a scope makes another.
fn derived(secret: Vec<u8>, scope: &str) -> Vec<u8> {
    scope.split('/').fold(secret, |key, part| mac256(&key, part))
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

fn sorted(query: &str) -> String {
    let mut pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    pairs.sort_unstable();
    pairs.join("&")
}

fn lower_names(query: &str) -> String {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let pairs: Vec<String> = pairs.map(|(name, value)| format!("{}={value}", name.to_lowercase())).collect();
    pairs.join("&")
}

/// All but letters, digits and four signs.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |text, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            text + &char::from(byte).to_string()
        } else {
            text + &format!("%{byte:02X}")
        }
    })
}

fn decoded(text: &str) -> String {
    text.replace("%20", " ").replace("%2F", "/")
}

fn mac1(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key), text.as_bytes()).as_ref().to_vec()
}

fn mac256(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

fn hash(text: &str) -> String {
    hex(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// With the letters of the standard and its padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let shift = 8 * (3 - chunk.len());
        let word = chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << shift;
        for place in 0..4 {
            let index = usize::try_from((word >> (18 - 6 * place)) & 63).unwrap_or_default();
            text.push(if place <= chunk.len() { char::from(LETTERS[index]) } else { '=' });
        }
    }
    text
}
