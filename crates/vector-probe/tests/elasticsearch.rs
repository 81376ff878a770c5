//! How Elasticsearch's answers are read. They follow its documentation; of Elasticsearch itself only 7.10 runs here, which is
//! too old for Dify (see the tests of `OpenSearch`).
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;

use common::{Seen, check};
use testbed::prove;
use testbed::recorded::{Answer, RecordedHttp, Request};

const ROOT: &str = r#"{"name":"n","cluster_name":"c","version":{"number":"8.14.0","build_flavor":"default"},"tagline":"You Know, for Search"}"#;
/// `elastic:right`
const GOOD: &str = "Basic ZWxhc3RpYzpyaWdodA==";
const DENIED: &str = r#"{"error":{"type":"security_exception","reason":"unable to authenticate user [elastic] for REST request [/]"},"status":401}"#;

/// A server with a password and an API key, where some paths answer as told.
fn elasticsearch(other: impl Fn(&Request) -> Option<Answer> + Send + Sync + 'static) -> RecordedHttp {
    RecordedHttp::start(move |request| {
        let answer = match request.headers.get("authorization").map(String::as_str) {
            Some(GOOD | "ApiKey right") => other(request).unwrap_or_else(|| match request.path.as_str() {
                "/" => Answer::new(200, ROOT),
                "/_cluster/health" => Answer::new(200, r#"{"cluster_name":"c","status":"yellow"}"#),
                "/_license" => Answer::new(200, r#"{"license":{"status":"active","type":"basic"}}"#),
                _ => Answer::new(404, "{}"),
            }),
            _ => Answer::new(401, DENIED),
        };
        answer.header("X-Elastic-Product", "Elasticsearch")
    })
}

fn probe(port: u16, more: &[(&str, &str)]) -> Seen {
    let port = port.to_string();
    let mut variables = vec![
        ("VECTOR_STORE", "elasticsearch"),
        ("ELASTICSEARCH_HOST", "localhost"),
        ("ELASTICSEARCH_PORT", &port),
        ("ELASTICSEARCH_PASSWORD", "right"),
    ];
    for (name, value) in more {
        variables.retain(|(other, _)| other != name);
        variables.push((name, value));
    }
    check(&variables)
}

#[test]
fn recorded_states_of_the_login_and_the_cluster() {
    let server = elasticsearch(|_| None);
    prove!("elasticsearch/ready", &probe(server.port, &[]));
    prove!("elasticsearch/wrong-password", &probe(server.port, &[("ELASTICSEARCH_PASSWORD", "other")]));
    let url = format!("http://localhost:{}", server.port);
    let cloud = [("ELASTICSEARCH_USE_CLOUD", "true"), ("ELASTICSEARCH_CLOUD_URL", url.as_str())];
    let with = |key| probe(1, &[cloud[0], cloud[1], ("ELASTICSEARCH_API_KEY", key)]);
    prove!("elasticsearch/cloud", &with("right"));
    prove!("elasticsearch/wrong-key", &with("other"));
    let at = |path: &'static str, status, body: &'static str| {
        let server = elasticsearch(move |request| (request.path == path).then(|| Answer::new(status, body)));
        probe(server.port, &[])
    };
    prove!("elasticsearch/red", &at("/_cluster/health", 200, r#"{"status":"red"}"#));
    prove!(
        "elasticsearch/no-health",
        &at("/_cluster/health", 403, r#"{"error":{"type":"security_exception"},"status":403}"#)
    );
    let expired = r#"{"license":{"status":"expired","type":"platinum"}}"#;
    prove!("elasticsearch/licence", &at("/_license", 200, expired));
    let no_master = r#"{"error":{"type":"master_not_discovered_exception","reason":null},"status":503}"#;
    prove!("elasticsearch/no-master", &at("/_cluster/health", 503, no_master));
}

#[test]
fn recorded_plugins_that_japanese_needs() {
    let ja = |plugins: &'static str| {
        let server = elasticsearch(move |request| {
            request.path.starts_with("/_cat/plugins").then(|| Answer::new(200, plugins))
        });
        probe(server.port, &[("VECTOR_STORE", "elasticsearch-ja")])
    };
    let both = r#"[{"name":"n","component":"analysis-icu"},{"name":"n","component":"analysis-kuromoji"}]"#;
    prove!("elasticsearch/ja", &ja(both));
    prove!("elasticsearch/no-kuromoji", &ja(r#"[{"name":"n","component":"analysis-icu"}]"#));
    prove!("elasticsearch/no-icu", &ja(r#"[{"name":"n","component":"analysis-kuromoji"}]"#));
}

#[test]
fn what_dify_would_not_start_with_is_named() {
    prove!("elasticsearch/port-in-host", &probe(1, &[("ELASTICSEARCH_HOST", "http://es:9200")]));
    prove!(
        "elasticsearch/no-cloud-key",
        &probe(1, &[("ELASTICSEARCH_USE_CLOUD", "true"), ("ELASTICSEARCH_CLOUD_URL", "https://x.es.io"),])
    );
}
