//! `TiDB` Cloud behind Qdrant's API: Dify makes a cluster for each workspace through `TiDB` Cloud's own API.

use preflight::http::{Http, Method, Reply};
use preflight::tls::TlsOptions;
use preflight::{Address, ConfigError, Env, Finding, Hop, Secret, net};

use super::digest::Challenge;
use super::http;
use super::store::Store;

const URL: &str = "TIDB_ON_QDRANT_URL";
const API: &str = "TIDB_API_URL";
const PUBLIC: &str = "TIDB_PUBLIC_KEY";
const PRIVATE: &str = "TIDB_PRIVATE_KEY";

/// Looks at both APIs.
pub(super) struct TidbOnQdrant {
    qdrant: Http,
    cloud: Http,
    path: String,
    public: Secret,
    private: Secret,
    key: Option<Secret>,
    grpc: Option<Address>,
}

impl TidbOnQdrant {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        let qdrant = Http::new(URL, &env.required(URL)?, &TlsOptions::default())?;
        let api = env.required(API)?;
        let cloud = Http::new(API, &api, &TlsOptions::default())?;
        let required = |name| {
            http::key(env, name)?.ok_or_else(|| {
                ConfigError::new(name, "is not set or empty").hint(format!("set {name} or {name}_FILE"))
            })
        };
        env.text_or("TIDB_PROJECT_ID", "")?;
        env.text_or("TIDB_REGION", "regions/aws-us-east-1")?;
        let grpc = if env.boolean("TIDB_ON_QDRANT_GRPC_ENABLED", false)? {
            let port = env.number("TIDB_ON_QDRANT_GRPC_PORT", 6334)?;
            Some(Address::new(qdrant.address().host.clone(), port))
        } else {
            None
        };
        let (_, rest) = api.split_once("://").unwrap_or(("", &api));
        let prefix = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default();
        Ok(Self {
            path: format!("{}/clusters?pageSize=1", prefix.trim_end_matches('/')),
            qdrant,
            cloud,
            public: required(PUBLIC)?,
            private: required(PRIVATE)?,
            key: http::key(env, "TIDB_ON_QDRANT_API_KEY")?,
            grpc,
        })
    }

    /// The private key never goes over the wire: the API asks for a proof of it.
    async fn clusters(&self) -> Result<Reply, Finding> {
        let ask = || self.cloud.request(Method::GET, "/clusters?pageSize=1");
        let first = self.cloud.send(ask()).await?;
        let challenge = first.headers.get("www-authenticate").and_then(|header| header.to_str().ok());
        let Some(challenge) = challenge.filter(|_| first.status == 401).and_then(Challenge::parse) else {
            return Ok(first);
        };
        let (user, password) = (self.public.reveal(), self.private.reveal());
        let proof = challenge.answer("GET", &self.path, user, password);
        self.cloud.send(ask().header("authorization", proof)).await
    }

    fn refused(&self, reply: &Reply) -> Finding {
        let at = self.cloud.address();
        let found = match reply.status {
            401 => Finding::suspect(Hop::Auth, format!("TiDB Cloud at {at} refuses the API key"))
                .hint(format!("check {PUBLIC} and {PRIVATE}")),
            403 => Finding::suspect(
                Hop::Permission,
                format!("TiDB Cloud at {at} does not let the API key list clusters"),
            )
            .hint("give the key the role of a project owner"),
            429 | 500..=599 => Finding::not_yet(Hop::State, format!("TiDB Cloud at {at} is not ready")),
            300..=399 => Finding::suspect(Hop::Proxy, format!("{at} sends requests elsewhere"))
                .hint(format!("check {API}")),
            _ => Finding::suspect(Hop::State, format!("{at} does not answer like TiDB Cloud"))
                .hint(format!("check {API}, which ends in the version, as in /v1beta1")),
        };
        found.code(format!("HTTP {}", reply.status))
    }

    /// Every workspace has a key of its own, so a refusal proves as much as a list.
    async fn qdrant(&self) -> Result<&'static str, Finding> {
        let mut request = self.qdrant.request(Method::GET, "/collections");
        if let Some(key) = &self.key {
            request = request.header("api-key", key.reveal());
        }
        let reply = self.qdrant.send(request).await?;
        let at = self.qdrant.address();
        match reply.status {
            200 => Ok("lists its collections"),
            401 | 403 => Ok("asks for the key of a workspace, as it should"),
            429 | 500..=599 => {
                Err(Finding::not_yet(Hop::State, format!("Qdrant's API at {at} is not ready"))
                    .code(format!("HTTP {}", reply.status)))
            }
            _ => Err(Finding::suspect(Hop::State, format!("{at} does not answer like Qdrant"))
                .code(format!("HTTP {}", reply.status))
                .hint(format!("check {URL}"))),
        }
    }
}

impl Store for TidbOnQdrant {
    fn target(&self) -> String {
        format!("tidb_on_qdrant {}", self.qdrant.address())
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let reply = self.clusters().await?;
        let listed = serde_json::from_str::<serde_json::Value>(&reply.body);
        if reply.status != 200 || !listed.is_ok_and(|listed| listed.is_object()) {
            return Err(self.refused(&reply));
        }
        let how = self.qdrant().await?;
        if let Some(grpc) = &self.grpc {
            net::connect(grpc).await.map_err(|finding| {
                let message = format!("gRPC: {}", finding.message);
                Finding { message, ..finding }.hint("check TIDB_ON_QDRANT_GRPC_PORT")
            })?;
        }
        Ok(Finding::ready(format!(
            "TiDB Cloud at {} takes the API key, Qdrant's API at {} {how}; the keys of the workspaces' own clusters were not tried",
            self.cloud.address(),
            self.qdrant.address()
        )))
    }
}
