//! Qdrant: HTTP on 6333, and gRPC on 6334 where Dify is told to use it.

use preflight::tls::TlsOptions;
use preflight::{Address, ConfigError, Env, Finding, Hop};
use serde::Deserialize;

use super::grpc::{Answer, Grpc};
use super::http::{self, Server};
use super::store::Store;
use preflight::http::Http;

const URL: &str = "QDRANT_URL";
const DEFAULT_PORT: u16 = 6333;

/// Looks at one Qdrant.
pub(super) struct Qdrant {
    server: Server,
    grpc: Option<Grpc>,
}

#[derive(Deserialize)]
struct Collections {
    result: serde_json::Map<String, serde_json::Value>,
}

impl Qdrant {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        let url = env.required(URL)?;
        if url.starts_with("path:") {
            return Err(ConfigError::new(
                URL,
                "is a folder, which only one process can use and vector-probe cannot check",
            )
            .hint("use the URL of a Qdrant server"));
        }
        let http = Http::new(URL, &with_port(&url), &TlsOptions::default())?;
        let grpc = if env.boolean("QDRANT_GRPC_ENABLED", false)? {
            let port = env.number::<u16>("QDRANT_GRPC_PORT", 6334)?;
            let host = http.address().host.clone();
            let (address, hint) = (Address::new(host.clone(), port), "check QDRANT_GRPC_PORT");
            Some(if url.starts_with("https:") {
                Grpc::secure(address, &TlsOptions::default(), host, hint)?
            } else {
                Grpc::plain(address, hint)
            })
        } else {
            None
        };
        let server = Server {
            http,
            product: "Qdrant",
            header: ("api-key", ""),
            key: http::key(env, "QDRANT_API_KEY")?,
            called: "API key",
            url_variable: URL,
            key_variable: "QDRANT_API_KEY",
        };
        Ok(Self { server, grpc })
    }

    /// The same list from the second port.
    async fn list_by_grpc(&self, grpc: &Grpc) -> Result<(), Finding> {
        let key = self.server.key.iter().map(|key| ("api-key", key.reveal().to_owned()));
        let answer = grpc.call("/qdrant.Collections/List", &key.collect::<Vec<_>>(), &[]).await?;
        if answer.status == 0 { Ok(()) } else { Err(refused(&answer, grpc.address())) }
    }
}

/// What a status of the gRPC port means.
fn refused(answer: &Answer, at: &Address) -> Finding {
    let found = match answer.status {
        7 | 16 => Finding::suspect(Hop::Auth, format!("gRPC: Qdrant at {at} refuses the API key"))
            .hint("check QDRANT_API_KEY"),
        12 => {
            Finding::suspect(Hop::State, format!("gRPC: {at} is not Qdrant")).hint("check QDRANT_GRPC_PORT")
        }
        _ => Finding::not_yet(
            Hop::State,
            format!("gRPC: Qdrant at {at} does not list its collections: {}", answer.message),
        ),
    };
    found.code(answer.name())
}

/// Whether an answer of `/collections` is one.
pub(super) fn lists_collections(body: &str) -> bool {
    serde_json::from_str::<Collections>(body).is_ok_and(|listed| listed.result.contains_key("collections"))
}

/// The client library takes 6333 where a URL has no port, whatever the scheme.
fn with_port(url: &str) -> String {
    if http::names_port(url) {
        return url.to_owned();
    }
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    if scheme.is_empty() || authority.is_empty() {
        // Not a URL; the parser says so.
        return url.to_owned();
    }
    format!("{scheme}://{authority}:{DEFAULT_PORT}{path}")
}

impl Store for Qdrant {
    fn target(&self) -> String {
        format!("qdrant {}", self.server.http.address())
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let ready = self.server.get("/readyz").await?;
        // Before 1.5 there was no such path; the collections tell enough then.
        if !matches!(ready.status, 200 | 404) {
            return Err(self.server.unexpected(&ready, "/readyz"));
        }
        let reply = self.server.get_with_key("/collections").await?;
        if reply.status != 200 {
            return Err(self.server.unexpected(&reply, "/collections"));
        }
        if !lists_collections(&reply.body) {
            return Err(self.server.not_the_product("/collections"));
        }
        let at = self.server.http.address();
        let mut message = format!("Qdrant at {at} is ready and lists its collections");
        if let Some(grpc) = &self.grpc {
            self.list_by_grpc(grpc).await?;
            message.push_str(&format!(", by its gRPC port {} too", grpc.address()));
        }
        Ok(Finding::ready(message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_6333_unless_named() {
        for (url, address) in [
            ("http://qdrant", "qdrant:6333"),
            ("https://qdrant.example/", "qdrant.example:6333"),
            ("http://qdrant:80", "qdrant:80"),
            ("https://qdrant:443/prefix", "qdrant:443"),
        ] {
            let store = Qdrant::new(&Env::of([(URL, url)])).unwrap();
            assert_eq!(store.server.http.address().to_string(), address, "{url}");
        }
    }

    #[test]
    fn what_is_no_server_is_refused_by_name() {
        for url in ["", "qdrant:6333", "path:/data", "ftp://qdrant", "http://"] {
            assert_eq!(Qdrant::new(&Env::of([(URL, url)])).err().unwrap().key, URL, "{url}");
        }
        for (name, value) in [("QDRANT_GRPC_ENABLED", ""), ("QDRANT_GRPC_PORT", "x")] {
            let env = Env::of([(URL, "http://q"), ("QDRANT_GRPC_ENABLED", "true"), (name, value)]);
            assert_eq!(Qdrant::new(&env).err().unwrap().key, name);
        }
    }
}
