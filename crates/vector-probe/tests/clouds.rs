//! Stores that cannot be had here: their answers are those of their documentation, or of the server that they are built
//! from.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;

use common::grpc::{self, Reply};
use common::{Seen, check};
use testbed::clickhouse::ClickHouse;
use testbed::prove;
use testbed::proxy::{Fault, Proxy};
use testbed::recorded::{Answer, RecordedHttp, Request};
use testbed::redis::RedisPlan;

fn myscale(port: u16, user: &str, password: &str) -> Seen {
    let port = port.to_string();
    check(&[
        ("VECTOR_STORE", "myscale"),
        ("MYSCALE_PORT", &port),
        ("MYSCALE_USER", user),
        ("MYSCALE_PASSWORD", password),
        ("MYSCALE_DATABASE", "dify"),
    ])
}

#[test]
fn a_real_clickhouse_is_not_taken_for_myscale() {
    let server = ClickHouse::start();
    prove!("myscale/is-clickhouse", &myscale(server.port, "dify", "dify-pw"));
    prove!("myscale/wrong-password", &myscale(server.port, "dify", "other"));
    prove!("myscale/no-user", &myscale(server.port, "nobody", "other"));
}

#[test]
fn recorded_answers_of_myscale_are_read() {
    let answers = |status: u16, body: &'static str| {
        let server = RecordedHttp::start(move |request| match request.path.as_str() {
            "/ping" => Answer::new(200, "Ok.\n"),
            _ => Answer::new(status, body),
        });
        myscale(server.port, "dify", "dify-pw")
    };
    prove!("myscale/ready", &answers(200, "23.3.2.1\t1\t1\t0\n"));
    prove!("myscale/no-database", &answers(200, "23.3.2.1\t1\t0\t0\n"));
    prove!("myscale/bound", &answers(200, "23.3.2.1\t1\t1\t1\n"));
    let refused = "Code: 516. DB::Exception: dify: Authentication failed: password is incorrect, or there is no user with such name.";
    prove!("myscale/refused", &answers(403, refused));
    prove!("myscale/forbidden", &answers(403, "Code: 497. DB::Exception: dify: Not enough privileges."));
    prove!("myscale/too-many", &answers(500, "Code: 202. DB::Exception: Too many simultaneous queries."));
    let stranger = RecordedHttp::start(|_| Answer::new(200, "pong"));
    prove!("myscale/stranger", &myscale(stranger.port, "dify", "dify-pw"));
}

fn valkey(port: u16, more: &[(&str, &str)]) -> Seen {
    let port = port.to_string();
    let mut variables = vec![("VECTOR_STORE", "valkey"), ("VALKEY_PORT", port.as_str())];
    variables.extend_from_slice(more);
    check(&variables)
}

#[test]
fn a_real_redis_is_not_taken_for_valkey_with_search() {
    let server = RedisPlan::new().set("requirepass", "redis-pw").start();
    let password = ("VALKEY_PASSWORD", "redis-pw");
    prove!("valkey/no-module", &valkey(server.port(), &[password]));
    prove!("valkey/wrong-password", &valkey(server.port(), &[("VALKEY_PASSWORD", "other")]));
    prove!("valkey/no-password", &valkey(server.port(), &[]));
    prove!("valkey/no-such-number", &valkey(server.port(), &[password, ("VALKEY_DB", "99")]));
    let open = RedisPlan::new().start();
    prove!("valkey/needless-password", &valkey(open.port(), &[password]));
}

#[test]
fn recorded_answers_of_valkey_are_read() {
    let says = |text: &str| {
        let proxy = Proxy::start(1, Fault::Garbage(text.as_bytes().to_vec()));
        valkey(proxy.port, &[])
    };
    prove!("valkey/ready", &says("+PONG\r\n*0\r\n"));
    prove!("valkey/loading", &says("-LOADING Valkey is loading the dataset in memory\r\n"));
    prove!("valkey/stranger", &says("HTTP/1.1 400 Bad Request\r\n\r\n"));
}

#[test]
fn recorded_answers_of_upstash_are_read() {
    let upstash = |rule: fn(&Request) -> Answer| {
        let server = RecordedHttp::start(rule);
        let url = format!("http://localhost:{}", server.port);
        check(&[
            ("VECTOR_STORE", "upstash"),
            ("UPSTASH_VECTOR_URL", &url),
            ("UPSTASH_VECTOR_TOKEN", "some-token"),
        ])
    };
    prove!(
        "upstash/ready",
        &upstash(|request| {
            assert_eq!(
                (request.path.as_str(), request.headers["authorization"].as_str()),
                ("/info", "Bearer some-token")
            );
            Answer::new(
                200,
                r#"{"result":{"vectorCount":0,"pendingVectorCount":0,"indexSize":0,"dimension":1536,"similarityFunction":"COSINE"}}"#,
            )
        })
    );
    prove!(
        "upstash/wrong-token",
        &upstash(|_| Answer::new(401, r#"{"error":"Unauthorized: Invalid auth token","status":401}"#))
    );
    prove!("upstash/stranger", &upstash(|_| Answer::new(200, "{}")));
}

#[test]
fn recorded_answers_of_baidu_are_read() {
    let baidu = |status: u16, body: &'static str| {
        let server = RecordedHttp::start(move |request| {
            assert_eq!(request.headers["authorization"], "Bearer account=root&api_key=some-key");
            Answer::new(status, body)
        });
        let url = format!("http://localhost:{}", server.port);
        check(&[
            ("VECTOR_STORE", "baidu"),
            ("BAIDU_VECTOR_DB_ENDPOINT", &url),
            ("BAIDU_VECTOR_DB_ACCOUNT", "root"),
            ("BAIDU_VECTOR_DB_API_KEY", "some-key"),
            ("BAIDU_VECTOR_DB_DATABASE", "dify"),
        ])
    };
    prove!("baidu/ready", &baidu(200, r#"{"code":0,"msg":"Success","databases":["dify"]}"#));
    prove!("baidu/no-database", &baidu(200, r#"{"code":0,"msg":"Success","databases":[]}"#));
    prove!("baidu/wrong-key", &baidu(401, r#"{"code":24,"msg":"Authentication failed"}"#));
    prove!("baidu/forbidden", &baidu(403, r#"{"code":25,"msg":"Permission denied"}"#));
    prove!("baidu/internal", &baidu(500, r#"{"code":1,"msg":"Internal error"}"#));
    prove!("baidu/stranger", &baidu(404, "<html></html>"));
}

#[test]
fn recorded_answers_of_tencent_are_read() {
    let tencent = |reply: Reply| {
        let port = grpc::recorded(move |path, headers| {
            assert_eq!(
                (path, headers["authorization"].as_str()),
                ("/database/list", "Bearer account=root&api_key=some-key")
            );
            reply.clone()
        });
        let url = format!("http://localhost:{port}");
        check(&[
            ("VECTOR_STORE", "tencent"),
            ("TENCENT_VECTOR_DB_URL", &url),
            ("TENCENT_VECTOR_DB_USERNAME", "root"),
            ("TENCENT_VECTOR_DB_API_KEY", "some-key"),
            ("TENCENT_VECTOR_DB_DATABASE", "dify"),
        ])
    };
    let says = |code: u8, text: &str| {
        let mut message = vec![0x08, code, 0x12, u8::try_from(text.len()).unwrap()];
        message.extend(text.as_bytes());
        Reply::of(&message)
    };
    prove!("tencent/ready", &tencent(says(0, "Operation success")));
    prove!("tencent/wrong-key", &tencent(says(1, "auth fail: account or api_key error")));
    prove!("tencent/other", &tencent(says(7, "something else")));
    prove!("tencent/unauthenticated", &tencent(Reply::failed(16, "no")));
    prove!("tencent/stranger", &tencent(Reply::failed(12, "unknown service")));
    prove!("tencent/unavailable", &tencent(Reply::failed(14, "no healthy upstream")));
}

/// The root of an Elasticsearch or of a relative.
const ROOT: &str =
    r#"{"name":"n","cluster_name":"c","version":{"number":"7.10.2"},"tagline":"You Know, for Search"}"#;

#[test]
fn recorded_answers_of_lindorm_and_huawei_are_read() {
    let good = RecordedHttp::start(|_| Answer::new(200, ROOT));
    let wrong = RecordedHttp::start(|_| Answer::new(401, "Unauthorized"));
    let lindorm = |server: &RecordedHttp| {
        let url = format!("http://localhost:{}", server.port);
        check(&[
            ("VECTOR_STORE", "lindorm"),
            ("LINDORM_URL", &url),
            ("LINDORM_USERNAME", "root"),
            ("LINDORM_PASSWORD", "some-password"),
        ])
    };
    prove!("lindorm/ready", &lindorm(&good));
    prove!("lindorm/wrong-password", &lindorm(&wrong));
    let huawei = |hosts: &str, password: &str| {
        check(&[
            ("VECTOR_STORE", "huawei_cloud"),
            ("HUAWEI_CLOUD_HOSTS", hosts),
            ("HUAWEI_CLOUD_USER", "admin"),
            ("HUAWEI_CLOUD_PASSWORD", password),
        ])
    };
    let both = format!("http://localhost:{0},http://127.0.0.1:{0}", good.port);
    prove!("huawei-cloud/ready", &huawei(&both, "some-password"));
    prove!("huawei-cloud/no-password", &huawei(&format!("http://localhost:{}", wrong.port), ""));
    prove!(
        "huawei-cloud/one-down",
        &huawei(&format!("{both},http://localhost:{}", testbed::free_port()), "pw-of-one")
    );
}

#[test]
fn recorded_answers_of_couchbase_are_read() {
    let cluster = |services: &'static str| {
        RecordedHttp::start(move |request| match request.path.as_str() {
            // user:some-password
            _ if request.headers["authorization"] != "Basic dXNlcjpzb21lLXBhc3N3b3Jk" => Answer::new(401, ""),
            "/pools/default/buckets/dify" => Answer::new(200, r#"{"name":"dify","bucketType":"membase"}"#),
            "/pools/default/buckets/dify/scopes" => {
                Answer::new(200, r#"{"uid":"1","scopes":[{"name":"_default","uid":"0","collections":[]}]}"#)
            }
            "/pools/default/nodeServices" => Answer::new(200, services),
            _ => Answer::new(404, "Requested resource not found.\r\n"),
        })
    };
    let probe = |server: &RecordedHttp, password: &str, bucket: &str, scope: &str| {
        // The first host is down, as one node of a cluster may be.
        let string =
            format!("couchbase://localhost:{}=http,localhost:{}=http", testbed::free_port(), server.port);
        check(&[
            ("VECTOR_STORE", "couchbase"),
            ("COUCHBASE_CONNECTION_STRING", &string),
            ("COUCHBASE_USER", "user"),
            ("COUCHBASE_PASSWORD", password),
            ("COUCHBASE_BUCKET_NAME", bucket),
            ("COUCHBASE_SCOPE_NAME", scope),
        ])
    };
    let all = r#"{"rev":1,"nodesExt":[{"services":{"mgmt":8091,"kv":11210,"n1ql":8093,"fts":8094}}]}"#;
    let server = cluster(all);
    prove!("couchbase/ready", &probe(&server, "some-password", "dify", "_default"));
    prove!("couchbase/wrong-password", &probe(&server, "other", "dify", "_default"));
    prove!("couchbase/no-bucket", &probe(&server, "some-password", "nosuch", "_default"));
    prove!("couchbase/no-scope", &probe(&server, "some-password", "dify", "nosuch"));
    let capella = check(&[
        ("VECTOR_STORE", "couchbase"),
        ("COUCHBASE_CONNECTION_STRING", "couchbases://cb.nosuch.invalid"),
        ("COUCHBASE_USER", "user"),
        ("COUCHBASE_PASSWORD", "some-password"),
        ("COUCHBASE_BUCKET_NAME", "dify"),
        ("COUCHBASE_SCOPE_NAME", "_default"),
    ]);
    assert_eq!((capella.class.as_str(), capella.hop.as_str()), ("not_yet", "dns"), "{capella:?}");
    capella.holds(&["name one of the nodes"]);
    let server = cluster(r#"{"rev":1,"nodesExt":[{"services":{"mgmt":8091,"kv":11210}}]}"#);
    prove!("couchbase/no-search", &probe(&server, "some-password", "dify", "_default"));
}
