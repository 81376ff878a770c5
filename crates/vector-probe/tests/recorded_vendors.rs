//! How the answers of stores are read that only their vendors run: `VikingDB`, Tablestore, `ClickZetta`, `TiDB` Cloud, and
//! `InterSystems` IRIS. They follow the vendors' documentation and client libraries; none of them runs here.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;
#[path = "common/tls.rs"]
mod tls;

use common::{Seen, check};
use testbed::proxy::{Fault, Proxy};
use testbed::recorded::{Answer, RecordedHttp, Request};
use testbed::{free_port, prove};
use tls::Tls;

fn vikingdb(port: u16) -> Seen {
    check(&[
        ("VECTOR_STORE", "vikingdb"),
        ("VIKINGDB_HOST", &format!("localhost:{port}")),
        ("VIKINGDB_ACCESS_KEY", "AKLT-viking"),
        ("VIKINGDB_SECRET_KEY", "viking-secret"),
    ])
}

#[test]
fn recorded_answers_of_vikingdb_are_told_apart() {
    let ready = RecordedHttp::start(|_| Answer::new(200, r#"{"code":0,"message":"success","data":[]}"#));
    prove!("vikingdb/ready", &vikingdb(ready.port));
    let asked = ready.requests();
    assert_eq!(
        (asked[0].path.as_str(), asked[1].path.as_str()),
        ("/api/viking_db/data/ping", "/api/collection/list")
    );
    assert!(
        asked[0].headers["authorization"].starts_with("HMAC-SHA256 Credential=AKLT-viking/"),
        "{asked:?}"
    );
    let refused = |status, code: i64, text: &str| {
        let body = format!(r#"{{"code":{code},"message":"{text}","request_id":"02"}}"#);
        RecordedHttp::start(move |_| Answer::new(status, &body))
    };
    prove!("vikingdb/wrong-key", &vikingdb(refused(401, 1_000_001, "request unauthorized").port));
    prove!("vikingdb/no-permission", &vikingdb(refused(403, 1_000_002, "no permission").port));
    prove!("vikingdb/not-ordered", &vikingdb(refused(400, 1_000_032, "user has no order").port));
    prove!("vikingdb/overdue", &vikingdb(refused(400, 1_000_033, "user overdue").port));
    prove!("vikingdb/quota", &vikingdb(refused(429, 1_000_029, "quota limiter").port));
    let down = RecordedHttp::start(|_| Answer::new(503, "upstream connect error"));
    prove!("vikingdb/down", &vikingdb(down.port));
    let page = RecordedHttp::start(|_| Answer::new(200, "<html>nginx</html>"));
    prove!("vikingdb/stranger", &vikingdb(page.port));
    prove!("vikingdb/refused", &vikingdb(free_port()));
}

fn tablestore(port: u16) -> Seen {
    check(&[
        ("VECTOR_STORE", "tablestore"),
        ("TABLESTORE_ENDPOINT", &format!("http://127.0.0.1:{port}")),
        ("TABLESTORE_INSTANCE_NAME", "dify"),
        ("TABLESTORE_ACCESS_KEY_ID", "LTAI-tablestore"),
        ("TABLESTORE_ACCESS_KEY_SECRET", "tablestore-secret"),
    ])
}

/// The service's error: two texts in protocol buffers.
fn ots(code: &str, message: &str) -> String {
    let field = |number: u8, text: &str| {
        format!("{}{}{text}", char::from(number << 3 | 2), char::from(u8::try_from(text.len()).unwrap()))
    };
    field(1, code) + &field(2, message)
}

#[test]
fn recorded_answers_of_tablestore_are_told_apart() {
    let ready = RecordedHttp::start(|_| Answer::new(200, "").header("x-ots-requestid", "0005f55a"));
    prove!("tablestore/ready", &tablestore(ready.port));
    let asked = &ready.requests()[0];
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/ListTable"));
    assert_eq!(asked.headers["x-ots-instancename"], "dify");
    let refused = |status, code: &str, text: &str| {
        let body = ots(code, text);
        tablestore(RecordedHttp::start(move |_| Answer::new(status, &body)).port)
    };
    let failed = |text| refused(403, "OTSAuthFailed", text);
    prove!("tablestore/wrong-secret", &failed("Signature mismatch."));
    prove!("tablestore/wrong-key", &failed("The AccessKeyID does not exist."));
    prove!("tablestore/no-instance", &failed("The instance is not found."));
    prove!("tablestore/not-running", &failed("The instance is not running."));
    prove!("tablestore/no-privilege", &failed("The user has no privilege to access the instance."));
    prove!("tablestore/network", &failed("Request denied by instance ACL policies."));
    prove!(
        "tablestore/clock",
        &failed("Mismatch between system time and x-ots-date: 2026-11-23T17:00:00.000Z.")
    );
    let text = "You have no permission to access the requested resource";
    prove!("tablestore/no-permission", &refused(403, "OTSNoPermissionAccess", text));
    prove!("tablestore/busy", &refused(503, "OTSServerBusy", "Server is busy."));
    prove!("tablestore/quota", &refused(403, "OTSQuotaExhausted", "Number of tables exceeded the quota."));
    let page = RecordedHttp::start(|_| Answer::new(200, "<html>nginx</html>"));
    prove!("tablestore/stranger", &tablestore(page.port));
    let down = RecordedHttp::start(|_| Answer::new(502, ""));
    prove!("tablestore/down", &tablestore(down.port));
}

/// Only HTTPS is spoken with it.
fn clickzetta(rule: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Seen {
    let server = RecordedHttp::start(rule);
    let tls = Tls::start(server.port, "localhost");
    let seen = clickzetta_at(&format!("localhost:{}", tls.port), &[("SSL_CERT_FILE", tls.file())]);
    for request in server.requests() {
        assert_eq!(request.path, "/clickzetta-portal/user/loginSingle");
    }
    seen
}

fn clickzetta_at(service: &str, more: &[(&str, &str)]) -> Seen {
    let mut variables = vec![
        ("VECTOR_STORE", "clickzetta"),
        ("CLICKZETTA_SERVICE", service),
        ("CLICKZETTA_INSTANCE", "inst"),
        ("CLICKZETTA_USERNAME", "dify"),
        ("CLICKZETTA_PASSWORD", "clickzetta-pw"),
    ];
    variables.extend_from_slice(more);
    check(&variables)
}

#[test]
fn recorded_answers_of_clickzetta_are_told_apart() {
    let token = r#"{"code":0,"data":{"token":"eyJ0"},"success":true}"#;
    prove!("clickzetta/ready", &clickzetta(move |_| Answer::new(200, token)));
    let wrong = r#"{"code":"2014","msg":"username or password is wrong","success":false}"#;
    prove!("clickzetta/wrong-password", &clickzetta(move |_| Answer::new(200, wrong)));
    let element = r#"{"code":"500","msg":"No such element","success":false}"#;
    prove!("clickzetta/no-instance", &clickzetta(move |_| Answer::new(200, element)));
    prove!("clickzetta/no-token", &clickzetta(|_| Answer::new(200, r#"{"code":0,"data":{"token":null}}"#)));
    prove!("clickzetta/down", &clickzetta(|_| Answer::new(503, "no healthy upstream")));
    prove!("clickzetta/stranger", &clickzetta(|_| Answer::new(404, "<html>nginx</html>")));
    let plain = Proxy::start(1, Fault::Garbage(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()));
    prove!("clickzetta/no-tls", &clickzetta_at(&format!("localhost:{}", plain.port), &[]));
    let other = Tls::start(plain.port, "elsewhere");
    let seen = clickzetta_at(&format!("localhost:{}", other.port), &[("SSL_CERT_FILE", other.file())]);
    prove!("clickzetta/wrong-name", &seen);
    prove!("clickzetta/http", &clickzetta_at("http://api.clickzetta.com", &[]));
}

fn tidb_cloud(cloud: u16, qdrant: u16, more: &[(&str, &str)]) -> Seen {
    let (api, url) = (format!("http://localhost:{cloud}/v1beta1"), format!("http://localhost:{qdrant}"));
    let mut variables = vec![
        ("VECTOR_STORE", "tidb_on_qdrant"),
        ("TIDB_ON_QDRANT_URL", url.as_str()),
        ("TIDB_API_URL", api.as_str()),
        ("TIDB_PUBLIC_KEY", "public"),
        ("TIDB_PRIVATE_KEY", "private-key"),
    ];
    variables.extend_from_slice(more);
    check(&variables)
}

/// Takes any proof that is one: the arithmetic is tested where it is done.
fn cloud(request: &Request) -> Answer {
    const CHALLENGE: &str = r#"Digest realm="tidb.cloud", nonce="bd6f", qop="auth", algorithm=MD5"#;
    match request.headers.get("authorization") {
        Some(proof)
            if proof.contains(
                r#"username="public", realm="tidb.cloud", nonce="bd6f", uri="/v1beta1/clusters?pageSize=1""#,
            ) =>
        {
            Answer::new(200, r#"{"clusters":[],"totalSize":0}"#)
        }
        Some(_) => Answer::new(403, "{}"),
        None => Answer::new(401, "").header("www-authenticate", CHALLENGE),
    }
}

#[test]
fn recorded_answers_of_tidb_cloud_are_told_apart() {
    let api = RecordedHttp::start(cloud);
    let qdrant = RecordedHttp::start(|request| match request.headers.get("api-key") {
        Some(_) => Answer::new(200, r#"{"result":{"collections":[]}}"#),
        None => Answer::new(401, "Must provide an API key"),
    });
    prove!("tidb-on-qdrant/ready", &tidb_cloud(api.port, qdrant.port, &[]));
    tidb_cloud(api.port, qdrant.port, &[("TIDB_ON_QDRANT_API_KEY", "some-key")])
        .expect_ready(&["lists its collections"]);
    let refusing = RecordedHttp::start(|_| {
        Answer::new(401, "").header("www-authenticate", r#"Digest realm="t", nonce="n""#)
    });
    prove!("tidb-on-qdrant/wrong-key", &tidb_cloud(refusing.port, qdrant.port, &[]));
    let forbidding = RecordedHttp::start(|_| Answer::new(403, r#"{"code":7,"message":"permission denied"}"#));
    prove!("tidb-on-qdrant/no-permission", &tidb_cloud(forbidding.port, qdrant.port, &[]));
    let busy = RecordedHttp::start(|_| Answer::new(429, "{}"));
    prove!("tidb-on-qdrant/limit", &tidb_cloud(busy.port, qdrant.port, &[]));
    let stranger = RecordedHttp::start(|_| Answer::new(404, "<html>nginx</html>"));
    prove!("tidb-on-qdrant/stranger", &tidb_cloud(stranger.port, qdrant.port, &[]));
    prove!("tidb-on-qdrant/no-qdrant", &tidb_cloud(api.port, stranger.port, &[]));
    prove!("tidb-on-qdrant/refused", &tidb_cloud(api.port, free_port(), &[]));
    let closed = free_port().to_string();
    let grpc = [("TIDB_ON_QDRANT_GRPC_ENABLED", "true"), ("TIDB_ON_QDRANT_GRPC_PORT", closed.as_str())];
    prove!("tidb-on-qdrant/no-grpc", &tidb_cloud(api.port, qdrant.port, &grpc));
}

fn iris(port: u16, more: &[(&str, &str)]) -> Seen {
    let port = port.to_string();
    let mut variables =
        vec![("VECTOR_STORE", "iris"), ("IRIS_HOST", "127.0.0.1"), ("IRIS_SUPER_SERVER_PORT", port.as_str())];
    variables.extend_from_slice(more);
    check(&variables)
}

#[test]
fn of_iris_only_the_port_is_known() {
    let open = Proxy::start(1, Fault::Hang);
    let password = ("IRIS_PASSWORD", "iris-pw");
    prove!("iris/reachable", &iris(open.port, &[password]));
    prove!("iris/published-password", &iris(open.port, &[]));
    prove!("iris/strict", &iris(open.port, &[password, ("PREFLIGHT_STRICT", "true")]));
    prove!("iris/refused", &iris(free_port(), &[password]));
    prove!("iris/pool", &iris(open.port, &[("IRIS_MIN_CONNECTION", "4")]));
}
