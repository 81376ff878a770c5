//! The states of a real `OpenSearch`, and of AWS' answers as its documentation shows them.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;

use common::{Seen, check, send, tool};
use testbed::opensearch::OpenSearch;
use testbed::prove;
use testbed::recorded::{Answer, RecordedHttp};

fn probe(port: u16, user: &str, password: &str, more: &[(&str, &str)]) -> Seen {
    let port = port.to_string();
    let mut variables = vec![
        ("VECTOR_STORE", "opensearch"),
        ("OPENSEARCH_HOST", "localhost"),
        ("OPENSEARCH_PORT", &port),
        ("OPENSEARCH_USER", user),
        ("OPENSEARCH_PASSWORD", password),
    ];
    variables.extend_from_slice(more);
    check(&variables)
}

/// The API of Elasticsearch, wherever it points.
fn as_elasticsearch(port: u16) -> Seen {
    let port = port.to_string();
    check(&[
        ("VECTOR_STORE", "elasticsearch"),
        ("ELASTICSEARCH_HOST", "localhost"),
        ("ELASTICSEARCH_PORT", &port),
        ("ELASTICSEARCH_USERNAME", "admin"),
        ("ELASTICSEARCH_PASSWORD", "admin"),
    ])
}

/// One after the other: each is a whole Java, and two of them at once take much longer than twice the time.
#[test]
fn each_state_of_real_servers_is_told_apart() {
    with_its_plugins();
    without_its_plugins();
    an_old_elasticsearch();
}

fn with_its_plugins() {
    let server = OpenSearch::start();
    let port = server.port;
    // The port opens before the users are known.
    prove!("opensearch/starting", &probe(port, "admin", "admin", &[]));
    let run = tool().args(["wait", "--deadline", "2m", "--output", "json"]).envs([
        ("VECTOR_STORE", "opensearch".to_owned()),
        ("OPENSEARCH_PORT", port.to_string()),
        ("OPENSEARCH_USER", "admin".to_owned()),
        ("OPENSEARCH_PASSWORD", "admin".to_owned()),
    ]);
    prove!("opensearch/ready", &Seen::of(&run.run()));
    prove!("opensearch/wrong-password", &probe(port, "admin", "other", &[]));
    prove!("opensearch/wrong-password", &probe(port, "nobody", "other", &[]));
    prove!("opensearch/bound", &probe(port, "readall", "readall", &[]));
    prove!("opensearch/no-tls", &probe(port, "admin", "admin", &[("OPENSEARCH_SECURE", "true")]));
    prove!("elasticsearch/is-opensearch", &as_elasticsearch(port));
    // An index whose shard may be nowhere.
    let body = r#"{"settings":{"index.routing.allocation.require._name":"nosuch","number_of_replicas":0}}"#;
    let headers = [("authorization", "Basic YWRtaW46YWRtaW4="), ("content-type", "application/json")];
    assert_eq!(send(port, "PUT", "/lost?wait_for_active_shards=0", &headers, body).0, 200);
    prove!("opensearch/red", &probe(port, "admin", "admin", &[]));
}

fn without_its_plugins() {
    let server = OpenSearch::bare();
    prove!("opensearch/no-plugin", &probe(server.port, "any", "any", &[]));
}

fn an_old_elasticsearch() {
    let server = OpenSearch::elasticsearch_7();
    prove!("elasticsearch/too-old", &as_elasticsearch(server.port));
    prove!("opensearch/is-elasticsearch", &probe(server.port, "any", "any", &[]));
}

/// With the key of a role of AWS.
fn at_aws(port: u16, service: &str, with_key: bool) -> Seen {
    let port = port.to_string();
    let mut variables = vec![
        ("VECTOR_STORE", "opensearch"),
        ("OPENSEARCH_PORT", port.as_str()),
        ("OPENSEARCH_AUTH_METHOD", "aws_managed_iam"),
        ("OPENSEARCH_AWS_REGION", "eu-central-1"),
        ("OPENSEARCH_AWS_SERVICE", service),
    ];
    if with_key {
        variables
            .extend([("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "some-secret-key")]);
    }
    check(&variables)
}

#[test]
fn recorded_answers_of_aws_are_read() {
    let domain = RecordedHttp::start(|request| {
        let proof = request.headers.get("authorization").map_or("", String::as_str);
        if proof.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/") && request.path == "/" {
            Answer::new(200, r#"{"version":{"distribution":"opensearch","number":"2.17.0"}}"#)
        } else if proof.contains("/aoss/") {
            Answer::new(200, "[]")
        } else {
            Answer::new(403, r#"{"Message":"User: anonymous is not authorized to perform: es:ESHttpGet"}"#)
        }
    });
    prove!("opensearch/aws-ready", &at_aws(domain.port, "es", true));
    prove!("opensearch/aws-serverless", &at_aws(domain.port, "aoss", true));
    prove!("opensearch/aws-role", &at_aws(domain.port, "es", false));
    let denied = RecordedHttp::start(|_| {
        Answer::new(403, r#"{"message":"The security token included in the request is invalid."}"#)
    });
    prove!("opensearch/aws-denied", &at_aws(denied.port, "es", true));
}

#[test]
fn what_dify_would_not_start_with_is_named() {
    prove!("opensearch/no-user", &check(&[("VECTOR_STORE", "opensearch")]));
    prove!("opensearch/scheme", &check(&[("VECTOR_STORE", "opensearch"), ("OPENSEARCH_HOST", "https://os")]));
}
