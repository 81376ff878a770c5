//! The metadata service: the workload identity of GKE, or the account of the node.

use std::time::Duration;

use preflight::http::{Http, Method};
use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env, Finding, Hop};

use crate::stores::reply::json_text;
use crate::stores::token::{Token, words};

const HOST: &str = "GCE_METADATA_HOST";
const PATH: &str = "/computeMetadata/v1/instance/service-accounts/default/token";
/// It is on the node: what has not come by now will not come.
const LIMIT: Duration = Duration::from_millis(2500);

/// The metadata service.
pub(super) struct Metadata {
    http: Http,
}

impl Metadata {
    pub(super) fn of(env: &Env, tls: &TlsOptions) -> Result<Self, ConfigError> {
        let host = env.text(HOST)?.filter(|host| !host.is_empty());
        // The address and not the name: that one is known to Google's name servers only.
        let host = host.unwrap_or_else(|| "169.254.169.254".to_owned());
        Ok(Self { http: Http::new(HOST, &format!("http://{host}"), tls)? })
    }

    pub(super) async fn token(&self) -> Result<Token, Finding> {
        let request = self.http.request(Method::GET, PATH).header("Metadata-Flavor", "Google");
        let hint = "outside Google Cloud there is none: set the service account's JSON; in GKE give this pod's service account a workload identity";
        let service = "the metadata service, which gives the token";
        let reply = match tokio::time::timeout(LIMIT, self.http.send(request)).await {
            Ok(Ok(reply)) => reply,
            Ok(Err(finding)) => {
                let message = format!("{service}: {}", finding.message);
                return Err(Finding { message, ..finding }.hint(hint));
            }
            Err(_) => {
                let what = format!("{service}, is silent at {}", self.http.address());
                return Err(Finding::suspect(Hop::Auth, what).code("ETIMEDOUT").hint(hint));
            }
        };
        let token = json_text(&reply.body, &["access_token"]).filter(|_| reply.status == 200);
        if let Some(token) = token.filter(|token| !token.is_empty()) {
            let life = json_text(&reply.body, &["expires_in"]).and_then(|life| life.parse().ok());
            return Ok(Token::lasting(token, life.unwrap_or(300)));
        }
        let suspect = |what: &str, hint: &str| Finding::suspect(Hop::Auth, what).hint(hint);
        Err(match reply.status {
            _ if reply.body.contains("iam.serviceAccounts.getAccessToken") => suspect(
                "the Kubernetes service account may not become the Google service account",
                "give it roles/iam.workloadIdentityUser on the Google service account that its annotation names",
            ),
            404 => suspect(
                "the node has no service account, so that it gives no token",
                "give this pod's service account a workload identity, or the node pool an account",
            ),
            429 | 500.. => Finding::not_yet(Hop::Auth, "the metadata service cannot give a token now"),
            200 => suspect("something else answers in place of the metadata service", hint),
            _ => Finding::suspect(
                Hop::Auth,
                format!("the metadata service gives no token: {}", words(&reply.body, &[])),
            )
            .hint(hint),
        }
        .code(reply.status.to_string()))
    }
}
