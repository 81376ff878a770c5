//! `OpenSearch`, with a password, or at AWS with the signature of a role.

use preflight::http::{Http, Method, Reply};
use preflight::tls::{TlsOptions, Verify};
use preflight::{ConfigError, Env, Finding, Hop, Secret};
use serde::Deserialize;

use super::http::{self, Server};
use super::search;
use super::sigv4::Signer;
use super::store::Store;

const HOST: &str = "OPENSEARCH_HOST";
const USER: &str = "OPENSEARCH_USER";
const PASSWORD: &str = "OPENSEARCH_PASSWORD";
const METHOD: &str = "OPENSEARCH_AUTH_METHOD";
const REGION: &str = "OPENSEARCH_AWS_REGION";
const SERVICE: &str = "OPENSEARCH_AWS_SERVICE";

/// Looks at one cluster or collection.
pub(super) struct OpenSearch {
    server: Server,
    login: Login,
}

/// How Dify logs in.
enum Login {
    Password,
    /// With the key of the environment.
    Signed(Signer),
    /// With the key of the pod's or node's role, which only AWS' own client finds.
    Role,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(alias = "Message")]
    message: String,
}

/// What AWS says where it refuses a request.
pub(super) fn refusal(body: &str) -> Option<String> {
    let message = serde_json::from_str::<Refusal>(body).ok()?.message;
    Some(message.chars().take(200).collect())
}

impl OpenSearch {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        let host = env.text_or(HOST, "localhost")?;
        let host = if host.is_empty() { "localhost".to_owned() } else { host };
        if host.contains('/') || http::names_port(&host) {
            return Err(ConfigError::new(HOST, "holds a scheme, a port or a path")
                .hint("write the host alone; OPENSEARCH_SECURE and OPENSEARCH_PORT say the rest"));
        }
        let port = env.number::<u16>("OPENSEARCH_PORT", 9200)?;
        let secure = env.boolean("OPENSEARCH_SECURE", false)?;
        let verify = env.boolean("OPENSEARCH_VERIFY_CERTS", true)?;
        let tls = TlsOptions {
            verify: if verify { Verify::Full } else { Verify::Nothing },
            ..TlsOptions::default()
        };
        let scheme = if secure { "https" } else { "http" };
        let http = Http::new(HOST, &format!("{scheme}://{host}:{port}"), &tls)?;
        let managed = env.one_of(METHOD, "basic", &["basic", "aws_managed_iam"])? == "aws_managed_iam";
        let (login, key) =
            if managed { (by_role(env)?, None) } else { (Login::Password, Some(password(env)?)) };
        let server = Server {
            http,
            product: "OpenSearch",
            header: ("authorization", "Basic "),
            key,
            called: if managed { "role" } else { "password" },
            url_variable: HOST,
            key_variable: if managed {
                "the policy of the role"
            } else {
                "OPENSEARCH_USER and OPENSEARCH_PASSWORD"
            },
        };
        Ok(Self { server, login })
    }

    /// Nothing but the handshake can be tried without the key.
    async fn reach(&self) -> Result<Finding, Finding> {
        // A request without a signature is refused by AWS, and that answer comes from the right place.
        let reply = self.server.get("/").await?;
        let at = self.server.http.address();
        let product = if reply.status == 200 { "answers anybody" } else { "answers" };
        Ok(Finding::reachable(format!(
            "{at} {product} (HTTP {}); no key of AWS is in the environment, so whether the role of this pod may use it, only \
             AWS' own client can tell",
            reply.status
        )))
    }

    async fn signed(&self, signer: &Signer, path: &str) -> Result<Reply, Finding> {
        let request = self.server.http.request(Method::GET, path);
        let built = self.server.http.request(Method::GET, path).build();
        let Ok(built) = built else { return Err(self.server.not_the_product(path)) };
        self.server.http.send(signer.sign("GET", built.url(), request)).await
    }

    /// At AWS, whose front door knows the signature.
    async fn look_signed(&self, signer: &Signer) -> Result<Finding, Finding> {
        // A collection of OpenSearch Serverless has no root.
        let serverless = signer.service == "aoss";
        let path = if serverless { "/_cat/indices?format=json" } else { "/" };
        let reply = self.signed(signer, path).await?;
        let at = self.server.http.address();
        if reply.status == 403 {
            let why = refusal(&reply.body).unwrap_or_else(|| "without a reason".to_owned());
            return Err(Finding::suspect(Hop::Permission, format!("AWS does not let this key use {at}: {why}"))
                .code("HTTP 403")
                .hint(format!("check AWS_ACCESS_KEY_ID, the policy of its role, the access policy of the domain, and {REGION}")));
        }
        if reply.status != 200 {
            return Err(self.server.unexpected(&reply, path));
        }
        if serverless {
            return match serde_json::from_str::<Vec<serde_json::Value>>(&reply.body) {
                Ok(_) => Ok(Finding::ready(format!(
                    "the collection at {at} takes the key of AWS and lists its indices"
                ))),
                Err(_) => Err(self.server.not_the_product(path)),
            };
        }
        let about = search::about(&reply.body).ok_or_else(|| self.server.not_the_product(path))?;
        Ok(Finding::ready(format!("OpenSearch {} at {at} takes the key of AWS", about.version)))
    }
}

/// User and password; the client fails on one that is not set, not on one that is empty.
fn password(env: &Env) -> Result<Secret, ConfigError> {
    for name in [USER, PASSWORD] {
        if !env.is_set(name)? {
            let hint = format!("set {name}; a server without a login takes any");
            return Err(ConfigError::new(name, "is not set, and Dify's client fails without").hint(hint));
        }
    }
    let password = env.secret(PASSWORD)?.unwrap_or_else(|| Secret::new(""));
    Ok(http::basic(env, &env.text_or(USER, "")?, &password))
}

fn by_role(env: &Env) -> Result<Login, ConfigError> {
    let region = env.required(REGION)?;
    env.required(SERVICE)?;
    let service = env.one_of(SERVICE, "", &["es", "aoss"])?;
    Ok(Signer::read(env, &region, &service)?.map_or(Login::Role, Login::Signed))
}

impl Store for OpenSearch {
    fn target(&self) -> String {
        format!("opensearch {}", self.server.http.address())
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        match &self.login {
            Login::Role => return self.reach().await,
            Login::Signed(signer) => return self.look_signed(signer).await,
            Login::Password => {}
        }
        let (about, _) = search::ask_about(&self.server).await?;
        let at = self.server.http.address();
        if about.distribution != "opensearch" {
            let message =
                format!("{at} is Elasticsearch {} or one of its relatives, not OpenSearch", about.version);
            return Err(Finding::never(Hop::State, message).hint(
                "with Elasticsearch, set VECTOR_STORE to elasticsearch and the ELASTICSEARCH_ variables",
            ));
        }
        let mut warnings: Vec<String> = search::healthy(&self.server).await?.into_iter().collect();
        warnings.extend(search::has_plugin(&self.server, "knn", "opensearch-knn").await?);
        let message = format!("OpenSearch {} at {at} takes the password and can hold vectors", about.version);
        Ok(Finding { warnings, ..Finding::ready(message) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_dify_demands_is_named() {
        let basic = [(USER, "admin"), (PASSWORD, "pw")];
        assert!(OpenSearch::new(&Env::of(basic)).is_ok());
        for (more, key) in [
            (vec![(HOST, "https://os")], HOST),
            (vec![(HOST, "os:9200")], HOST),
            (vec![(METHOD, "iam")], METHOD),
            (vec![(METHOD, "aws_managed_iam")], REGION),
            (vec![(METHOD, "aws_managed_iam"), (REGION, "eu-west-1")], SERVICE),
            (vec![(METHOD, "aws_managed_iam"), (REGION, "eu-west-1"), (SERVICE, "s3")], SERVICE),
        ] {
            let env = Env::of_pairs(basic.into_iter().chain(more));
            assert_eq!(OpenSearch::new(&env).err().unwrap().key, key);
        }
        assert_eq!(OpenSearch::new(&Env::of([])).err().unwrap().key, USER);
    }

    #[test]
    fn the_reason_of_aws_is_read_however_it_is_spelled() {
        assert_eq!(refusal(r#"{"message":"no"}"#).as_deref(), Some("no"));
        assert_eq!(refusal(r#"{"Message":"no"}"#).as_deref(), Some("no"));
        assert_eq!(refusal("no"), None);
    }
}
