//! How Qdrant's answers are read. They follow its documentation and reports of users; no Qdrant runs here.

mod common;

use common::grpc::{self, Reply};
use common::{Seen, check};
use testbed::prove;
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
    prove!("qdrant/ready", &probe(server.port, KEY, &[]));
    assert!(!server.requests()[0].headers.contains_key("api-key"));
    prove!("qdrant/no-key", &probe(server.port, "", &[]));
    prove!("qdrant/wrong-key", &probe(server.port, "other", &[]));
    prove!("qdrant/forbidden", &probe(server.port, "read-only", &[]));
}

#[test]
fn recorded_grpc_is_asked_only_where_dify_uses_it() {
    let server = RecordedHttp::start(qdrant);
    let grpc = grpc::recorded(|path, headers| match (path, headers.get("api-key").map(String::as_str)) {
        ("/qdrant.Collections/List", Some(KEY)) => Reply::of(b""),
        ("/qdrant.Collections/List", _) => Reply::failed(16, "Invalid API key or JWT"),
        _ => Reply::failed(12, ""),
    });
    let closed = testbed::free_port().to_string();
    probe(server.port, KEY, &[("QDRANT_GRPC_PORT", &closed)]).expect_ready(&[]);
    let with = |port: u16| {
        let port = port.to_string();
        probe(server.port, KEY, &[("QDRANT_GRPC_ENABLED", "true"), ("QDRANT_GRPC_PORT", &port)])
    };
    prove!("qdrant/grpc-ready", &with(grpc));
    prove!("qdrant/grpc-closed", &with(testbed::free_port()));
    prove!("qdrant/grpc-is-http", &with(server.port));
    prove!("qdrant/grpc-refused", &with(grpc::recorded(|_, _| Reply::failed(16, "Invalid API key or JWT"))));
    prove!("qdrant/grpc-stranger", &with(grpc::recorded(|_, _| Reply::failed(12, "unknown service"))));
}

#[test]
fn recorded_shards_that_are_not_ready_are_waited_for() {
    let server = RecordedHttp::start(|_| Answer::new(503, "some shards are not ready"));
    prove!("qdrant/not-ready", &probe(server.port, KEY, &[]));
}

#[test]
fn recorded_strangers_are_suspects() {
    // Old Qdrant has no /readyz, so a 404 there is no proof of anything.
    let server = RecordedHttp::start(|_| Answer::new(404, ""));
    prove!("qdrant/stranger", &probe(server.port, KEY, &[]));
    let server = RecordedHttp::start(|_| Answer::new(200, r#"{"status":"ok"}"#));
    prove!("qdrant/other-json", &probe(server.port, KEY, &[]));
    let server = RecordedHttp::start(|_| Answer::new(301, ""));
    prove!("qdrant/redirect", &probe(server.port, KEY, &[]));
    prove!("qdrant/folder", &common::check(&[("VECTOR_STORE", "qdrant"), ("QDRANT_URL", "path:/data")]));
}
