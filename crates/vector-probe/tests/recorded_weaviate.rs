//! How Weaviate's answers are read. They are recorded from Weaviate 1.35.2; no Weaviate runs here.

mod common;

use common::{Seen, check};
use testbed::proxy::{Fault, Proxy};
use testbed::recorded::{Answer, RecordedHttp, Request};

const KEY: &str = "weaviate-key";
const NO_KEY: &str = r#"{"code":401,"message": "anonymous access not enabled. Please authenticate through one of the available methods: [API-keys]" }"#;
const WRONG_KEY: &str = r#"{"code":401,"message":"unauthorized: invalid api key"}"#;

/// Weaviate with API keys and without anonymous access.
fn weaviate(version: &'static str) -> impl Fn(&Request) -> Answer {
    move |request| {
        let key = request.headers.get("authorization").and_then(|header| header.strip_prefix("Bearer "));
        match (request.path.as_str(), key) {
            ("/v1/.well-known/ready", _) => Answer::new(200, ""),
            ("/v1/meta" | "/v1/schema", None) => Answer::new(401, NO_KEY),
            (_, Some(key)) if key != KEY => Answer::new(401, WRONG_KEY),
            ("/v1/meta", _) => {
                let body = r#"{"grpcMaxMessageSize":104858000,"hostname":"http://[::]:8080","modules":{},"version":"VERSION"}"#;
                Answer::new(200, &body.replace("VERSION", version))
            }
            ("/v1/schema", _) => Answer::new(200, r#"{"classes":[]}"#),
            _ => Answer::new(404, ""),
        }
    }
}

fn probe(http: u16, grpc: u16, key: &str) -> Seen {
    check(&[
        ("VECTOR_STORE", "weaviate"),
        ("WEAVIATE_ENDPOINT", &format!("http://localhost:{http}")),
        ("WEAVIATE_GRPC_ENDPOINT", &format!("grpc://localhost:{grpc}")),
        ("WEAVIATE_API_KEY", key),
    ])
}

#[test]
fn recorded_ready_with_the_right_key_and_not_with_another() {
    let server = RecordedHttp::start(weaviate("1.35.2"));
    let grpc = Proxy::start(1, Fault::Hang);
    probe(server.port, grpc.port, KEY).expect_ready(&[
        "Weaviate 1.35.2",
        "gRPC port",
        "nothing more was asked there",
    ]);
    // Whether one is there is asked by anybody; the key goes where it is needed.
    assert!(!server.requests()[0].headers.contains_key("authorization"));
    probe(server.port, grpc.port, "").expect(
        69,
        "suspect",
        "auth",
        Some("HTTP 401"),
        &["wants an API key, and none is set", "set WEAVIATE_API_KEY"],
    );
    probe(server.port, grpc.port, "other-key").expect(
        69,
        "suspect",
        "auth",
        Some("HTTP 401"),
        &["refuses the API key", "check WEAVIATE_API_KEY"],
    );
}

#[test]
fn recorded_old_versions_are_never_ready() {
    let server = RecordedHttp::start(weaviate("1.19.0"));
    probe(server.port, server.port, KEY).expect(
        69,
        "never",
        "state",
        None,
        &["Weaviate 1.19.0", "too old", "1.27 or newer"],
    );
}

#[test]
fn recorded_a_grpc_port_that_is_not_published_is_named() {
    let server = RecordedHttp::start(weaviate("1.35.2"));
    let seen = probe(server.port, testbed::free_port(), KEY);
    seen.expect(
        75,
        "not_yet",
        "tcp",
        Some("ECONNREFUSED"),
        &["gRPC: connection refused", "WEAVIATE_GRPC_ENDPOINT"],
    );
}

#[test]
fn recorded_a_server_that_starts_is_waited_for_and_a_stranger_is_a_suspect() {
    let starting = RecordedHttp::start(|_| Answer::new(503, ""));
    probe(starting.port, 1, KEY).expect(75, "not_yet", "state", Some("HTTP 503"), &["is not ready"]);
    let stranger = RecordedHttp::start(|_| Answer::new(404, "<html>nginx</html>"));
    probe(stranger.port, 1, KEY).expect(
        69,
        "suspect",
        "state",
        Some("HTTP 404"),
        &["does not answer like Weaviate", "check WEAVIATE_ENDPOINT"],
    );
    let greeter = RecordedHttp::start(|_| Answer::new(200, "hello"));
    probe(greeter.port, 1, KEY).expect(
        69,
        "suspect",
        "state",
        None,
        &["does not answer /v1/meta like Weaviate"],
    );
}
