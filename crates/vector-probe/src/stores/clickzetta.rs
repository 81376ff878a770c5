//! `ClickZetta` Lakehouse: a login over HTTPS; all else is asked in a protocol of its own.

use preflight::http::{Http, Method};
use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env, Finding, Hop, Secret};
use serde_json::{Value, json};

use super::store::Store;

const SERVICE: &str = "CLICKZETTA_SERVICE";
const INSTANCE: &str = "CLICKZETTA_INSTANCE";
const USER: &str = "CLICKZETTA_USERNAME";
const PASSWORD: &str = "CLICKZETTA_PASSWORD";

/// Looks at one account.
pub(super) struct Clickzetta {
    http: Http,
    instance: String,
    user: String,
    password: Secret,
}

impl Clickzetta {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        let service = env.text_or(SERVICE, "api.clickzetta.com")?;
        let host = service.strip_prefix("https://").unwrap_or(&service);
        if host.is_empty() || host.contains("://") {
            return Err(ConfigError::new(SERVICE, "is no host; Dify's client puts https:// in front of it")
                .hint("write it like api.clickzetta.com"));
        }
        for (key, default) in [
            ("CLICKZETTA_WORKSPACE", "default"),
            ("CLICKZETTA_VCLUSTER", "default_ap"),
            ("CLICKZETTA_SCHEMA", "public"),
        ] {
            if env.text_or(key, default)?.is_empty() {
                return Err(ConfigError::new(key, "is empty, which Dify refuses").hint(format!("set {key}")));
            }
        }
        Ok(Self {
            http: Http::new(SERVICE, &format!("https://{host}"), &TlsOptions::default())?,
            instance: env.required(INSTANCE)?,
            user: env.required(USER)?,
            password: env.required_secret(PASSWORD)?,
        })
    }

    fn refused(&self, code: &str, text: &str) -> Finding {
        let (at, user) = (self.http.address(), &self.user);
        // The gateway says so in both languages where it knows no such instance.
        let found = if text.contains("No such element") || text.contains("没有这样的元素") {
            let instance = &self.instance;
            Finding::suspect(Hop::State, format!("ClickZetta at {at} has no instance {instance:?}"))
                .hint(format!("check {INSTANCE} and {SERVICE}"))
        } else {
            let text: String = text.chars().take(160).collect();
            Finding::suspect(
                Hop::Auth,
                format!("ClickZetta at {at} refuses the login of user {user:?}: {text}"),
            )
            .hint(format!("check {USER}, {PASSWORD} and {INSTANCE}"))
        };
        found.code(code)
    }
}

impl Store for Clickzetta {
    fn target(&self) -> String {
        format!("clickzetta {}/{}", self.http.address(), self.instance)
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let login = json!({
            "username": self.user, "password": self.password.reveal(), "instanceName": self.instance,
        });
        let request = self.http.request(Method::POST, "/clickzetta-portal/user/loginSingle").json(&login);
        let reply = self.http.send(request).await?;
        let at = self.http.address();
        let status = format!("HTTP {}", reply.status);
        let Ok(answer) = serde_json::from_str::<Value>(&reply.body) else {
            return Err(match reply.status {
                429 | 500..=599 => Finding::not_yet(Hop::State, format!("ClickZetta at {at} is not ready")),
                _ => Finding::suspect(Hop::State, format!("{at} does not answer like ClickZetta"))
                    .hint(format!("check {SERVICE}")),
            }
            .code(status));
        };
        let word = |name: &str| match &answer[name] {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        };
        let text =
            [word("msg"), word("message")].into_iter().find(|text| !text.is_empty()).unwrap_or_default();
        let code = word("code");
        if reply.status != 200 {
            return Err(self.refused(&status, &text));
        }
        if !matches!(code.as_str(), "" | "0" | "200") {
            return Err(self.refused(&code, &text));
        }
        if answer["data"]["token"].as_str().is_none_or(str::is_empty) {
            return Err(self.refused(&status, "it gives no token"));
        }
        Ok(Finding::ready(format!(
            "ClickZetta at {at} takes the login; whether the workspace, the cluster and the schema exist was not asked"
        )))
    }
}
