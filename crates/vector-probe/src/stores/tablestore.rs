//! Tablestore at Alibaba Cloud: HTTP with signed requests, whose answers are protocol buffers.

use preflight::http::{Http, Method, Reply};
use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env, Finding, Hop, Secret};

use super::signing::{base64, hmac_sha1, md5, now};
use super::store::Store;
use super::{grpc, http};

const ENDPOINT: &str = "TABLESTORE_ENDPOINT";
const INSTANCE: &str = "TABLESTORE_INSTANCE_NAME";
const KEY_ID: &str = "TABLESTORE_ACCESS_KEY_ID";
const KEY_SECRET: &str = "TABLESTORE_ACCESS_KEY_SECRET";
const API: &str = "2015-12-31";

/// Looks at one instance.
pub(super) struct Tablestore {
    http: Http,
    instance: String,
    key_id: Secret,
    key_secret: Secret,
}

impl Tablestore {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        let http =
            Http::new(ENDPOINT, env.required(ENDPOINT)?.trim_end_matches('/'), &TlsOptions::default())?;
        let key = |name| {
            http::key(env, name)?.ok_or_else(|| {
                ConfigError::new(name, "is not set or empty").hint(format!("set {name} or {name}_FILE"))
            })
        };
        Ok(Self {
            http,
            instance: env.required(INSTANCE)?,
            key_id: key(KEY_ID)?,
            key_secret: key(KEY_SECRET)?,
        })
    }

    /// Dify lists the tables before it makes one.
    async fn list(&self) -> Result<Reply, Finding> {
        const PATH: &str = "/ListTable";
        let headers = self.headers(PATH, &now().replace('Z', ".000Z"));
        let mut request = self.http.request(Method::POST, PATH).body("");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        self.http.send(request).await
    }

    /// In the order of their names, as they are signed; the signature is the last.
    fn headers(&self, path: &str, time: &str) -> Vec<(&'static str, String)> {
        let mut headers = vec![
            ("x-ots-accesskeyid", self.key_id.reveal().to_owned()),
            ("x-ots-apiversion", API.to_owned()),
            ("x-ots-contentmd5", base64(&md5(b""))),
            ("x-ots-date", time.to_owned()),
            ("x-ots-instancename", self.instance.clone()),
        ];
        let lines: Vec<_> = headers.iter().map(|(name, value)| format!("{name}:{}", value.trim())).collect();
        let text = format!("{path}\nPOST\n\n{}\n", lines.join("\n"));
        let signature = hmac_sha1(self.key_secret.reveal().as_bytes(), &text);
        headers.push(("x-ots-signature", base64(&signature)));
        headers
    }

    fn refused(&self, reply: &Reply) -> Finding {
        let at = self.http.address();
        let text =
            |number| grpc::field(reply.body.as_bytes(), number).map(grpc::Value::text).unwrap_or_default();
        let (code, message) = (text(1), text(2));
        if !code.starts_with("OTS") {
            let found = match reply.status {
                429 | 500..=599 => Finding::not_yet(Hop::State, format!("{at} is not ready")),
                _ => Finding::suspect(Hop::State, format!("{at} does not answer like Tablestore"))
                    .hint(format!("check {ENDPOINT}")),
            };
            return found.code(format!("HTTP {}", reply.status));
        }
        judge(&code, &message, &format!("Tablestore at {at}"), &self.instance).code(code)
    }
}

/// What a refusal means. The service has one code for all that is wrong with a login.
fn judge(code: &str, message: &str, server: &str, instance: &str) -> Finding {
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    match code {
        "OTSAuthFailed" if says(&["instance is not found", "instance does not exist"]) => {
            Finding::suspect(Hop::State, format!("{server} has no instance {instance:?}"))
                .hint(format!("check {INSTANCE}, and that {ENDPOINT} is of the same region"))
        }
        "OTSAuthFailed" if says(&["not running"]) => {
            Finding::not_yet(Hop::State, format!("the instance {instance:?} of {server} is not running"))
                .hint("look at its state in the console")
        }
        "OTSAuthFailed" if says(&["no privilege", "does not have permission"]) => Finding::suspect(
            Hop::Permission,
            format!("{server}: the key has no right in the instance {instance:?}"),
        )
        .hint("give its user the policy AliyunOTSFullAccess, or one for this instance"),
        "OTSAuthFailed" if says(&["ACL policies"]) => Finding::suspect(
            Hop::Permission,
            format!("the instance {instance:?} of {server} refuses this network"),
        )
        .hint("allow access from the internet or from this VPC in the instance's network settings"),
        "OTSAuthFailed" if says(&["system time"]) => {
            Finding::suspect(Hop::Auth, format!("{server} sees a clock that is wrong here: {message}"))
                .hint("set this node's clock")
        }
        "OTSAuthFailed" => Finding::suspect(Hop::Auth, format!("{server} refuses the access key: {message}"))
            .hint(format!("check {KEY_ID} and {KEY_SECRET}")),
        "OTSNoPermissionAccess" => {
            Finding::suspect(Hop::Permission, format!("{server}: the key may not list tables: {message}"))
                .hint("allow ots:ListTable and the rest of ots:* on the instance in the policy of its user")
        }
        "OTSQuotaExhausted" => Finding::suspect(Hop::State, format!("{server}: {message}"))
            .hint("raise the quota of the instance"),
        "OTSServerBusy"
        | "OTSServerUnavailable"
        | "OTSInternalServerError"
        | "OTSTimeout"
        | "OTSPartitionUnavailable"
        | "OTSRequestTimeout"
        | "OTSTableNotReady" => Finding::not_yet(Hop::State, format!("{server} is not ready: {message}")),
        _ => Finding::suspect(Hop::State, format!("{server}: {message}"))
            .hint(format!("check {ENDPOINT} and {INSTANCE}")),
    }
}

impl Store for Tablestore {
    fn target(&self) -> String {
        format!("tablestore {}/{}", self.http.address(), self.instance)
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let reply = self.list().await?;
        if reply.status != 200 {
            return Err(self.refused(&reply));
        }
        let at = self.http.address();
        // Whatever answers is told from a page that happens to be there by a header of the service.
        if !reply.headers.contains_key("x-ots-requestid") {
            return Err(Finding::suspect(Hop::State, format!("{at} does not answer like Tablestore"))
                .hint(format!("check {ENDPOINT}")));
        }
        let instance = &self.instance;
        Ok(Finding::ready(format!(
            "Tablestore at {at} takes the access key and lists the tables of {instance:?}"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_signed_as_the_client_library_does() {
        let env = Env::of([
            (ENDPOINT, "https://dify.cn-hangzhou.ots.aliyuncs.com"),
            (INSTANCE, "dify"),
            (KEY_ID, "AK"),
            (KEY_SECRET, "SK"),
        ]);
        let headers = Tablestore::new(&env).unwrap().headers("/ListTable", "2026-11-23T17:00:00.000Z");
        // Made with tablestore 6.4.8 for the same request.
        assert_eq!(headers.last().unwrap(), &("x-ots-signature", "VsPRST0GBkZ29HFBXiJ2zapS5qM=".to_owned()));
    }
}
