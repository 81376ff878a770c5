//! IAM roles for service accounts: a token of the pod, exchanged for a key at STS.

use preflight::http::{Http, Method, header};
use preflight::tls::TlsOptions;
use preflight::{Address, ConfigError, Env, Finding, Hop, Secret};

use super::{Key, time, token_file, words};
use crate::stores::reply::xml_text;
use crate::stores::s3::domain;

const TOKEN_FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
const ROLE: &str = "AWS_ROLE_ARN";

/// A role and the file that proves who wants it.
pub(crate) struct WebIdentity {
    http: Http,
    role: String,
    file: String,
}

impl WebIdentity {
    pub(super) fn of(env: &Env, region: &str, tls: &TlsOptions) -> Result<Option<Self>, ConfigError> {
        let file = env.text(TOKEN_FILE)?.filter(|file| !file.is_empty());
        let Some(file) = file else { return Ok(None) };
        let role = env.required(ROLE)?;
        if !role.starts_with("arn:") {
            return Err(ConfigError::new(ROLE, format!("{role:?} is no ARN of a role"))
                .hint("it is written arn:aws:iam::ACCOUNT:role/NAME"));
        }
        let key = "AWS_ENDPOINT_URL_STS";
        let own = env.text(key)?.filter(|url| !url.is_empty());
        let url = own.unwrap_or_else(|| format!("https://sts.{region}.{}", domain(region)));
        Ok(Some(Self { http: Http::new(key, &url, tls)?, role, file }))
    }

    pub(super) async fn key(&self) -> Result<Key, Finding> {
        let token = token_file(TOKEN_FILE, &self.file)?;
        let form: String = url_form(&[
            ("Action", "AssumeRoleWithWebIdentity"),
            ("Version", "2011-06-15"),
            ("RoleArn", &self.role),
            ("RoleSessionName", "dify-preflight"),
            ("WebIdentityToken", token.reveal()),
        ]);
        let request = self
            .http
            .request(Method::POST, "/")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form);
        let reply = self.http.send(request).await.map_err(on_the_way)?;
        if reply.status == 200
            && let Some(key) = read(&reply.body)
        {
            return Ok(key);
        }
        let said = words(xml_text(&reply.body, "Message").unwrap_or_default(), &token);
        Err(match xml_text(&reply.body, "Code") {
            Some(code) => refusal(&self.role, self.http.address(), code, &said),
            None if reply.status >= 500 => {
                let what = format!("STS at {} cannot serve the request now", self.http.address());
                Finding::not_yet(Hop::Auth, what).code(reply.status.to_string())
            }
            None => {
                let what = format!("{} is not STS: it answers HTTP {}", self.http.address(), reply.status);
                Finding::suspect(Hop::Proxy, what)
                    .code(reply.status.to_string())
                    .hint("check AWS_ENDPOINT_URL_STS, and what answers in place of AWS")
            }
        })
    }
}

fn url_form(pairs: &[(&str, &str)]) -> String {
    let mut url = preflight::http::Url::parse("x:/").ok();
    if let Some(url) = &mut url {
        url.query_pairs_mut().extend_pairs(pairs);
    }
    url.as_ref().and_then(|url| url.query()).unwrap_or_default().to_owned()
}

/// The key in an answer of STS.
pub(super) fn read(body: &str) -> Option<Key> {
    let text = |name| xml_text(body, name).filter(|text| !text.is_empty());
    Some(Key {
        id: Secret::new(text("AccessKeyId")?.to_owned()),
        secret: Secret::new(text("SecretAccessKey")?.to_owned()),
        token: Some(Secret::new(text("SessionToken")?.to_owned())),
        expires: text("Expiration").and_then(time),
    })
}

/// That STS cannot be reached is no fault of the bucket's server.
fn on_the_way(finding: Finding) -> Finding {
    let message = format!("STS, which gives the key: {}", finding.message);
    Finding { message, ..finding }
}

/// What STS says when it gives no key.
fn refusal(role: &str, address: &Address, code: &str, said: &str) -> Finding {
    let suspect = |what: String| Finding::suspect(Hop::Auth, what).code(code);
    match code {
        "AccessDenied" => suspect(format!("STS does not give role {role:?} to the service account of this pod"))
            .hint("the role's trust policy must name this cluster's OIDC provider, namespace and service account; check AWS_ROLE_ARN"),
        "InvalidIdentityToken" => suspect(format!("STS does not accept the token of this pod: {said}"))
            .hint("the cluster's OIDC provider must be registered in IAM, and the token's audience be sts.amazonaws.com"),
        "ExpiredTokenException" | "ExpiredToken" => suspect("the token of this pod has expired".to_owned())
            .hint("the kubelet renews it; make the pod anew, and check the clock of the node"),
        "IDPRejectedClaim" => suspect(format!("the cluster's OIDC provider rejects the token: {said}"))
            .hint("the token may have been revoked: make the pod anew"),
        "IDPCommunicationError" => Finding::not_yet(Hop::Auth, "STS cannot reach the cluster's OIDC provider")
            .code(code)
            .hint("its keys must be readable from the internet"),
        "RegionDisabledException" => suspect(format!("STS is not switched on in this region: {address}"))
            .hint("switch it on in the account settings, or choose another region"),
        "ValidationError" | "MalformedPolicyDocument" => {
            suspect(format!("STS does not understand role {role:?}: {said}")).hint("check AWS_ROLE_ARN")
        }
        "Throttling" | "ThrottlingException" | "ServiceUnavailable" | "InternalFailure" => {
            Finding::not_yet(Hop::Auth, format!("STS at {address} cannot serve the request now")).code(code)
        }
        _ => suspect(format!("STS gives no key for role {role:?}: {said}")).hint("check AWS_ROLE_ARN"),
    }
}
