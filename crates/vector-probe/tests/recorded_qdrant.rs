//! How Qdrant's answers are read. They follow its documentation and reports of users; no Qdrant runs here.

mod common;

use common::{Seen, check};
use testbed::proxy::{Fault, Proxy};
use testbed::recorded::{Answer, RecordedHttp, Request};

const KEY: &str = "qdrant-key";

fn qdrant(request: &Request) -> Answer {
    match (request.path.as_str(), request.headers.get("api-key").map(String::as_str)) {
        ("/readyz", _) => Answer::new(200, "all shards are ready"),
        ("/collections", Some(KEY)) => {
            Answer::new(200, r#"{"result":{"collections":[]},"status":"ok","time":0.000012}"#)
        }
        ("/collections", Some("read-only")) => Answer::new(403, "Forbidden: Global access is required"),
        ("/collections", None) => {
            Answer::new(401, "Must provide an API key or an Authorization bearer token")
        }
        ("/collections", Some(_)) => Answer::new(401, "Invalid API key or JWT"),
        _ => Answer::new(404, ""),
    }
}

fn probe(port: u16, key: &str, more: &[(&str, &str)]) -> Seen {
    let url = format!("http://localhost:{port}");
    let mut variables =
        vec![("VECTOR_STORE", "qdrant"), ("QDRANT_URL", url.as_str()), ("QDRANT_API_KEY", key)];
    variables.extend_from_slice(more);
    check(&variables)
}

#[test]
fn recorded_ready_with_the_right_key_and_not_with_another() {
    let server = RecordedHttp::start(qdrant);
    probe(server.port, KEY, &[]).expect_ready(&["lists its collections"]);
    assert!(!server.requests()[0].headers.contains_key("api-key"));
    probe(server.port, "", &[]).expect(
        69,
        "suspect",
        "auth",
        Some("HTTP 401"),
        &["wants an API key, and none is set", "set QDRANT_API_KEY"],
    );
    probe(server.port, "other", &[]).expect(
        69,
        "suspect",
        "auth",
        Some("HTTP 401"),
        &["refuses the API key", "check QDRANT_API_KEY"],
    );
    probe(server.port, "read-only", &[]).expect(
        69,
        "suspect",
        "permission",
        Some("HTTP 403"),
        &["does not allow /collections", "QDRANT_API_KEY"],
    );
}

#[test]
fn recorded_grpc_is_asked_for_only_where_dify_uses_it() {
    let server = RecordedHttp::start(qdrant);
    let (closed, open) = (testbed::free_port().to_string(), Proxy::start(1, Fault::Hang));
    probe(server.port, KEY, &[("QDRANT_GRPC_PORT", &closed)]).expect_ready(&[]);
    let enabled = ("QDRANT_GRPC_ENABLED", "true");
    probe(server.port, KEY, &[enabled, ("QDRANT_GRPC_PORT", &closed)]).expect(
        75,
        "not_yet",
        "tcp",
        Some("ECONNREFUSED"),
        &["gRPC: ", "check QDRANT_GRPC_PORT"],
    );
    probe(server.port, KEY, &[enabled, ("QDRANT_GRPC_PORT", &open.port.to_string())])
        .expect_ready(&["gRPC port"]);
}

#[test]
fn recorded_shards_that_are_not_ready_are_waited_for() {
    let server = RecordedHttp::start(|_| Answer::new(503, "some shards are not ready"));
    probe(server.port, KEY, &[]).expect(
        75,
        "not_yet",
        "state",
        Some("HTTP 503"),
        &["some shards are not ready"],
    );
}

#[test]
fn recorded_strangers_are_suspects() {
    // Old Qdrant has no /readyz, so a 404 there is no proof of anything.
    let server = RecordedHttp::start(|_| Answer::new(404, ""));
    probe(server.port, KEY, &[]).expect(
        69,
        "suspect",
        "state",
        Some("HTTP 404"),
        &["does not answer like Qdrant"],
    );
    let server = RecordedHttp::start(|_| Answer::new(200, r#"{"status":"ok"}"#));
    probe(server.port, KEY, &[]).expect(
        69,
        "suspect",
        "state",
        None,
        &["does not answer /collections like Qdrant"],
    );
    let server = RecordedHttp::start(|_| Answer::new(301, ""));
    probe(server.port, KEY, &[]).expect(69, "suspect", "proxy", Some("HTTP 301"), &["check QDRANT_URL"]);
}
