//! The states of a real Weaviate, and of answers recorded from older ones.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;

use common::{Seen, check, send, tool};
use testbed::prove;
use testbed::recorded::{Answer, RecordedHttp};
use testbed::weaviate::{BOUND_KEY, KEY, Weaviate};

fn probe(http: u16, grpc: &str, key: &str, more: &[(&str, &str)]) -> Seen {
    let endpoint = format!("http://localhost:{http}");
    let mut variables = vec![
        ("VECTOR_STORE", "weaviate"),
        ("WEAVIATE_ENDPOINT", endpoint.as_str()),
        ("WEAVIATE_GRPC_ENDPOINT", grpc),
        ("WEAVIATE_API_KEY", key),
    ];
    variables.extend_from_slice(more);
    check(&variables)
}

#[test]
fn each_state_of_a_real_server_is_told_apart() {
    let server = Weaviate::start(true);
    let (http, grpc) = (server.http(), format!("grpc://localhost:{}", server.grpc()));
    // The port opens seconds before the server is ready.
    prove!("weaviate/starting", &probe(http, &grpc, KEY, &[]));
    let url = format!("http://localhost:{http}");
    let run = tool()
        .args(["wait", "--deadline", "2m", "--output", "json"])
        .envs([("VECTOR_STORE", "weaviate".to_owned()), ("WEAVIATE_ENDPOINT", url)])
        .envs([("WEAVIATE_GRPC_ENDPOINT", grpc.clone()), ("WEAVIATE_API_KEY", KEY.to_owned())]);
    prove!("weaviate/ready", &Seen::of(&run.run()));
    prove!("weaviate/ready", &probe(http, &grpc, KEY, &[("PREFLIGHT_DIFY_VERSION", "1.19.0")]));
    prove!("weaviate/no-grpc", &probe(http, &grpc, KEY, &[("WEAVIATE_GRPC_ENABLED", "false")]));
    prove!("weaviate/no-key", &probe(http, &grpc, "", &[]));
    prove!("weaviate/wrong-key", &probe(http, &grpc, "other-key", &[]));
    // A user with a role that may only read.
    let key = format!("Bearer {KEY}");
    let headers = [("authorization", key.as_str()), ("content-type", "application/json")];
    let roles = r#"{"roles":["viewer"],"userType":"db"}"#;
    assert_eq!(send(http, "POST", "/v1/authz/users/bound/assign", &headers, roles).0, 200);
    prove!("weaviate/bound", &probe(http, &grpc, BOUND_KEY, &[]));
    // The second port: closed, the first one, and with TLS that it does not speak.
    let closed = format!("grpc://localhost:{}", testbed::free_port());
    prove!("weaviate/grpc-closed", &probe(http, &closed, KEY, &[]));
    prove!("weaviate/grpc-is-http", &probe(http, &format!("grpc://localhost:{http}"), KEY, &[]));
    prove!("weaviate/grpc-no-tls", &probe(http, &grpc.replace("grpc:", "grpcs:"), KEY, &[]));
}

/// `/v1/meta` of another version; the rest as a server without keys answers.
fn recorded(version: &'static str) -> RecordedHttp {
    RecordedHttp::start(move |request| match request.path.as_str() {
        "/v1/.well-known/ready" => Answer::new(200, ""),
        "/v1/meta" => {
            let body = r#"{"grpcMaxMessageSize":104858000,"hostname":"http://[::]:8080","modules":{},"version":"VERSION"}"#;
            Answer::new(200, &body.replace("VERSION", version))
        }
        "/v1/schema" => Answer::new(200, r#"{"classes":[]}"#),
        _ => Answer::new(404, ""),
    })
}

#[test]
fn recorded_versions_are_held_against_the_release_of_dify() {
    let none = ("WEAVIATE_GRPC_ENABLED", "false");
    let (old, compose) = (recorded("1.19.0"), recorded("1.27.27"));
    prove!("weaviate/too-old", &probe(old.port, "", "", &[none]));
    prove!(
        "weaviate/old-for-1.17",
        &probe(compose.port, "", "", &[none, ("PREFLIGHT_DIFY_VERSION", "1.17.1")])
    );
    prove!("weaviate/old-for-some", &probe(compose.port, "", "", &[none]));
    probe(compose.port, "", "", &[none, ("PREFLIGHT_DIFY_VERSION", "1.16.1")]).expect_ready(&["1.27.27"]);
    prove!("dify/no-version", &probe(compose.port, "", "", &[none, ("PREFLIGHT_DIFY_VERSION", "latest")]));
}

#[test]
fn recorded_a_cluster_with_a_sick_node_is_warned_about() {
    let server = RecordedHttp::start(|request| match request.path.as_str() {
        "/v1/meta" => Answer::new(200, r#"{"version":"1.35.2"}"#),
        "/v1/nodes" => Answer::new(
            200,
            r#"{"nodes":[{"name":"a","status":"HEALTHY"},{"name":"b","status":"UNAVAILABLE"}]}"#,
        ),
        "/v1/.well-known/ready" | "/v1/schema" => Answer::new(200, "{}"),
        _ => Answer::new(404, ""),
    });
    prove!("weaviate/sick-node", &probe(server.port, "", "", &[("WEAVIATE_GRPC_ENABLED", "false")]));
}

#[test]
fn recorded_strangers_are_suspects() {
    let stranger = RecordedHttp::start(|_| Answer::new(404, "<html>nginx</html>"));
    prove!("weaviate/stranger", &probe(stranger.port, "", "", &[]));
    let greeter = RecordedHttp::start(|_| Answer::new(200, "hello"));
    prove!("weaviate/not-json", &probe(greeter.port, "", "", &[]));
    let redirect = RecordedHttp::start(|_| Answer::new(308, "").header("Location", "https://localhost/"));
    prove!("weaviate/redirect", &probe(redirect.port, "", "", &[]));
}
