//! Weaviate: HTTP, usually on 8080, and gRPC on 50051, which its client needs too.

use preflight::http::Http;
use preflight::tls::TlsOptions;
use preflight::{Address, ConfigError, Env, Finding};
use serde::Deserialize;

use super::grpc;
use super::http::{self, Server};
use super::store::Store;
use crate::needs::Dify;

const ENDPOINT: &str = "WEAVIATE_ENDPOINT";
const GRPC: &str = "WEAVIATE_GRPC_ENDPOINT";

/// Looks at one Weaviate.
pub(super) struct Weaviate {
    server: Server,
    grpc: Option<Address>,
    dify: Dify,
}

#[derive(Deserialize)]
struct Meta {
    version: String,
}

impl Weaviate {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        let endpoint = env.required(ENDPOINT)?;
        let http = Http::new(ENDPOINT, &endpoint, &TlsOptions::default())?;
        // Only 1.10.1 can do without.
        let grpc = if env.boolean("WEAVIATE_GRPC_ENABLED", true)? {
            let secure = endpoint.trim_start().to_ascii_lowercase().starts_with("https:");
            Some(grpc_address(&env.text_or(GRPC, "")?, &http.address().host, secure)?)
        } else {
            None
        };
        let server = Server {
            http,
            product: "Weaviate",
            header: ("authorization", "Bearer "),
            key: http::key(env, "WEAVIATE_API_KEY")?,
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
        let Ok(Meta { version }) = serde_json::from_str(&reply.body) else {
            return Err(self.server.not_the_product(path));
        };
        let at = self.server.http.address().to_string();
        let warnings = self.dify.accepts("Weaviate", &version, &at)?;
        Ok((version, warnings))
    }
}

/// `grpc://host:port`, `grpcs://host:port` or `host:port`; unset, it is the host of the HTTP endpoint.
fn grpc_address(text: &str, host: &str, secure: bool) -> Result<Address, ConfigError> {
    let port = |secure: bool| if secure { 443 } else { 50051 };
    if text.is_empty() {
        return Ok(Address::new(host, port(secure)));
    }
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let secure = match scheme.to_ascii_lowercase().as_str() {
        "grpcs" | "https" => true,
        "" | "grpc" | "http" => false,
        other => {
            return Err(ConfigError::new(GRPC, format!("has the unknown scheme {other:?}"))
                .hint("write it like grpc://host:50051"));
        }
    };
    Address::parse(rest.trim_end_matches('/'), Some(port(secure)))
        .map_err(|problem| ConfigError::new(GRPC, problem).hint("write it like grpc://host:50051"))
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
        let (version, warnings) = self.version().await?;
        // Readiness and version may be asked by anybody; the schema may not.
        let schema = self.server.get_with_key("/v1/schema").await?;
        if schema.status != 200 {
            return Err(self.server.unexpected(&schema, "/v1/schema"));
        }
        let at = self.server.http.address();
        let Some(grpc) = &self.grpc else {
            let message = format!("Weaviate {version} at {at} is ready and shows its schema");
            return Ok(Finding { warnings, ..Finding::ready(message) });
        };
        let hint = format!("check {GRPC}, and that the server's gRPC port (50051) is published");
        let grpc = grpc::accepts(grpc, &hint).await?;
        let message = format!("Weaviate {version} at {at} is ready and shows its schema; {grpc}");
        Ok(Finding { warnings, ..Finding::ready(message) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grpc_address_follows_the_http_one_unless_named() {
        for (text, secure, address) in [
            ("", false, "weaviate:50051"),
            ("", true, "weaviate:443"),
            ("grpc://other:1", false, "other:1"),
            ("grpcs://other", false, "other:443"),
            ("other", true, "other:50051"),
        ] {
            assert_eq!(grpc_address(text, "weaviate", secure).unwrap().to_string(), address, "{text}");
        }
        for text in ["ftp://a", "grpc://", "grpc://a:b"] {
            assert_eq!(grpc_address(text, "weaviate", false).unwrap_err().key, GRPC, "{text}");
        }
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
