//! `VikingDB` at Volcengine: HTTP with signed requests.

use preflight::http::{Http, Method, Reply};
use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env, Finding, Hop, Secret};
use serde::Deserialize;

use super::http;
use super::signing::{compact, hex, hmac_sha256, now, sha256};
use super::store::Store;

const HOST: &str = "VIKINGDB_HOST";
const ACCESS_KEY: &str = "VIKINGDB_ACCESS_KEY";
const SECRET_KEY: &str = "VIKINGDB_SECRET_KEY";
const REGION: &str = "VIKINGDB_REGION";
/// What the service calls itself in a signature.
const SERVICE: &str = "air";

/// Looks at one account in one region.
pub(super) struct VikingDb {
    http: Http,
    host: String,
    region: String,
    access_key: Secret,
    secret_key: Secret,
}

/// A refusal.
#[derive(Default, Deserialize)]
struct Refusal {
    #[serde(default)]
    code: i64,
    #[serde(default)]
    message: String,
}

impl VikingDb {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        let scheme = env.one_of("VIKINGDB_SCHEME", "http", &["http", "https"])?;
        let host = env.text_or(HOST, "api-vikingdb.mlp.cn-shanghai.volces.com")?;
        if host.is_empty() || host.contains('/') {
            return Err(ConfigError::new(HOST, "is no host").hint("write it without a scheme or path"));
        }
        let http = Http::new(HOST, &format!("{scheme}://{host}"), &TlsOptions::default())?;
        let key = |name| {
            http::key(env, name)?.ok_or_else(|| {
                ConfigError::new(name, "is not set or empty").hint(format!("set {name} or {name}_FILE"))
            })
        };
        // The client library signs with the port only where it is an unusual one.
        let host = host.trim_end_matches(":80").trim_end_matches(":443").to_owned();
        Ok(Self {
            http,
            host,
            region: env.text_or(REGION, "cn-shanghai")?,
            access_key: key(ACCESS_KEY)?,
            secret_key: key(SECRET_KEY)?,
        })
    }

    /// Asks with a signature.
    async fn get(&self, path: &str) -> Result<Reply, Finding> {
        let (body, time) = ("{}", compact(&now()));
        let hash = sha256(body.as_bytes());
        let authorization = self.authorization(path, &time, &hash);
        let request = self.http.request(Method::GET, path).body(body);
        let request = request.header("accept", "application/json").header("content-type", "application/json");
        let request = request.header("x-content-sha256", hash).header("x-date", time);
        self.http.send(request.header("authorization", authorization)).await
    }

    fn authorization(&self, path: &str, time: &str, hash: &str) -> String {
        const SIGNED: &str = "content-type;host;x-content-sha256;x-date";
        let headers = format!(
            "content-type:application/json\nhost:{}\nx-content-sha256:{hash}\nx-date:{time}\n",
            self.host
        );
        let canonical = format!("GET\n{path}\n\n{headers}\n{SIGNED}\n{hash}");
        let date = time.get(..8).unwrap_or_default();
        let scope = format!("{date}/{}/{SERVICE}/request", self.region);
        let text = format!("HMAC-SHA256\n{time}\n{scope}\n{}", sha256(canonical.as_bytes()));
        let mut key = hmac_sha256(self.secret_key.reveal().as_bytes(), date);
        for part in [self.region.as_str(), SERVICE, "request"] {
            key = hmac_sha256(&key, part);
        }
        let signature = hex(&hmac_sha256(&key, &text));
        let access_key = self.access_key.reveal();
        format!("HMAC-SHA256 Credential={access_key}/{scope}, SignedHeaders={SIGNED}, Signature={signature}")
    }

    fn refused(&self, reply: &Reply) -> Finding {
        let at = self.http.address();
        let Refusal { code, message } = serde_json::from_str(&reply.body).unwrap_or_default();
        let found = match (code, reply.status) {
            (1_000_001, _) | (0, 401) => {
                Finding::suspect(Hop::Auth, format!("VikingDB at {at} refuses the access key: {message}"))
                    .hint(format!("check {ACCESS_KEY}, {SECRET_KEY} and {REGION}, and this node's clock"))
            }
            (1_000_002, _) | (0, 403) => Finding::suspect(
                Hop::Permission,
                format!("the access key may not list collections of VikingDB at {at}: {message}"),
            )
            .hint("give its user the policy VikingdbFullAccess"),
            (1_000_032, _) => Finding::suspect(
                Hop::State,
                format!("the account has not ordered VikingDB at {at}: {message}"),
            )
            .hint(format!("open the service in this region, or check {REGION} and {HOST}")),
            (1_000_033, _) => {
                Finding::suspect(Hop::State, format!("the account of VikingDB at {at} is overdue: {message}"))
                    .hint("pay the bill")
            }
            (1_000_029, _) | (_, 429 | 500..=599) => {
                Finding::not_yet(Hop::State, format!("VikingDB at {at} is not ready: {message}"))
            }
            (0, _) => Finding::suspect(Hop::State, format!("{at} does not answer like VikingDB"))
                .hint(format!("check {HOST} and VIKINGDB_SCHEME")),
            _ => Finding::suspect(Hop::State, format!("VikingDB at {at}: {message}")),
        };
        let code = if code == 0 { format!("HTTP {}", reply.status) } else { code.to_string() };
        found.code(code)
    }
}

impl Store for VikingDb {
    fn target(&self) -> String {
        format!("vikingdb {}", self.http.address())
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        // The client library does not start where this first question is not answered.
        for path in ["/api/viking_db/data/ping", "/api/collection/list"] {
            let reply = self.get(path).await?;
            if reply.status != 200 {
                return Err(self.refused(&reply));
            }
            let answer = serde_json::from_str::<serde_json::Value>(&reply.body);
            if !answer.is_ok_and(|answer| answer.is_object()) {
                let message = format!("{} does not answer {path} like VikingDB", self.http.address());
                return Err(Finding::suspect(Hop::State, message).hint(format!("check {HOST}")));
            }
        }
        let (at, region) = (self.http.address(), &self.region);
        Ok(Finding::ready(format!(
            "VikingDB at {at} in {region} takes the access key and lists its collections"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_signed_as_the_client_library_does() {
        let env = Env::of([(HOST, "viking.example"), (ACCESS_KEY, "AK"), (SECRET_KEY, "SK")]);
        let hash = sha256(b"{}");
        let signed =
            VikingDb::new(&env).unwrap().authorization("/api/collection/list", "20261123T170000Z", &hash);
        // Made with volcengine 1.0.229 for the same request.
        let expected = "HMAC-SHA256 Credential=AK/20261123/cn-shanghai/air/request, \
            SignedHeaders=content-type;host;x-content-sha256;x-date, Signature=b558f4cb3be667229d7d5089d0af7a011dbfbfa32ee370b418b9347153b17f21";
        assert_eq!(signed, expected);
    }
}
