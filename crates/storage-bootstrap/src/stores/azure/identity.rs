//! Tokens of Entra ID, from where `DefaultAzureCredential` takes them.
//!
//! | source | chosen by | asked |
//! |---|---|---|
//! | service principal | `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, `AZURE_CLIENT_SECRET` | Entra ID |
//! | workload identity | `AZURE_FEDERATED_TOKEN_FILE`, set by its webhook in AKS | Entra ID |
//! | managed identity | nothing of the above | the metadata service of the node |
//!
//! The SDK tries each in turn and says at the end that none had a token. Here the source is known before anything is
//! asked, and each of its steps has its own sentence.

use std::time::Duration;

use preflight::http::{Http, Method, Reply, RequestBuilder};
use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env, Finding, Hop, Secret};

use crate::stores::encode::strict;
use crate::stores::reply::json_text;
use crate::stores::token::{self, Token, words};

const AUTHORITY: &str = "AZURE_AUTHORITY_HOST";
const METADATA: &str = "AZURE_POD_IDENTITY_AUTHORITY_HOST";
/// It is on the node: what has not come by now will not come.
const LIMIT: Duration = Duration::from_millis(2500);

/// Where the token comes from.
pub(super) enum Identity {
    /// A registered application and its secret.
    Principal { http: Http, tenant: String, client: String, secret: Secret },
    /// A pod's token, given in exchange.
    Workload { http: Http, tenant: String, client: String, file: String },
    /// The node's metadata service.
    Managed { http: Http, client: Option<String> },
}

impl Identity {
    /// What the SDK would take in this environment.
    pub(super) fn of(env: &Env, tls: &TlsOptions) -> Result<Self, ConfigError> {
        let filled = |name: &str| Ok(env.text(name)?.filter(|text| !text.trim().is_empty()));
        let tenant = filled("AZURE_TENANT_ID")?;
        let client = filled("AZURE_CLIENT_ID")?;
        let file = filled("AZURE_FEDERATED_TOKEN_FILE")?;
        let secret = env.secret("AZURE_CLIENT_SECRET")?;
        let authority = || {
            let url = env.text_or(AUTHORITY, "https://login.microsoftonline.com")?;
            Http::new(AUTHORITY, &url, tls)
        };
        match (tenant, client, secret, file) {
            (Some(tenant), Some(client), Some(secret), _) => {
                Ok(Self::Principal { http: authority()?, tenant, client, secret })
            }
            (Some(tenant), Some(client), None, Some(file)) => {
                Ok(Self::Workload { http: authority()?, tenant, client, file })
            }
            (tenant, client, None, Some(_)) => {
                let missing = if tenant.is_none() { "AZURE_TENANT_ID" } else { "AZURE_CLIENT_ID" };
                let _ = client;
                Err(ConfigError::new(missing, "is not set, and AZURE_FEDERATED_TOKEN_FILE is").hint(
                    "annotate the service account with azure.workload.identity/client-id and make the pod anew",
                ))
            }
            (_, client, ..) => {
                let url = env.text(METADATA)?.filter(|url| !url.is_empty());
                let http = Http::new(METADATA, url.as_deref().unwrap_or("http://169.254.169.254"), tls)?;
                Ok(Self::Managed { http, client })
            }
        }
    }

    /// A token for storage, asked for.
    pub(super) async fn token(&self) -> Result<Token, Finding> {
        match self {
            Self::Principal { http, tenant, client, secret } => {
                let form = [("client_secret", secret.reveal())];
                entra(http, tenant, client, &form, secret).await
            }
            Self::Workload { http, tenant, client, file } => {
                let assertion = token::read("AZURE_FEDERATED_TOKEN_FILE", file)?;
                let form = [
                    ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                    ("client_assertion", assertion.reveal()),
                ];
                entra(http, tenant, client, &form, &assertion).await
            }
            Self::Managed { http, client } => managed(http, client.as_deref()).await,
        }
    }
}

/// Asks Entra ID.
async fn entra(
    http: &Http,
    tenant: &str,
    client: &str,
    more: &[(&str, &str)],
    secret: &Secret,
) -> Result<Token, Finding> {
    let fixed = [
        ("grant_type", "client_credentials"),
        ("scope", "https://storage.azure.com/.default"),
        ("client_id", client),
    ];
    let form: Vec<String> =
        fixed.iter().chain(more).map(|(name, value)| format!("{name}={}", strict(value))).collect();
    let request = http
        .request(Method::POST, &format!("/{tenant}/oauth2/v2.0/token"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.join("&"));
    let reply = http.send(request).await.map_err(|finding| Finding {
        message: format!("Entra ID, which gives the token: {}", finding.message),
        ..finding
    })?;
    match token_of(&reply) {
        Some(token) => Ok(token),
        None => Err(refused(http, &reply, tenant, client, secret)),
    }
}

/// Why Entra ID gives no token, by the number that it begins its description with.
fn refused(http: &Http, reply: &Reply, tenant: &str, client: &str, secret: &Secret) -> Finding {
    let text = json_text(&reply.body, &["error_description"]).unwrap_or_default();
    let Some(code) = text.split([':', ' ']).next().filter(|code| code.starts_with("AADSTS")) else {
        let what = format!("Entra ID at {} gives no token", http.address());
        let found = if reply.status >= 500 || reply.status == 429 {
            Finding::not_yet(Hop::Auth, what)
        } else {
            Finding::suspect(Hop::Auth, what).hint(format!("check {AUTHORITY}: is this Entra ID?"))
        };
        return found.code(reply.status.to_string());
    };
    let suspect = |what: String, hint: &str| Finding::suspect(Hop::Auth, what).hint(hint);
    let found = match code {
        "AADSTS90002" | "AADSTS900023" => {
            suspect(format!("Entra ID does not know the tenant {tenant}"), "check AZURE_TENANT_ID")
        }
        "AADSTS700016" => suspect(
            format!("the tenant {tenant} does not know the application {client}"),
            "check AZURE_CLIENT_ID and AZURE_TENANT_ID",
        ),
        "AADSTS7000215" => suspect(
            "the client secret is wrong".to_owned(),
            "check AZURE_CLIENT_SECRET: it is the value of the secret, not its id",
        ),
        "AADSTS7000222" => suspect(
            "the client secret has expired".to_owned(),
            "make a new secret and set AZURE_CLIENT_SECRET",
        ),
        "AADSTS70021" | "AADSTS700211" | "AADSTS700212" | "AADSTS700213" => suspect(
            format!("the application {client} does not trust the token of this pod"),
            "make a federated credential with the cluster's issuer and system:serviceaccount:NAMESPACE:NAME; a new one takes some minutes to be felt",
        ),
        "AADSTS700024" | "AADSTS500133" => suspect(
            "Entra ID does not accept the time of this pod's token".to_owned(),
            "set the clock of this node, or make the pod anew",
        ),
        _ => suspect(
            format!("Entra ID gives no token: {}", words(&text, &[secret])),
            "check AZURE_CLIENT_ID and AZURE_TENANT_ID",
        ),
    };
    found.code(code)
}

/// Asks the metadata service.
async fn managed(http: &Http, client: Option<&str>) -> Result<Token, Finding> {
    let id = client.map(|client| format!("&client_id={}", strict(client))).unwrap_or_default();
    let resource = strict("https://storage.azure.com/");
    let path = format!("/metadata/identity/oauth2/token?api-version=2018-02-01&resource={resource}{id}");
    let request = http.request(Method::GET, &path).header("Metadata", "true");
    let reply = ask(http, request).await?;
    if let Some(token) = token_of(&reply) {
        return Ok(token);
    }
    let text = json_text(&reply.body, &["error_description"]).unwrap_or_default();
    let service = "the metadata service of the node";
    Err(match reply.status {
        400 if text.contains("Identity not found") => {
            let which = client.map(|client| format!(" {client}")).unwrap_or_default();
            Finding::suspect(Hop::Auth, format!("{service} has no identity{which} to give"))
                .hint("assign the identity to the node pool, give the pod a workload identity, or check AZURE_CLIENT_ID")
        }
        400 if text.contains("Multiple user assigned identities") => {
            Finding::suspect(Hop::Auth, format!("{service} has several identities"))
                .hint("say which in AZURE_CLIENT_ID")
        }
        404 | 410 | 429 | 500.. => Finding::not_yet(Hop::Auth, format!("{service} cannot give a token now")),
        _ => Finding::suspect(Hop::Auth, format!("{service} gives no token: {}", words(&text, &[])))
            .hint("give the pod a workload identity"),
    }
    .code(reply.status.to_string()))
}

async fn ask(http: &Http, request: RequestBuilder) -> Result<Reply, Finding> {
    let hint = "this pod has no workload identity, and the node's identity cannot be reached: label the pod \
                azure.workload.identity/use=true, or use an account key";
    match tokio::time::timeout(LIMIT, http.send(request)).await {
        Ok(Ok(reply)) => Ok(reply),
        Ok(Err(finding)) => Err(Finding {
            message: format!("the metadata service of the node, which gives the token: {}", finding.message),
            ..finding
        }
        .hint(hint)),
        Err(_) => Err(Finding::suspect(
            Hop::Auth,
            format!("the metadata service of the node at {} is silent", http.address()),
        )
        .code("ETIMEDOUT")
        .hint(hint)),
    }
}

/// The token of a reply; its life is a number in one of the two and a text in the other.
fn token_of(reply: &Reply) -> Option<Token> {
    let secret = json_text(&reply.body, &["access_token"]).filter(|token| !token.is_empty())?;
    let life = json_text(&reply.body, &["expires_in"]).and_then(|life| life.parse().ok()).unwrap_or(300);
    (reply.status == 200).then(|| Token::lasting(secret, life))
}
