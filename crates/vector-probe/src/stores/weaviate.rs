//! Weaviate: HTTP, usually on 8080, and gRPC on 50051, which its client needs too.

use preflight::http::Http;
use preflight::tls::TlsOptions;
use preflight::{Address, ConfigError, Env, Finding, Hop};
use serde::Deserialize;

use super::grpc::{self, Grpc};
use super::http::{self, Server};
use super::store::Store;
use crate::needs::Dify;

const ENDPOINT: &str = "WEAVIATE_ENDPOINT";
const GRPC: &str = "WEAVIATE_GRPC_ENDPOINT";

/// Looks at one Weaviate.
pub(super) struct Weaviate {
    server: Server,
    grpc: Option<Grpc>,
    dify: Dify,
}

#[derive(Deserialize)]
struct Meta {
    version: String,
}

#[derive(Deserialize)]
struct OwnInfo {
    username: String,
    roles: Option<Vec<Role>>,
}

#[derive(Deserialize)]
struct Role {
    #[serde(default)]
    permissions: Vec<Permission>,
}

#[derive(Deserialize)]
struct Permission {
    action: String,
}

#[derive(Deserialize)]
struct Nodes {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    name: String,
    status: String,
}

/// The nodes in an answer of `/v1/nodes` that are not healthy, each with its state.
pub(super) fn sick_nodes(body: &str) -> Vec<String> {
    let nodes = serde_json::from_str::<Nodes>(body).map(|answer| answer.nodes).unwrap_or_default();
    let sick = nodes.into_iter().filter(|node| node.status != "HEALTHY");
    sick.map(|node| format!("{:?} ({})", node.name, node.status)).collect()
}

/// The version in an answer of `/v1/meta`.
pub(super) fn version(body: &str) -> Option<String> {
    serde_json::from_str(body).ok().map(|meta: Meta| meta.version)
}

/// The user in an answer of `/v1/users/own-info` that has roles, none of which lets it create collections.
pub(super) fn bound(body: &str) -> Option<String> {
    let info: OwnInfo = serde_json::from_str(body).ok()?;
    let permissions = info.roles?.into_iter().flat_map(|role| role.permissions);
    let mut actions = permissions.map(|permission| permission.action);
    let manages =
        actions.any(|action| matches!(action.as_str(), "create_collections" | "manage_collections"));
    (!manages).then_some(info.username)
}

impl Weaviate {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        let endpoint = env.required(ENDPOINT)?;
        let http = Http::new(ENDPOINT, &endpoint, &TlsOptions::default())?;
        // Only 1.10.1 can do without.
        let grpc = if env.boolean("WEAVIATE_GRPC_ENABLED", true)? {
            let secure = endpoint.trim_start().to_ascii_lowercase().starts_with("https:");
            Some(grpc(&env.text_or(GRPC, "")?, &http.address().host, secure)?)
        } else {
            None
        };
        let server = Server {
            http,
            product: "Weaviate",
            header: ("authorization", "Bearer "),
            key: http::key(env, "WEAVIATE_API_KEY")?,
            called: "API key",
            url_variable: ENDPOINT,
            key_variable: "WEAVIATE_API_KEY",
        };
        Ok(Self { server, grpc, dify: Dify::read(env)? })
    }

    async fn version(&self) -> Result<(String, Vec<String>), Finding> {
        let path = "/v1/meta";
        let reply = self.server.get_with_key(path).await?;
        if reply.status != 200 {
            return Err(self.server.unexpected(&reply, path));
        }
        let version = version(&reply.body).ok_or_else(|| self.server.not_the_product(path))?;
        let at = self.server.http.address().to_string();
        let warnings = self.dify.accepts("Weaviate", &version, &at)?;
        Ok((version, warnings))
    }

    /// Readiness and version may be asked by any key; making a collection may need a role.
    async fn rights(&self) -> Result<(), Finding> {
        let schema = self.server.get_with_key("/v1/schema").await?;
        if schema.status != 200 {
            return Err(self.server.unexpected(&schema, "/v1/schema"));
        }
        // Before 1.30 there was no such path.
        let own = self.server.get_with_key("/v1/users/own-info").await?;
        match bound(&own.body).filter(|_| own.status == 200) {
            Some(user) => Err(Finding::suspect(
                Hop::Permission,
                format!(
                    "Weaviate at {} knows the API key as user {user:?}, whose roles let it make no collections",
                    self.server.http.address()
                ),
            )
            .hint("give that user a role with create_collections, or check WEAVIATE_API_KEY")),
            None => Ok(()),
        }
    }

    /// A cluster works with a node less, so this is for a warning; who may not ask is told nothing.
    async fn sick_nodes(&self) -> Option<String> {
        let reply = self.server.get_with_key("/v1/nodes").await.ok()?;
        let sick = sick_nodes(&reply.body);
        (reply.status == 200 && !sick.is_empty())
            .then(|| format!("nodes of the cluster are not healthy: {}", sick.join(", ")))
    }

    /// What Dify's client asks first on the second port.
    async fn grpc_health(&self, grpc: &Grpc) -> Result<(), Finding> {
        let answer = grpc.call("/grpc.health.v1.Health/Check", &[], &[]).await?;
        if answer.status == 0 && grpc::is_serving(&answer.body) {
            return Ok(());
        }
        let message =
            format!("gRPC: Weaviate at {} says that it does not serve: {}", grpc.address(), answer.message);
        Err(Finding::not_yet(Hop::State, message.trim_end_matches([':', ' ']).to_owned()).code(answer.name()))
    }
}

/// Where and how gRPC is spoken, as Dify reads it.
fn grpc(text: &str, host: &str, http_is_secure: bool) -> Result<Grpc, ConfigError> {
    let (address, secure) = grpc_address(text, host, http_is_secure)?;
    let hint = format!("check {GRPC}, and that the server's gRPC port (50051) is published");
    if !secure {
        return Ok(Grpc::plain(address, hint));
    }
    let name = address.host.clone();
    Grpc::secure(address, &TlsOptions::default(), name, hint)
}

/// `grpc://host:port`, `grpcs://host:port` or `host:port`; unset, it is the host of the HTTP endpoint.
fn grpc_address(text: &str, host: &str, http_is_secure: bool) -> Result<(Address, bool), ConfigError> {
    let port = |secure: bool| if secure { 443 } else { 50051 };
    if text.is_empty() {
        return Ok((Address::new(host, port(http_is_secure)), http_is_secure));
    }
    let hint = "write it like grpc://host:50051, or grpcs:// with TLS";
    let (scheme, rest) = text.split_once("://").unwrap_or(("grpc", text));
    let secure = match scheme {
        "grpcs" => true,
        "grpc" | "http" => false,
        "https" => {
            let problem = "has the scheme https, which Dify takes for a port without TLS";
            return Err(ConfigError::new(GRPC, problem).hint(hint));
        }
        other => return Err(ConfigError::new(GRPC, format!("has the unknown scheme {other:?}")).hint(hint)),
    };
    let address = Address::parse(rest.trim_end_matches('/'), Some(port(secure)));
    address.map(|address| (address, secure)).map_err(|problem| ConfigError::new(GRPC, problem).hint(hint))
}

impl Store for Weaviate {
    fn target(&self) -> String {
        format!("weaviate {}", self.server.http.address())
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let path = "/v1/.well-known/ready";
        let ready = self.server.get(path).await?;
        if ready.status != 200 {
            return Err(self.server.unexpected(&ready, path));
        }
        let (version, mut warnings) = self.version().await?;
        self.rights().await?;
        warnings.extend(self.sick_nodes().await);
        let at = self.server.http.address();
        let mut message = format!("Weaviate {version} at {at} is ready and takes the credential");
        if let Some(grpc) = &self.grpc {
            self.grpc_health(grpc).await?;
            message.push_str(&format!(", and its gRPC port {} serves", grpc.address()));
        }
        Ok(Finding { warnings, ..Finding::ready(message) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grpc_address_follows_the_http_one_unless_named() {
        for (text, secure, expected) in [
            ("", false, ("weaviate:50051", false)),
            ("", true, ("weaviate:443", true)),
            ("grpc://other:1", true, ("other:1", false)),
            ("grpcs://other", false, ("other:443", true)),
            ("other", true, ("other:50051", false)),
        ] {
            let (address, is_secure) = grpc_address(text, "weaviate", secure).unwrap();
            assert_eq!((address.to_string().as_str(), is_secure), expected, "{text}");
        }
        for text in ["ftp://a", "grpc://", "grpc://a:b", "https://a"] {
            assert_eq!(grpc_address(text, "weaviate", false).unwrap_err().key, GRPC, "{text}");
        }
    }

    #[test]
    fn nodes_that_are_not_healthy_are_named() {
        let body = r#"{"nodes":[{"name":"a","status":"HEALTHY"},{"name":"b","status":"UNHEALTHY"}]}"#;
        assert_eq!(sick_nodes(body), ["\"b\" (UNHEALTHY)"]);
        assert!(sick_nodes("{}").is_empty() && sick_nodes("").is_empty());
    }

    #[test]
    fn a_user_is_bound_only_where_its_roles_say_so() {
        let with = |roles: &str| format!(r#"{{"groups":null,"username":"u","roles":{roles}}}"#);
        for (roles, expected) in [
            (r#"[{"name":"viewer","permissions":[{"action":"read_collections"}]}]"#, Some("u")),
            (
                r#"[{"name":"a","permissions":[]},{"name":"b","permissions":[{"action":"create_collections"}]}]"#,
                None,
            ),
            ("null", None),
        ] {
            assert_eq!(bound(&with(roles)).as_deref(), expected, "{roles}");
        }
        assert_eq!(bound("hello"), None);
    }

    #[test]
    fn what_is_no_server_is_refused_by_name() {
        for endpoint in ["", "weaviate:8080", "http://u:p@weaviate"] {
            assert_eq!(
                Weaviate::new(&Env::of([(ENDPOINT, endpoint)])).err().unwrap().key,
                ENDPOINT,
                "{endpoint}"
            );
        }
    }
}
