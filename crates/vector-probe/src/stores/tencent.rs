//! Tencent Cloud `VectorDB`: gRPC without TLS, usually on 80.

use preflight::{Address, ConfigError, Env, Finding, Hop, Secret};

use super::grpc::{self, Grpc, Value};
use super::store::Store;

const URL: &str = "TENCENT_VECTOR_DB_URL";
const KEY: &str = "TENCENT_VECTOR_DB_API_KEY";
const USER: &str = "TENCENT_VECTOR_DB_USERNAME";

/// Looks at one instance.
pub(super) struct Tencent {
    grpc: Grpc,
    /// `Bearer account=...&api_key=...`.
    proof: Secret,
    database: String,
}

/// Code and text in an answer; nothing if it holds neither.
pub(super) fn status(body: &[u8]) -> Option<(u64, String)> {
    if grpc::fields(body).is_empty() {
        return None;
    }
    let code = grpc::field(body, 1).and_then(Value::number).unwrap_or_default();
    let text = grpc::field(body, 2).map(Value::text).unwrap_or_default();
    Some((code, text.chars().take(200).collect()))
}

impl Tencent {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        let url = env.required(URL)?;
        // The client strips the scheme and never speaks TLS.
        let address = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")).unwrap_or(&url);
        let address = Address::parse(address.trim_end_matches('/'), Some(80))
            .map_err(|problem| ConfigError::new(URL, problem).hint("write it like http://host:port"))?;
        let key = env.required_secret(KEY)?;
        let user = env.text_or(USER, "")?;
        if user.is_empty() {
            return Err(ConfigError::new(USER, "is not set or empty").hint("it is root at a new instance"));
        }
        super::http::key(env, KEY)?;
        let proof = Secret::new(format!("Bearer account={user}&api_key={}", key.reveal()));
        env.learn(&proof);
        let database = env.text_or("TENCENT_VECTOR_DB_DATABASE", "")?;
        Ok(Self { grpc: Grpc::plain(address, format!("check {URL}")), proof, database })
    }
}

impl Store for Tencent {
    fn target(&self) -> String {
        format!("tencent {}/{}", self.grpc.address(), self.database)
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let headers =
            [("authorization", self.proof.reveal().to_owned()), ("backend-service", "vdb".to_owned())];
        let answer = self.grpc.call("/database/list", &headers, &[]).await?;
        let at = self.grpc.address();
        let refused = |text: &str| {
            Finding::suspect(Hop::Auth, format!("Tencent VectorDB at {at} refuses the credential: {text}"))
                .hint(format!("check {USER} and {KEY}"))
        };
        match answer.status {
            0 => {}
            7 | 16 => return Err(refused(&answer.message).code(answer.name())),
            12 => {
                let message = format!("{at} speaks gRPC, but is not Tencent VectorDB");
                return Err(Finding::suspect(Hop::State, message)
                    .code(answer.name())
                    .hint(format!("check {URL}")));
            }
            _ => {
                let message = format!("Tencent VectorDB at {at} is not ready: {}", answer.message);
                return Err(Finding::not_yet(Hop::State, message).code(answer.name()));
            }
        }
        match status(&answer.body) {
            None => {
                let message = format!("{at} answers in gRPC, but not like Tencent VectorDB");
                Err(Finding::suspect(Hop::State, message).hint(format!("check {URL}")))
            }
            Some((0, _)) => Ok(Finding::ready(format!(
                "Tencent VectorDB at {at} takes the credential and lists its databases"
            ))),
            Some((code, text)) => {
                let lower = text.to_ascii_lowercase();
                let about_key =
                    ["auth", "account", "api_key", "permission"].iter().any(|word| lower.contains(word));
                let found = if about_key {
                    refused(&text)
                } else {
                    Finding::suspect(
                        Hop::State,
                        format!("Tencent VectorDB at {at} does not list its databases: {text}"),
                    )
                };
                Err(found.code(code.to_string()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_that_of_difys_client() {
        let of = |url| {
            let env =
                Env::of([(URL, url), (KEY, "k"), (USER, "root"), ("TENCENT_VECTOR_DB_DATABASE", "dify")]);
            Tencent::new(&env).map(|store| store.target())
        };
        assert_eq!(of("http://10.0.0.1").unwrap(), "tencent 10.0.0.1:80/dify");
        assert_eq!(of("https://x:8100/").unwrap(), "tencent x:8100/dify");
        assert_eq!(of("").unwrap_err().key, URL);
        assert_eq!(Tencent::new(&Env::of([(URL, "http://x"), (KEY, "k")])).err().unwrap().key, USER);
    }

    #[test]
    fn answers_are_read() {
        let mut body = vec![0x08, 0x01];
        body.extend(grpc::text_field(2, "no"));
        assert_eq!(status(&body), Some((1, "no".to_owned())));
        assert_eq!(status(&[]), None);
    }
}
