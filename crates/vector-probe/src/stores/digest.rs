//! Digest authentication (RFC 7616): a password is proven without being sent.

use std::collections::BTreeMap;

use ring::rand::{SecureRandom as _, SystemRandom};

use super::signing::{hex, md5, sha256};

/// What a server asks to be proven.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Challenge {
    realm: String,
    nonce: String,
    opaque: Option<String>,
    is_sha256: bool,
    has_qop: bool,
}

impl Challenge {
    /// Reads the header `WWW-Authenticate`; nothing where it asks for something else.
    pub(super) fn parse(header: &str) -> Option<Self> {
        let (scheme, rest) = header.trim().split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("digest") {
            return None;
        }
        let fields = fields(rest);
        let field = |name: &str| fields.get(name).cloned();
        let algorithm = field("algorithm").unwrap_or_default();
        let known = ["", "md5", "sha-256"].contains(&algorithm.to_ascii_lowercase().as_str());
        let qop = field("qop");
        let has_qop = qop.as_ref().is_some_and(|words| words.split(',').any(|word| word.trim() == "auth"));
        (known && (has_qop || qop.is_none())).then_some(())?;
        Some(Self {
            realm: field("realm").unwrap_or_default(),
            nonce: field("nonce")?,
            opaque: field("opaque"),
            is_sha256: algorithm.eq_ignore_ascii_case("sha-256"),
            has_qop,
        })
    }

    /// The header `Authorization` for one request.
    pub(super) fn answer(&self, method: &str, uri: &str, user: &str, password: &str) -> String {
        let mut random = [0; 8];
        // Without randomness it is still a proof, only one that could be made in advance.
        let _ = SystemRandom::new().fill(&mut random);
        self.answer_with(&hex(&random), method, uri, user, password)
    }

    fn answer_with(&self, client: &str, method: &str, uri: &str, user: &str, password: &str) -> String {
        let hash =
            |text: String| if self.is_sha256 { sha256(text.as_bytes()) } else { hex(&md5(text.as_bytes())) };
        let Self { realm, nonce, .. } = self;
        let (first, second) = (hash(format!("{user}:{realm}:{password}")), hash(format!("{method}:{uri}")));
        let response = if self.has_qop {
            hash(format!("{first}:{nonce}:00000001:{client}:auth:{second}"))
        } else {
            hash(format!("{first}:{nonce}:{second}"))
        };
        let mut text = format!(
            "Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", response=\"{response}\""
        );
        if self.has_qop {
            text.push_str(&format!(", qop=auth, nc=00000001, cnonce=\"{client}\""));
        }
        if self.is_sha256 {
            text.push_str(", algorithm=SHA-256");
        }
        if let Some(opaque) = &self.opaque {
            text.push_str(&format!(", opaque=\"{opaque}\""));
        }
        text
    }
}

/// `name=value` and `name="value, with a comma"`, names in lower case.
fn fields(mut text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    while let Some((name, rest)) = text.split_once('=') {
        let name = name.trim_matches([' ', ',', '\t']).to_ascii_lowercase();
        let rest = rest.trim_start();
        let (value, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => rest.split_once(',').unwrap_or((rest, "")),
        };
        found.insert(name, value.trim().to_owned());
        text = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7616, section 3.9.1.
    const EXAMPLE: &str = "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=ALGORITHM, \
        nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
    const CLIENT: &str = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

    #[test]
    fn the_example_of_the_standard_is_answered_as_it_says() {
        for (algorithm, response) in [
            ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
            ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ] {
            let challenge = Challenge::parse(&EXAMPLE.replace("ALGORITHM", algorithm)).unwrap();
            let answer = challenge.answer_with(CLIENT, "GET", "/dir/index.html", "Mufasa", "Circle of Life");
            assert!(answer.contains(&format!("response=\"{response}\"")), "{answer}");
        }
    }

    #[test]
    fn what_is_no_such_challenge_is_left_alone() {
        for header in [
            "",
            "Digest",
            "Basic realm=\"x\"",
            "Digest realm=\"x\"",
            "Digest nonce=\"x\", algorithm=SHA-512",
            "Digest nonce=\"x\", qop=\"auth-int\"",
        ] {
            assert_eq!(Challenge::parse(header), None, "{header}");
        }
    }
}
