//! Upstash Vector: HTTPS with a token; an index is made there by hand.

use preflight::http::Http;
use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env, Finding};
use serde::Deserialize;

use super::http::{self, Server};
use super::store::Store;

const URL: &str = "UPSTASH_VECTOR_URL";
const TOKEN: &str = "UPSTASH_VECTOR_TOKEN";

/// Looks at one index.
pub(super) struct Upstash {
    server: Server,
}

#[derive(Deserialize)]
struct Info {
    result: About,
}

#[derive(Deserialize)]
struct About {
    dimension: u64,
}

/// How long the index' vectors are, from an answer of `/info`.
pub(super) fn dimension(body: &str) -> Option<u64> {
    serde_json::from_str::<Info>(body).ok().map(|info| info.result.dimension)
}

impl Upstash {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        let http = Http::new(URL, &env.required(URL)?, &TlsOptions::default())?;
        env.required_secret(TOKEN)?;
        let server = Server {
            http,
            product: "Upstash Vector",
            header: ("authorization", "Bearer "),
            key: http::key(env, TOKEN)?,
            called: "token",
            url_variable: URL,
            key_variable: TOKEN,
        };
        Ok(Self { server })
    }
}

impl Store for Upstash {
    fn target(&self) -> String {
        format!("upstash {}", self.server.http.address())
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let path = "/info";
        let reply = self.server.get_with_key(path).await?;
        if reply.status != 200 {
            return Err(self.server.unexpected(&reply, path));
        }
        let dimension = dimension(&reply.body).ok_or_else(|| self.server.not_the_product(path))?;
        let at = self.server.http.address();
        Ok(Finding::ready(format!(
            "the index of Upstash Vector at {at} takes the token; it holds vectors of {dimension} numbers, and so must the \
             embedding model give"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        assert_eq!(dimension(r#"{"result":{"vectorCount":0,"dimension":1536}}"#), Some(1536));
        assert!(dimension(r#"{"error":"Unauthorized"}"#).is_none() && dimension("").is_none());
        assert_eq!(Upstash::new(&Env::of([])).err().unwrap().key, URL);
        assert_eq!(Upstash::new(&Env::of([(URL, "https://x")])).err().unwrap().key, TOKEN);
    }
}
