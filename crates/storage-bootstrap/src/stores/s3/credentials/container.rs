//! The agent of EKS pod identity, and of ECS: it gives the key of the pod's role.

use preflight::http::{Http, Method, Url, header};
use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env, Finding, Hop, Secret};

use super::{Key, token_file, words};
use crate::stores::reply::json_text;

const FULL: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const RELATIVE: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
const TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
/// Where plain HTTP stays on the node: ECS, EKS.
const ON_THE_NODE: [&str; 4] = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "localhost"];

/// The agent and what it wants to see.
pub(crate) struct Container {
    http: Http,
    path: String,
    token: Option<Secret>,
    file: Option<String>,
}

impl Container {
    pub(super) fn of(env: &Env, tls: &TlsOptions) -> Result<Option<Self>, ConfigError> {
        let not_empty = |name| env.text(name).map(|text| text.filter(|text| !text.is_empty()));
        let (key, url) = match (not_empty(RELATIVE)?, not_empty(FULL)?) {
            (Some(path), _) => (RELATIVE, format!("http://169.254.170.2{path}")),
            (None, Some(url)) => (FULL, url),
            (None, None) => return Ok(None),
        };
        let Ok(parsed) = Url::parse(&url) else {
            return Err(ConfigError::new(key, "is not a URL").hint("it is set by the agent of pod identity"));
        };
        let host = parsed.host_str().unwrap_or_default();
        if parsed.scheme() == "http" && !ON_THE_NODE.contains(&host) && !host.starts_with("127.") {
            return Err(ConfigError::new(key, format!("plain HTTP to {host}, which the SDKs refuse"))
                .hint("use https, or the address of the agent on the node"));
        }
        let path = match parsed.query() {
            Some(query) => format!("{}?{query}", parsed.path()),
            None => parsed.path().to_owned(),
        };
        let http = Http::new(key, &parsed.origin().ascii_serialization(), tls)?;
        // A variable whose name ends in _FILE is read as it is: TOKEN is no secret of ours then.
        let file = not_empty(TOKEN_FILE)?;
        let token = if file.is_some() { None } else { env.secret(TOKEN)? };
        Ok(Some(Self { http, path, token, file }))
    }

    pub(super) async fn key(&self) -> Result<Key, Finding> {
        let token = match &self.file {
            Some(file) => Some(token_file(TOKEN_FILE, file)?),
            None => self.token.clone(),
        };
        let mut request = self.http.request(Method::GET, &self.path);
        if let Some(token) = &token {
            request = request.header(header::AUTHORIZATION, token.reveal());
        }
        let reply = self.http.send(request).await.map_err(|finding| {
            let message = format!("the agent of pod identity, which gives the key: {}", finding.message);
            Finding { message, ..finding }.hint("the agent must run on this node: check its DaemonSet")
        })?;
        if reply.status == 200 {
            return Key::of_json(&reply.body).ok_or_else(|| {
                Finding::suspect(Hop::Auth, "the agent of pod identity gives an answer without a key")
                    .hint(format!("check {FULL}"))
            });
        }
        let token = token.unwrap_or_else(|| Secret::new(String::new()));
        Err(refusal(reply.status, &reply.body, &token))
    }
}

/// What the agent says when it gives no key: JSON, or a line with the name of an exception in it.
fn refusal(status: u16, body: &str, token: &Secret) -> Finding {
    let code = json_text(body, &["code"]).or_else(|| exception(body)).unwrap_or_else(|| status.to_string());
    let said = words(&json_text(body, &["message"]).unwrap_or_else(|| body.to_owned()), token);
    if status == 429 || status >= 500 {
        return Finding::not_yet(Hop::Auth, format!("the agent of pod identity gives no key now: {said}"))
            .code(code);
    }
    let hint = match code.as_str() {
        "ResourceNotFoundException" => "make a pod identity association for this service account",
        "ExpiredTokenException" => "the kubelet renews the token; make the pod anew",
        _ => "check the pod identity association, and that its role trusts pods.eks.amazonaws.com",
    };
    Finding::suspect(Hop::Auth, format!("the agent of pod identity gives no key: {said}"))
        .code(code)
        .hint(hint)
}

/// `AccessDeniedException` in a line of text.
fn exception(text: &str) -> Option<String> {
    let is_name = |word: &&str| word.ends_with("Exception") && word.len() > "Exception".len();
    text.split(|c: char| !c.is_ascii_alphanumeric()).find(is_name).map(str::to_owned)
}
