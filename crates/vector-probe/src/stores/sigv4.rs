//! AWS' signature (version 4) of a request without a body, for `OpenSearch` at AWS.

use std::fmt::Write as _;

use preflight::http::{RequestBuilder, Url};
use preflight::{ConfigError, Env, Secret};

use super::signing::{compact, hex, hmac_sha256, now, sha256};

/// A key of AWS, and what it signs for.
pub(super) struct Signer {
    pub(super) id: String,
    pub(super) secret: Secret,
    pub(super) token: Option<Secret>,
    pub(super) region: String,
    pub(super) service: String,
}

impl Signer {
    /// The key in the environment, if there is one; boto3 looks there first.
    pub(super) fn read(env: &Env, region: &str, service: &str) -> Result<Option<Self>, ConfigError> {
        let id = env.text_or("AWS_ACCESS_KEY_ID", "")?;
        let secret = env.secret("AWS_SECRET_ACCESS_KEY")?;
        let token = env.secret("AWS_SESSION_TOKEN")?;
        let (region, service) = (region.to_owned(), service.to_owned());
        Ok(secret.filter(|_| !id.is_empty()).map(|secret| Self { id, secret, token, region, service }))
    }

    /// Adds the headers that prove the key, as of now.
    pub(super) fn sign(&self, method: &str, url: &Url, request: RequestBuilder) -> RequestBuilder {
        self.headers(method, url, &compact(&now()))
            .into_iter()
            .fold(request, |request, (name, value)| request.header(name, value))
    }

    fn headers(&self, method: &str, url: &Url, stamp: &str) -> Vec<(&'static str, String)> {
        let host = url.host_str().unwrap_or_default();
        let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let empty = sha256(b"");
        let mut headers = vec![("x-amz-content-sha256", empty.clone()), ("x-amz-date", stamp.to_owned())];
        if let Some(token) = &self.token {
            headers.push(("x-amz-security-token", token.reveal().to_owned()));
        }
        let signed: Vec<&str> =
            std::iter::once("host").chain(headers.iter().map(|(name, _)| *name)).collect();
        let signed = signed.join(";");
        let lines: String = headers.iter().fold(format!("host:{host}\n"), |mut lines, (name, value)| {
            let _ = writeln!(lines, "{name}:{value}");
            lines
        });
        let mut query: Vec<&str> =
            url.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()).collect();
        query.sort_unstable();
        let canonical = format!("{method}\n{}\n{}\n{lines}\n{signed}\n{empty}", url.path(), query.join("&"));
        let day = stamp.get(..8).unwrap_or_default();
        let scope = format!("{day}/{}/{}/aws4_request", self.region, self.service);
        let hashed = sha256(canonical.as_bytes());
        let text = format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashed}");
        let first = format!("AWS4{}", self.secret.reveal()).into_bytes();
        let key = [day, &self.region, &self.service, "aws4_request"]
            .iter()
            .fold(first, |key, part| hmac_sha256(&key, part));
        let signature = hex(&hmac_sha256(&key, &text));
        let id = &self.id;
        let proof = format!(
            "AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={signed}, Signature={signature}"
        );
        headers.push(("authorization", proof));
        headers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_derived_as_in_awss_example() {
        let parts = ["20150830", "us-east-1", "iam", "aws4_request"];
        let first = b"AWS4wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_vec();
        let key = parts.iter().fold(first, |key, part| hmac_sha256(&key, part));
        assert_eq!(hex(&key), "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
    }

    #[test]
    fn the_headers_name_what_was_signed() {
        let signer = Signer {
            id: "AKID".to_owned(),
            secret: Secret::new("secret"),
            token: Some(Secret::new("token")),
            region: "us-east-1".to_owned(),
            service: "es".to_owned(),
        };
        let url = Url::parse("https://x.es.amazonaws.com/_cat/plugins?h=name&format=json").unwrap();
        let headers = signer.headers("GET", &url, "20150830T123600Z");
        let (_, proof) = headers.last().unwrap();
        assert!(proof.starts_with("AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/es/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature="), "{proof}");
    }
}
