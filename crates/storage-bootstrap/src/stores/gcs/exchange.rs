//! Getting a token in exchange for what the configuration holds.

use preflight::http::{Http, Method, Reply};
use preflight::tls::TlsOptions;
use preflight::{ConfigError, Finding, Hop, Secret};
use serde_json::{Value, json};

use super::credentials::field;
use super::jwt::{SCOPE, Signer};
use crate::stores::encode::strict;
use crate::stores::reply::{clock, json_text};
use crate::stores::time;
use crate::stores::token::{self, Token, words};
use crate::stores::verdict::ahead;

const TOKEN_SERVER: &str = "https://oauth2.googleapis.com/token";

/// A server that gives tokens, and the path on it.
struct Server {
    http: Http,
    path: String,
    /// The variable that the credential came from.
    variable: String,
}

impl Server {
    fn new(variable: &str, url: &str, tls: &TlsOptions) -> Result<Self, ConfigError> {
        let parsed = preflight::http::Url::parse(url).map_err(|error| {
            ConfigError::new(variable, format!("names a token server that is no URL: {error}"))
        })?;
        let origin = parsed.origin().ascii_serialization();
        let http = Http::new(variable, &origin, tls)?;
        Ok(Self { http, path: parsed.path().to_owned(), variable: variable.to_owned() })
    }

    async fn ask(&self, form: &[(&str, &str)]) -> Result<Reply, Finding> {
        let form: Vec<String> =
            form.iter().map(|(name, value)| format!("{name}={}", strict(value))).collect();
        let request = self
            .http
            .request(Method::POST, &self.path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.join("&"));
        self.http.send(request).await.map_err(|finding| away(&finding))
    }

    /// Why there is no token.
    fn refused(&self, reply: &Reply, secrets: &[&Secret]) -> Finding {
        let code = json_text(&reply.body, &["error"]);
        let said = json_text(&reply.body, &["error_description"]).unwrap_or_default();
        let Some(code) = code else {
            let what = format!("{} gives no token", self.http.address());
            let found = if reply.status >= 500 || reply.status == 429 {
                Finding::not_yet(Hop::Auth, what)
            } else {
                Finding::suspect(Hop::Auth, what)
                    .hint(format!("check token_uri in {}: is this Google's token server?", self.variable))
            };
            return found.code(reply.status.to_string());
        };
        let lower = said.to_ascii_lowercase();
        let check = |text: &str| format!("{text}{}", self.variable);
        let (what, hint) = if lower.contains("invalid jwt signature") {
            (
                "the key of the service account was deleted, or is another".to_owned(),
                check("make a new key and set "),
            )
        } else if lower.contains("account not found") || lower.contains("invalid_grant: account") {
            (
                "the service account does not exist, or is disabled".to_owned(),
                check("check the client_email in "),
            )
        } else if lower.contains("reasonable timeframe") || lower.contains("token used too early") {
            let date = reply.headers.get("date").and_then(|date| date.to_str().ok()).and_then(clock);
            let by = date.map(|off| format!(": it is {}", ahead(-off))).unwrap_or_default();
            (format!("Google refuses the time of this node{by}"), "set the clock of this node".to_owned())
        } else if lower.contains("expired or revoked") {
            (
                "the refresh token has expired or was revoked".to_owned(),
                "log in again with gcloud, or use a service account".to_owned(),
            )
        } else if code == "invalid_target" {
            (
                "the workload identity pool or provider does not exist, or is disabled".to_owned(),
                check("check the audience in "),
            )
        } else {
            (format!("Google gives no token: {}", words(&said, secrets)), check("check "))
        };
        Finding::suspect(Hop::Auth, what).hint(hint).code(code)
    }
}

fn away(finding: &Finding) -> Finding {
    let message = format!("the server that gives the token: {}", finding.message);
    Finding { message, ..finding.clone() }
}

fn token_of(reply: &Reply) -> Option<Token> {
    let secret = json_text(&reply.body, &["access_token"]).filter(|token| !token.is_empty())?;
    let life = json_text(&reply.body, &["expires_in"]).and_then(|life| life.parse().ok()).unwrap_or(300);
    (reply.status == 200).then(|| Token::lasting(secret, life))
}

/// The key of a service account.
pub(super) struct ServiceAccount {
    server: Server,
    signer: Signer,
}

impl ServiceAccount {
    pub(super) fn of(variable: &str, json: &Value, tls: &TlsOptions) -> Result<Self, ConfigError> {
        let url = field(variable, json, "token_uri")?;
        let email = field(variable, json, "client_email")?;
        let key = Secret::new(field(variable, json, "private_key")?);
        let id = json.get("private_key_id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let signer = Signer::new(variable, key.reveal(), email, url.clone(), id)?;
        Ok(Self { server: Server::new(variable, &url, tls)?, signer })
    }

    pub(super) async fn token(&self) -> Result<Token, Finding> {
        let assertion = self.signer.assertion(time::now()).map(Secret::new);
        let Some(assertion) = assertion else {
            return Err(Finding::never(
                Hop::Config,
                format!("{}: its private key cannot sign", self.server.variable),
            ));
        };
        let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
        let reply = self.server.ask(&[("grant_type", grant), ("assertion", assertion.reveal())]).await?;
        token_of(&reply).ok_or_else(|| self.server.refused(&reply, &[&assertion]))
    }
}

/// A user's credential, as gcloud leaves it.
pub(super) struct Refresh {
    server: Server,
    client: String,
    secret: Secret,
    token: Secret,
}

impl Refresh {
    pub(super) fn of(variable: &str, json: &Value, tls: &TlsOptions) -> Result<Self, ConfigError> {
        let url = json.get("token_uri").and_then(Value::as_str).unwrap_or(TOKEN_SERVER);
        Ok(Self {
            server: Server::new(variable, url, tls)?,
            client: field(variable, json, "client_id")?,
            secret: Secret::new(field(variable, json, "client_secret")?),
            token: Secret::new(field(variable, json, "refresh_token")?),
        })
    }

    pub(super) async fn token(&self) -> Result<Token, Finding> {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", self.client.as_str()),
            ("client_secret", self.secret.reveal()),
            ("refresh_token", self.token.reveal()),
        ];
        let reply = self.server.ask(&form).await?;
        token_of(&reply).ok_or_else(|| self.server.refused(&reply, &[&self.secret, &self.token]))
    }
}

/// Workload identity federation: a pod's token, given in exchange.
pub(super) struct External {
    server: Server,
    audience: String,
    kind: String,
    file: String,
    /// The field of the file's JSON that holds the token, if it is JSON.
    field: Option<String>,
    impersonation: Option<Server>,
}

impl External {
    pub(super) fn of(variable: &str, json: &Value, tls: &TlsOptions) -> Result<Self, ConfigError> {
        let source = json.get("credential_source").unwrap_or(&Value::Null);
        let Some(file) = source.get("file").and_then(Value::as_str) else {
            return Err(ConfigError::new(variable, "takes the pod's token from something else than a file")
                .hint("only a credential_source with a file can be proven here; with GKE, use its workload identity"));
        };
        let format = source.get("format").unwrap_or(&Value::Null);
        let impersonation = json.get("service_account_impersonation_url").and_then(Value::as_str);
        Ok(Self {
            server: Server::new(variable, &field(variable, json, "token_url")?, tls)?,
            audience: field(variable, json, "audience")?,
            kind: field(variable, json, "subject_token_type")?,
            file: file.to_owned(),
            field: format.get("subject_token_field_name").and_then(Value::as_str).map(str::to_owned),
            impersonation: impersonation.map(|url| Server::new(variable, url, tls)).transpose()?,
        })
    }

    pub(super) async fn token(&self) -> Result<Token, Finding> {
        let read = token::read(&self.server.variable, &self.file)?;
        let subject = match &self.field {
            Some(name) => Secret::new(json_text(read.reveal(), &[name]).unwrap_or_default()),
            None => read,
        };
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
            ("audience", self.audience.as_str()),
            ("scope", "https://www.googleapis.com/auth/cloud-platform"),
            ("subject_token_type", self.kind.as_str()),
            ("subject_token", subject.reveal()),
        ];
        let reply = self.server.ask(&form).await?;
        let token = token_of(&reply).ok_or_else(|| self.server.refused(&reply, &[&subject]))?;
        match &self.impersonation {
            Some(server) => impersonate(server, &token).await,
            None => Ok(token),
        }
    }
}

/// A federated identity becomes a service account.
async fn impersonate(server: &Server, token: &Token) -> Result<Token, Finding> {
    let body = json!({"scope": [SCOPE], "lifetime": "3600s"}).to_string();
    let request = server
        .http
        .request(Method::POST, &server.path)
        .bearer_auth(token.secret.reveal())
        .header("content-type", "application/json")
        .body(body);
    let reply = server.http.send(request).await.map_err(|finding| away(&finding))?;
    if let Some(secret) = json_text(&reply.body, &["accessToken"]).filter(|_| reply.status == 200) {
        return Ok(Token::lasting(secret, 3000));
    }
    let code = json_text(&reply.body, &["error", "status"]).unwrap_or_else(|| reply.status.to_string());
    if reply.status >= 500 || reply.status == 429 {
        let what = format!("{} gives no token", server.http.address());
        return Err(Finding::not_yet(Hop::Auth, what).code(code));
    }
    Err(Finding::suspect(Hop::Auth, "the identity of this pod may not become the service account")
        .code(code)
        .hint("give it roles/iam.workloadIdentityUser on the service account"))
}
