//! Chroma: HTTP, usually on 8000.
//!
//! Dify's client belongs to Chroma 0.5. Its API is asked in the second version, which servers have had since then.

use preflight::http::Http;
use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env, Finding, Hop, Secret};
use serde::Deserialize;

use super::http::Server;
use super::store::Store;
use crate::needs::Dify;

const HOST: &str = "CHROMA_HOST";
const PROVIDER: &str = "CHROMA_AUTH_PROVIDER";
const CREDENTIALS: &str = "CHROMA_AUTH_CREDENTIALS";

/// Looks at one database of one Chroma.
pub(super) struct Chroma {
    server: Server,
    tenant: String,
    database: String,
    dify: Dify,
    warnings: Vec<String>,
}

/// How a refusal is told.
#[derive(Deserialize)]
struct Problem {
    error: String,
    #[serde(default)]
    message: String,
}

/// The version in an answer of `/api/v2/version`.
pub(super) fn version(body: &str) -> Option<String> {
    serde_json::from_str::<String>(body).ok().filter(|version| topology::minor(version).is_some())
}

/// Whether an answer says that the tenant or the database is not there.
pub(super) fn is_missing(body: &str) -> bool {
    serde_json::from_str::<Problem>(body)
        .is_ok_and(|problem| problem.error == "NotFoundError" && problem.message.contains("not found"))
}

impl Chroma {
    pub(super) fn new(env: &Env) -> Result<Self, ConfigError> {
        let host = env.required(HOST)?;
        let port = env.number::<u16>("CHROMA_PORT", 8000)?;
        let (url, warnings) = url(&host, port)?;
        let http = Http::new(HOST, &url, &TlsOptions::default())?;
        let (header, key) = credential(env)?;
        let server = Server {
            http,
            product: "Chroma",
            header,
            key,
            called: "credential",
            url_variable: HOST,
            key_variable: "CHROMA_AUTH_PROVIDER and CHROMA_AUTH_CREDENTIALS",
        };
        let or = |name: &str, default: &str| {
            env.text_or(name, default).map(|text| if text.is_empty() { default.to_owned() } else { text })
        };
        let (tenant, database) =
            (or("CHROMA_TENANT", "default_tenant")?, or("CHROMA_DATABASE", "default_database")?);
        Ok(Self { server, tenant, database, dify: Dify::read(env)?, warnings })
    }

    /// The path of the database, or of its tenant.
    fn path(&self, whole: bool) -> String {
        let encoded = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
        };
        let tenant = format!("/api/v2/tenants/{}", encoded(&self.tenant));
        if whole { format!("{tenant}/databases/{}", encoded(&self.database)) } else { tenant }
    }

    /// Chroma says 403 for every kind of refusal.
    fn refusal(&self, status: u16) -> Option<Finding> {
        let at = self.server.http.address();
        let found = match status {
            401 | 403 if self.server.key.is_none() => {
                Finding::suspect(Hop::Auth, format!("Chroma at {at} wants a credential, and none is set"))
            }
            401 | 403 => Finding::suspect(Hop::Auth, format!("Chroma at {at} refuses the credential")),
            _ => return None,
        };
        Some(found.code(format!("HTTP {status}")).hint(format!("check {PROVIDER} and {CREDENTIALS}")))
    }

    /// Asks for the tenant, then for the database: the answer names no difference.
    async fn there(&self) -> Result<(), Finding> {
        for (whole, what, name, variable) in [
            (false, "tenant", &self.tenant, "CHROMA_TENANT"),
            (true, "database", &self.database, "CHROMA_DATABASE"),
        ] {
            let path = self.path(whole);
            let reply = self.server.get_with_key(&path).await?;
            if reply.status == 200 {
                continue;
            }
            if reply.status == 404 && is_missing(&reply.body) {
                let at = self.server.http.address();
                return Err(Finding::suspect(
                    Hop::State,
                    format!("there is no {what} {name:?} in Chroma at {at}"),
                )
                .code("NotFoundError")
                .hint(format!("create it, or check {variable}")));
            }
            return Err(self.refusal(reply.status).unwrap_or_else(|| self.server.unexpected(&reply, &path)));
        }
        Ok(())
    }
}

/// The address as Dify's client makes it: whatever begins with "http" is a URL, whose port counts alone.
fn url(host: &str, port: u16) -> Result<(String, Vec<String>), ConfigError> {
    if !host.starts_with("http") {
        if host.contains('/') {
            return Err(ConfigError::new(HOST, "holds a path without a scheme").hint("write the host alone"));
        }
        let named = super::http::names_port(host);
        if named {
            return Err(ConfigError::new(HOST, "holds a port").hint("write the port into CHROMA_PORT"));
        }
        return Ok((format!("http://{host}:{port}"), Vec::new()));
    }
    let url = if host.contains("://") { host.to_owned() } else { format!("http://{host}") };
    if super::http::names_port(&url) {
        return Ok((url, Vec::new()));
    }
    let what = if host.contains("://") { "is a URL without a port" } else { "begins with http" };
    let warning = format!("{HOST} {what}, so CHROMA_PORT is not used by Dify's client; write the host alone");
    Ok((url, vec![warning]))
}

/// The header and its value, as the classes of Dify's client make them.
fn credential(env: &Env) -> Result<((&'static str, &'static str), Option<Secret>), ConfigError> {
    let provider = env.text_or(PROVIDER, "")?;
    let credentials = env.secret(CREDENTIALS)?;
    if provider.is_empty() {
        return Ok((("authorization", ""), None));
    }
    let Some(credentials) = credentials else {
        return Err(ConfigError::new(CREDENTIALS, format!("is not set or empty, and {PROVIDER} is set"))
            .hint("set the token, or user:password"));
    };
    // The class may be named by its full path.
    match provider.rsplit('.').next().unwrap_or_default() {
        "TokenAuthClientProvider" => Ok((("authorization", "Bearer "), super::http::key(env, CREDENTIALS)?)),
        "BasicAuthClientProvider" => {
            let plain = credentials.reveal();
            let (user, password) = plain.split_once(':').unwrap_or((plain, ""));
            Ok((("authorization", "Basic "), Some(super::http::basic(env, user, &Secret::new(password)))))
        }
        _ => Err(ConfigError::new(PROVIDER, format!("{provider:?} is no class of Dify's client")).hint(
            "use chromadb.auth.token_authn.TokenAuthClientProvider or chromadb.auth.basic_authn.BasicAuthClientProvider",
        )),
    }
}

impl Store for Chroma {
    fn target(&self) -> String {
        format!("chroma {}/{}/{}", self.server.http.address(), self.tenant, self.database)
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let path = "/api/v2/version";
        let reply = self.server.get(path).await?;
        if reply.status != 200 {
            return Err(self.refusal(reply.status).unwrap_or_else(|| self.server.unexpected(&reply, path)));
        }
        let version = version(&reply.body).ok_or_else(|| self.server.not_the_product(path))?;
        let at = self.server.http.address().to_string();
        let mut warnings = self.dify.accepts("Chroma", &version, &at)?;
        warnings.extend(self.warnings.iter().cloned());
        self.there().await?;
        let message =
            format!("Chroma {version} at {at} takes the credential and has the database {:?}", self.database);
        Ok(Finding { warnings, ..Finding::ready(message) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_that_of_difys_client() {
        for (host, expected, warns) in [
            ("chroma", "http://chroma:8000", false),
            ("http://chroma", "http://chroma", true),
            ("https://chroma:443", "https://chroma:443", false),
            ("http-chroma", "http://http-chroma", true),
        ] {
            let (found, warnings) = url(host, 8000).unwrap();
            assert_eq!((found.as_str(), !warnings.is_empty()), (expected, warns), "{host}");
        }
        for host in ["chroma/x", "chroma:8000"] {
            assert_eq!(url(host, 8000).unwrap_err().key, HOST, "{host}");
        }
    }

    #[test]
    fn the_classes_of_the_client_make_the_header() {
        let of =
            |provider, credentials| credential(&Env::of([(PROVIDER, provider), (CREDENTIALS, credentials)]));
        let (header, key) = of("chromadb.auth.basic_authn.BasicAuthClientProvider", "admin:pw").unwrap();
        assert_eq!((header.1, key.unwrap().reveal()), ("Basic ", "YWRtaW46cHc="));
        let (header, key) = of("chromadb.auth.token_authn.TokenAuthClientProvider", "tok").unwrap();
        assert_eq!((header.1, key.unwrap().reveal()), ("Bearer ", "tok"));
        assert!(of("", "tok").unwrap().1.is_none());
        assert_eq!(of("chromadb.auth.token.TokenAuth", "tok").unwrap_err().key, PROVIDER);
        assert_eq!(of("x.TokenAuthClientProvider", "").unwrap_err().key, CREDENTIALS);
    }

    #[test]
    fn answers_are_read() {
        assert_eq!(version("\"0.5.20\"").as_deref(), Some("0.5.20"));
        assert!(version("\"hello\"").is_none() && version("{}").is_none());
        assert!(is_missing(r#"{"error":"NotFoundError","message":"Tenant [nosuch] not found"}"#));
        assert!(!is_missing(r#"{"detail":"Not Found"}"#));
    }
}
