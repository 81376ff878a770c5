//! Baidu `VectorDB` (Mochow): HTTP, usually on 5287.

use preflight::http::{Http, Method};
use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env, Finding, Hop, Secret};
use serde::Deserialize;

use super::http::{self, Server};
use super::store::Store;

const ENDPOINT: &str = "BAIDU_VECTOR_DB_ENDPOINT";
const ACCOUNT: &str = "BAIDU_VECTOR_DB_ACCOUNT";
const KEY: &str = "BAIDU_VECTOR_DB_API_KEY";

/// Looks at one instance.
pub(super) struct Baidu {
    server: Server,
    database: String,
}

#[derive(Deserialize)]
struct Reply {
    #[serde(default)]
    code: i64,
    #[serde(default)]
    msg: String,
    databases: Option<Vec<String>>,
}

/// Code, text, and the databases in an answer.
pub(super) fn read(body: &str) -> Option<(i64, String, Option<Vec<String>>)> {
    let Reply { code, msg, databases } = serde_json::from_str(body).ok()?;
    Some((code, msg.chars().take(200).collect(), databases))
}

impl Baidu {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        let http = Http::new(ENDPOINT, &env.required(ENDPOINT)?, &TlsOptions::default())?;
        let (account, key) = (env.required(ACCOUNT)?, env.required_secret(KEY)?);
        http::key(env, KEY)?;
        let proof = Secret::new(format!("account={account}&api_key={}", key.reveal()));
        env.learn(&proof);
        let server = Server {
            http,
            product: "Baidu VectorDB",
            header: ("authorization", "Bearer "),
            key: Some(proof),
            called: "API key",
            url_variable: ENDPOINT,
            key_variable: "BAIDU_VECTOR_DB_ACCOUNT and BAIDU_VECTOR_DB_API_KEY",
        };
        Ok(Self { server, database: env.required("BAIDU_VECTOR_DB_DATABASE")? })
    }
}

impl Store for Baidu {
    fn target(&self) -> String {
        format!("baidu {}/{}", self.server.http.address(), self.database)
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let path = "/v1/database?list";
        let reply = self.server.http.send(self.server.request_with_key(Method::POST, path)).await?;
        let at = self.server.http.address();
        let Some((code, text, databases)) = read(&reply.body) else {
            let strange = reply.status == 200;
            return Err(if strange {
                self.server.not_the_product(path)
            } else {
                self.server.unexpected(&reply, path)
            });
        };
        let found = match (code, databases) {
            (0, Some(databases)) => {
                let ready = Finding::ready(format!(
                    "Baidu VectorDB at {at} takes the API key and lists its databases"
                ));
                if databases.contains(&self.database) {
                    return Ok(ready);
                }
                return Ok(
                    ready.warning(format!("there is no database {:?} yet; Dify makes it", self.database))
                );
            }
            (0, None) if reply.status == 200 => return Err(self.server.not_the_product(path)),
            (0, None) => return Err(self.server.unexpected(&reply, path)),
            // USER_NOT_EXIST and AUTHENTICATION_FAILED.
            (20 | 24, _) => {
                Finding::suspect(Hop::Auth, format!("Baidu VectorDB at {at} refuses the API key: {text}"))
                    .hint(format!("check {ACCOUNT} and {KEY}"))
            }
            (25, _) => Finding::suspect(
                Hop::Permission,
                format!("Baidu VectorDB at {at} does not let this account list databases"),
            )
            .hint("give the account a role that may create and use databases"),
            _ => Finding::not_yet(Hop::State, format!("Baidu VectorDB at {at} is not ready: {text}")),
        };
        Err(found.code(code.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        let (code, _, databases) = read(r#"{"code":0,"msg":"Success","databases":["dify"]}"#).unwrap();
        assert_eq!((code, databases.unwrap()), (0, vec!["dify".to_owned()]));
        assert_eq!(read(r#"{"code":24,"msg":"no"}"#).unwrap().0, 24);
        assert!(read("hello").is_none());
    }
}
