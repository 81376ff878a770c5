//! Couchbase: its client speaks a protocol of its own; what can be asked in HTTP is asked at the management port, 8091,
//! or 18091 with TLS.

use preflight::http::{Http, Reply};
use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env, Finding, Hop};
use serde::Deserialize;

use super::http::{self, Server};
use super::store::Store;

const STRING: &str = "COUCHBASE_CONNECTION_STRING";
const BUCKET: &str = "COUCHBASE_BUCKET_NAME";
const SCOPE: &str = "COUCHBASE_SCOPE_NAME";

/// Looks at one bucket of one cluster.
pub(super) struct Couchbase {
    /// One for each host; the first that answers counts, as for the client.
    servers: Vec<Server>,
    bucket: String,
    scope: String,
}

#[derive(Deserialize)]
struct Scopes {
    scopes: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Services {
    #[serde(rename = "nodesExt")]
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    #[serde(default)]
    services: serde_json::Map<String, serde_json::Value>,
}

/// Whether an answer of `.../scopes` names a scope.
pub(super) fn has_scope(body: &str, scope: &str) -> Option<bool> {
    let scopes = serde_json::from_str::<Scopes>(body).ok()?.scopes;
    Some(scopes.iter().any(|found| found.name == scope))
}

/// The services of these that no node of an answer of `/pools/default/nodeServices` runs.
pub(super) fn lacks(body: &str, wanted: &[(&str, &'static str)]) -> Option<Vec<&'static str>> {
    let nodes = serde_json::from_str::<Services>(body).ok()?.nodes;
    let runs = |service: &str| nodes.iter().any(|node| node.services.contains_key(service));
    Some(wanted.iter().filter(|(service, _)| !runs(service)).map(|(_, name)| *name).collect())
}

impl Couchbase {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        let string = env.required(STRING)?;
        let (user, password) = (env.required("COUCHBASE_USER")?, env.required_secret("COUCHBASE_PASSWORD")?);
        let (bucket, scope) = (env.required(BUCKET)?, env.required(SCOPE)?);
        let servers = bases(&string)?.into_iter().map(|base| {
            Ok(Server {
                http: Http::new(STRING, &base, &TlsOptions::default())?,
                product: "Couchbase",
                header: ("authorization", "Basic "),
                key: Some(http::basic(env, &user, &password)),
                called: "password",
                url_variable: STRING,
                key_variable: "COUCHBASE_USER and COUCHBASE_PASSWORD",
            })
        });
        Ok(Self { servers: servers.collect::<Result<_, _>>()?, bucket, scope })
    }

    async fn ask(&self, server: &Server) -> Result<Finding, Finding> {
        let encoded = percent_encoding::utf8_percent_encode(&self.bucket, percent_encoding::NON_ALPHANUMERIC);
        let path = format!("/pools/default/buckets/{encoded}");
        let reply = server.get_with_key(&path).await?;
        let at = server.http.address();
        if reply.status == 404 && reply.body.contains("not found") {
            return Err(Finding::suspect(
                Hop::State,
                format!("there is no bucket {:?} at {at}", self.bucket),
            )
            .code("HTTP 404")
            .hint(format!("create it, or check {BUCKET}")));
        }
        if reply.status != 200 {
            return Err(server.unexpected(&reply, &path));
        }
        let path = format!("{path}/scopes");
        let reply = server.get_with_key(&path).await?;
        match has_scope(&reply.body, &self.scope) {
            Some(true) => {}
            Some(false) => {
                let message = format!("bucket {:?} at {at} has no scope {:?}", self.bucket, self.scope);
                return Err(
                    Finding::suspect(Hop::State, message).hint(format!("create it, or check {SCOPE}"))
                );
            }
            None => return Err(strange(server, &reply, &path)),
        }
        let path = "/pools/default/nodeServices";
        let reply = server.get_with_key(path).await?;
        let wanted = [("kv", "data"), ("n1ql", "query"), ("fts", "search")];
        let missing = lacks(&reply.body, &wanted).ok_or_else(|| strange(server, &reply, path))?;
        if !missing.is_empty() {
            let missing = missing.join(" and ");
            return Err(Finding::never(
                Hop::State,
                format!("no node of Couchbase at {at} runs the service {missing}"),
            )
            .hint("add a node with it: Dify needs data, query and search"));
        }
        Ok(Finding::ready(format!(
            "Couchbase at {at} takes the password, has scope {:?} in bucket {:?}, and runs data, query and search",
            self.scope, self.bucket
        )))
    }
}

fn strange(server: &Server, reply: &Reply, path: &str) -> Finding {
    if reply.status == 200 { server.not_the_product(path) } else { server.unexpected(reply, path) }
}

/// The addresses of the management port, from a connection string: `couchbases://a,b:11210?timeout=1`.
fn bases(string: &str) -> Result<Vec<String>, ConfigError> {
    let hint = "write it like couchbase://host, or couchbases://host with TLS";
    let problem = |problem: &str| ConfigError::new(STRING, problem).hint(hint);
    let (scheme, rest) = string.split_once("://").unwrap_or(("couchbase", string));
    let (scheme, port) = match scheme {
        "couchbase" => ("http", 8091),
        "couchbases" => ("https", 18091),
        _ => return Err(problem("has an unknown scheme")),
    };
    let hosts = rest.split(['/', '?']).next().unwrap_or_default();
    if hosts.contains('@') {
        return Err(problem("holds a user or password"));
    }
    let mut bases = Vec::new();
    for host in hosts.split(',') {
        let (host, kind) = host.split_once('=').unwrap_or((host, "kv"));
        let (host, named) = match host.rsplit_once(':').filter(|_| http::names_port(host)) {
            Some((host, named)) => (host, named.parse::<u16>().ok()),
            None => (host, None),
        };
        if host.is_empty() {
            return Err(problem("has no host"));
        }
        // A port in it is that of the client's protocol, unless it says otherwise.
        let port = named.filter(|_| matches!(kind, "http" | "manager")).unwrap_or(port);
        bases.push(format!("{scheme}://{host}:{port}"));
    }
    Ok(bases)
}

impl Store for Couchbase {
    fn target(&self) -> String {
        let hosts: Vec<String> =
            self.servers.iter().map(|server| server.http.address().to_string()).collect();
        format!("couchbase {}/{}", hosts.join(","), self.bucket)
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let mut last = None;
        for server in &self.servers {
            match self.ask(server).await {
                Err(finding) if finding.hop == Hop::Dns && self.servers.len() == 1 => {
                    // Capella names a cluster by service records alone.
                    let hint = "name one of the nodes, which the client takes too: service records, by which Couchbase \
                                Capella names a cluster, are not looked up here";
                    last = Some(finding.hint(hint));
                }
                Err(finding) if matches!(finding.hop, Hop::Dns | Hop::Tcp) => last = Some(finding),
                answer => return answer,
            }
        }
        Err(last.unwrap_or_else(|| Finding::never(Hop::Config, "no host is named")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_management_port_follows_the_scheme() {
        for (string, expected) in [
            ("couchbase://cb", &["http://cb:8091"][..]),
            ("cb", &["http://cb:8091"]),
            ("couchbases://cb.cloud.couchbase.com?timeout=1", &["https://cb.cloud.couchbase.com:18091"]),
            ("couchbase://a:11210,b", &["http://a:8091", "http://b:8091"]),
            ("couchbase://a:9000=http", &["http://a:9000"]),
        ] {
            assert_eq!(bases(string).unwrap(), expected, "{string}");
        }
        for string in ["http://cb", "couchbase://", "couchbase://u:p@cb", "couchbase://a,,b"] {
            assert_eq!(bases(string).unwrap_err().key, STRING, "{string}");
        }
    }

    #[test]
    fn answers_are_read() {
        let body = r#"{"uid":"0","scopes":[{"name":"_default","uid":"0","collections":[]}]}"#;
        assert_eq!(
            (has_scope(body, "_default"), has_scope(body, "dify"), has_scope("x", "dify")),
            (Some(true), Some(false), None)
        );
        let body = r#"{"nodesExt":[{"services":{"mgmt":8091,"kv":11210}},{"services":{"fts":8094}}]}"#;
        assert_eq!(lacks(body, &[("kv", "data"), ("n1ql", "query"), ("fts", "search")]).unwrap(), ["query"]);
        assert!(lacks("[]", &[]).is_none());
    }
}
