//! Elasticsearch, by host or at Elastic Cloud; with `-ja` the index that analyses Japanese.

use preflight::http::Http;
use preflight::tls::{NamedFile, TlsOptions, Verify};
use preflight::{ConfigError, Env, Finding, Hop};
use serde::Deserialize;

use super::http::{self, Server};
use super::search;
use super::store::{Store, is_older};

const HOST: &str = "ELASTICSEARCH_HOST";
const CLOUD: &str = "ELASTICSEARCH_CLOUD_URL";
const USER: &str = "ELASTICSEARCH_USERNAME";
const PASSWORD: &str = "ELASTICSEARCH_PASSWORD";
/// Dify looks at the version itself, and refuses what is older.
const OLDEST: (u32, u32) = (8, 0);

/// Looks at one cluster.
pub(super) struct Elasticsearch {
    server: Server,
    name: &'static str,
}

#[derive(Deserialize)]
struct Licence {
    license: LicenceBody,
}

#[derive(Deserialize)]
struct LicenceBody {
    status: String,
    #[serde(rename = "type")]
    kind: String,
}

/// The kind of a licence that is not active, from an answer of `/_license`.
pub(super) fn inactive_licence(body: &str) -> Option<String> {
    let licence = serde_json::from_str::<Licence>(body).ok()?.license;
    (licence.status != "active").then(|| format!("{} ({})", licence.kind, licence.status))
}

impl Elasticsearch {
    pub(super) fn new(env: &Env, name: &'static str) -> Result<Self, ConfigError> {
        let (verify, ca) =
            (env.boolean("ELASTICSEARCH_VERIFY_CERTS", false)?, env.text_or("ELASTICSEARCH_CA_CERTS", "")?);
        let tls = TlsOptions {
            verify: if verify { Verify::Full } else { Verify::Nothing },
            ca: (!ca.is_empty())
                .then(|| NamedFile { key: "ELASTICSEARCH_CA_CERTS".to_owned(), path: ca.into() }),
            client: None,
        };
        let server = if env.boolean("ELASTICSEARCH_USE_CLOUD", false)? {
            cloud(env, &tls)?
        } else {
            by_host(env, &tls)?
        };
        Ok(Self { server, name })
    }

    async fn licence(&self) -> Option<String> {
        let reply = self.server.get_with_key("/_license").await.ok()?;
        let licence = inactive_licence(&reply.body).filter(|_| reply.status == 200)?;
        Some(format!("the licence of the cluster is not active: {licence}"))
    }
}

fn cloud(env: &Env, tls: &TlsOptions) -> Result<Server, ConfigError> {
    let http = Http::new(CLOUD, &env.required(CLOUD)?, tls)?;
    let name = "ELASTICSEARCH_API_KEY";
    env.required_secret(name)?;
    let (url_variable, key_variable) = (CLOUD, name);
    let key = http::key(env, name)?;
    Ok(Server {
        http,
        product: "Elasticsearch",
        header: ("authorization", "ApiKey "),
        key,
        called: "API key",
        url_variable,
        key_variable,
    })
}

fn by_host(env: &Env, tls: &TlsOptions) -> Result<Server, ConfigError> {
    let host = filled(env, HOST, "127.0.0.1")?;
    let port = env.number::<u16>("ELASTICSEARCH_PORT", 9200)?;
    let (scheme, name) = host.split_once("://").unwrap_or(("http", &host));
    if !matches!(scheme, "http" | "https") {
        return Err(ConfigError::new(HOST, format!("has the unknown scheme {scheme:?}"))
            .hint("write the host alone, or with http:// or https://"));
    }
    if name.contains('/') || http::names_port(name) {
        return Err(ConfigError::new(HOST, "holds a port or a path, and Dify appends the port to it")
            .hint("write the port into ELASTICSEARCH_PORT, and no slash at the end"));
    }
    let user = filled(env, USER, "elastic")?;
    let password = match env.secret(PASSWORD)? {
        Some(password) => password,
        None if env.is_set(PASSWORD)? => {
            return Err(
                ConfigError::new(PASSWORD, "is empty").hint("Dify wants one, whether the server does or not")
            );
        }
        None => preflight::Secret::new("elastic"),
    };
    let key = Some(http::basic(env, &user, &password));
    let http = Http::new(HOST, &format!("{scheme}://{name}:{port}"), tls)?;
    Ok(Server {
        http,
        product: "Elasticsearch",
        header: ("authorization", "Basic "),
        key,
        called: "password",
        url_variable: HOST,
        key_variable: "ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD",
    })
}

/// A text that Dify has a default for, and refuses if it is empty.
fn filled(env: &Env, name: &str, default: &str) -> Result<String, ConfigError> {
    let text = env.text_or(name, default)?;
    if text.is_empty() {
        return Err(ConfigError::new(name, "is empty").hint(format!("set {name}")));
    }
    Ok(text)
}

impl Store for Elasticsearch {
    fn target(&self) -> String {
        format!("{} {}", self.name, self.server.http.address())
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let at = self.server.http.address();
        let (about, reply) = search::ask_about(&self.server).await?;
        // The client refuses every server that does not say so.
        if reply.headers.get("x-elastic-product").is_none_or(|product| product != "Elasticsearch") {
            if is_older(&about.version, OLDEST) && about.distribution.is_empty() {
                return Err(too_old(&about.version, &at.to_string()));
            }
            let message =
                format!("{at} is not Elasticsearch but one of its relatives, which Dify's client refuses");
            return Err(Finding::never(Hop::State, message)
                .hint("with OpenSearch, set VECTOR_STORE to opensearch and the OPENSEARCH_ variables"));
        }
        if is_older(&about.version, OLDEST) {
            return Err(too_old(&about.version, &at.to_string()));
        }
        let mut warnings: Vec<String> = search::healthy(&self.server).await?.into_iter().collect();
        if self.name == "elasticsearch-ja" {
            for (word, plugin) in [("kuromoji", "analysis-kuromoji"), ("icu", "analysis-icu")] {
                warnings.extend(search::has_plugin(&self.server, word, plugin).await?);
            }
        }
        warnings.extend(self.licence().await);
        let message = format!("Elasticsearch {} at {at} takes the {}", about.version, self.server.called);
        Ok(Finding { warnings, ..Finding::ready(message) })
    }
}

fn too_old(version: &str, at: &str) -> Finding {
    let (major, _) = OLDEST;
    Finding::never(Hop::State, format!("Elasticsearch {version} at {at} is too old"))
        .hint(format!("Dify refuses what is older than {major}.0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_and_port_make_the_address() {
        for (host, expected) in
            [("es", "es:9200"), ("http://es", "es:9200"), ("https://es.example", "es.example:9200")]
        {
            let store = Elasticsearch::new(&Env::of([(HOST, host)]), "elasticsearch").unwrap();
            assert_eq!(store.server.http.address().to_string(), expected, "{host}");
        }
        for host in ["", "http://es:9200", "es:1", "http://es/", "ftp://es"] {
            let error = Elasticsearch::new(&Env::of([(HOST, host)]), "elasticsearch").err().unwrap();
            assert_eq!(error.key, HOST, "{host}");
        }
    }

    #[test]
    fn what_dify_demands_is_named() {
        for (pairs, key) in [
            (vec![(PASSWORD, "")], PASSWORD),
            (vec![(USER, "")], USER),
            (vec![("ELASTICSEARCH_USE_CLOUD", "true")], CLOUD),
            (vec![("ELASTICSEARCH_USE_CLOUD", "true"), (CLOUD, "https://x")], "ELASTICSEARCH_API_KEY"),
            (vec![("ELASTICSEARCH_VERIFY_CERTS", "")], "ELASTICSEARCH_VERIFY_CERTS"),
        ] {
            assert_eq!(Elasticsearch::new(&Env::of_pairs(pairs), "elasticsearch").err().unwrap().key, key);
        }
    }

    #[test]
    fn a_licence_counts_only_when_it_is_not_active() {
        let of = |status: &str| format!(r#"{{"license":{{"status":"{status}","type":"trial","uid":"x"}}}}"#);
        assert_eq!(inactive_licence(&of("active")), None);
        assert_eq!(inactive_licence(&of("expired")).as_deref(), Some("trial (expired)"));
        assert_eq!(inactive_licence("{}"), None);
    }
}
