//! The metadata service of an EC2 node, version 2: it gives the key of the node's role.

use std::time::Duration;

use preflight::http::{Http, Method, Reply, RequestBuilder};
use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env, Finding, Hop};

use super::Key;
use crate::stores::reply::json_text;

const ENDPOINT: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
const ROLES: &str = "/latest/meta-data/iam/security-credentials/";
/// It is on the node: what has not come by now will not come.
const LIMIT: Duration = Duration::from_millis(1500);

/// The metadata service.
pub(crate) struct Instance {
    http: Http,
}

impl Instance {
    pub(super) fn of(env: &Env, tls: &TlsOptions) -> Result<Self, ConfigError> {
        let off = "AWS_EC2_METADATA_DISABLED";
        if env.text(off)?.is_some_and(|text| text.eq_ignore_ascii_case("true")) {
            return Err(ConfigError::new(off, "is true, and nothing else in the environment gives a key")
                .hint("give this pod's service account a role (IRSA or pod identity), or set the keys"));
        }
        let url = env.text(ENDPOINT)?.filter(|url| !url.is_empty());
        let http = Http::new(ENDPOINT, url.as_deref().unwrap_or("http://169.254.169.254"), tls)?;
        Ok(Self { http })
    }

    pub(super) async fn key(&self) -> Result<Key, Finding> {
        let put = self.http.request(Method::PUT, "/latest/api/token");
        let put = put.header("X-aws-ec2-metadata-token-ttl-seconds", "21600");
        let token = self.ask(put).await?;
        if token.status != 200 {
            return Err(refused(&token, "a session"));
        }
        let get = |path: &str| {
            self.http.request(Method::GET, path).header("X-aws-ec2-metadata-token", token.body.trim())
        };
        let roles = self.ask(get(ROLES)).await?;
        let role = roles.body.lines().next().unwrap_or_default().trim();
        if roles.status == 404 || roles.status == 200 && role.is_empty() {
            return Err(Finding::suspect(Hop::Auth, "the node has no role, so that it gives no key")
                .code("404")
                .hint("give this pod's service account a role (IRSA or pod identity), or the node an instance profile"));
        }
        if roles.status != 200 {
            return Err(refused(&roles, "the node's role"));
        }
        let reply = self.ask(get(&format!("{ROLES}{role}"))).await?;
        if reply.status == 200
            && let Some(key) = Key::of_json(&reply.body)
        {
            return Ok(key);
        }
        match json_text(&reply.body, &["Code"]) {
            Some(code) => Err(Finding::suspect(Hop::Auth, format!("the node's role {role:?} gives no key"))
                .code(code)
                .hint("the role of the instance profile must exist and trust ec2.amazonaws.com")),
            None => Err(refused(&reply, "a key")),
        }
    }

    async fn ask(&self, request: RequestBuilder) -> Result<Reply, Finding> {
        match tokio::time::timeout(LIMIT, self.http.send(request)).await {
            Ok(Ok(reply)) => Ok(reply),
            Ok(Err(finding)) => Err(Finding {
                message: format!("the metadata service of the node, which gives the key: {}", finding.message),
                ..finding
            }
            .hint("this pod has no role of its own (IRSA or pod identity), and the node's cannot be reached")),
            // Connecting works, and the answer to PUT is thrown away one hop further than it may go.
            Err(_) => Err(Finding::suspect(
                Hop::Auth,
                format!("the metadata service of the node at {} is silent", self.http.address()),
            )
            .code("ETIMEDOUT")
            .hint("its hop limit must be 2 for pods (HttpPutResponseHopLimit); or give the service account a role")),
        }
    }
}

fn refused(reply: &Reply, what: &str) -> Finding {
    let finding = format!("the metadata service of the node does not give {what}");
    let finding = if reply.status >= 500 {
        Finding::not_yet(Hop::Auth, finding)
    } else {
        Finding::suspect(Hop::Auth, finding).hint(
            "it may be switched off for this node (HttpEndpoint); give the service account a role instead",
        )
    };
    finding.code(reply.status.to_string())
}
