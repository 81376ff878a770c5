//! Servers and networks that misbehave, bad input, and a key that must not be seen.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;

use std::thread::{self, sleep};
use std::time::Duration;

use common::{check, look, tool};
use testbed::proxy::{Fault, Proxy};
use testbed::recorded::{Answer, RecordedHttp};

/// The variables of each store at a port, with a key. Those behind SQL but one, and those that only their vendors run, are
/// in the tests of their own.
#[allow(clippy::too_many_lines, reason = "it is a list")]
fn stores(port: u16, key: &str) -> Vec<Vec<(&'static str, String)>> {
    let url = format!("http://localhost:{port}");
    let (port, login) = (port.to_string(), format!("root:{key}"));
    let couchbase = format!("couchbase://localhost:{port}=http");
    let token = "chromadb.auth.token_authn.TokenAuthClientProvider";
    let basic = "chromadb.auth.basic_authn.BasicAuthClientProvider";
    let sets: [&[(&'static str, &str)]; 19] = [
        &[("VECTOR_STORE", "weaviate"), ("WEAVIATE_ENDPOINT", &url), ("WEAVIATE_API_KEY", key)],
        &[("VECTOR_STORE", "qdrant"), ("QDRANT_URL", &url), ("QDRANT_API_KEY", key)],
        &[
            ("VECTOR_STORE", "pgvector"),
            ("PGVECTOR_HOST", "localhost"),
            ("PGVECTOR_PORT", &port),
            ("PGVECTOR_USER", "dify"),
            ("PGVECTOR_PASSWORD", key),
            ("PGVECTOR_DATABASE", "dify"),
        ],
        &[("VECTOR_STORE", "milvus"), ("MILVUS_URI", &url), ("MILVUS_TOKEN", &login)],
        &[
            ("VECTOR_STORE", "milvus"),
            ("MILVUS_URI", &url),
            ("MILVUS_USER", "root"),
            ("MILVUS_PASSWORD", key),
        ],
        &[
            ("VECTOR_STORE", "chroma"),
            ("CHROMA_HOST", "localhost"),
            ("CHROMA_PORT", &port),
            ("CHROMA_AUTH_PROVIDER", token),
            ("CHROMA_AUTH_CREDENTIALS", key),
        ],
        &[
            ("VECTOR_STORE", "chroma"),
            ("CHROMA_HOST", "localhost"),
            ("CHROMA_PORT", &port),
            ("CHROMA_AUTH_PROVIDER", basic),
            ("CHROMA_AUTH_CREDENTIALS", &login),
        ],
        &[
            ("VECTOR_STORE", "elasticsearch"),
            ("ELASTICSEARCH_HOST", "localhost"),
            ("ELASTICSEARCH_PORT", &port),
            ("ELASTICSEARCH_PASSWORD", key),
        ],
        &[
            ("VECTOR_STORE", "elasticsearch-ja"),
            ("ELASTICSEARCH_USE_CLOUD", "true"),
            ("ELASTICSEARCH_CLOUD_URL", &url),
            ("ELASTICSEARCH_API_KEY", key),
        ],
        &[
            ("VECTOR_STORE", "opensearch"),
            ("OPENSEARCH_PORT", &port),
            ("OPENSEARCH_USER", "admin"),
            ("OPENSEARCH_PASSWORD", key),
        ],
        &[
            ("VECTOR_STORE", "opensearch"),
            ("OPENSEARCH_PORT", &port),
            ("OPENSEARCH_AUTH_METHOD", "aws_managed_iam"),
            ("OPENSEARCH_AWS_REGION", "eu-west-1"),
            ("OPENSEARCH_AWS_SERVICE", "es"),
            ("AWS_ACCESS_KEY_ID", "AKID"),
            ("AWS_SECRET_ACCESS_KEY", key),
            ("AWS_SESSION_TOKEN", key),
        ],
        &[("VECTOR_STORE", "myscale"), ("MYSCALE_PORT", &port), ("MYSCALE_PASSWORD", key)],
        &[
            ("VECTOR_STORE", "couchbase"),
            ("COUCHBASE_CONNECTION_STRING", &couchbase),
            ("COUCHBASE_USER", "u"),
            ("COUCHBASE_PASSWORD", key),
            ("COUCHBASE_BUCKET_NAME", "b"),
            ("COUCHBASE_SCOPE_NAME", "s"),
        ],
        &[("VECTOR_STORE", "upstash"), ("UPSTASH_VECTOR_URL", &url), ("UPSTASH_VECTOR_TOKEN", key)],
        &[
            ("VECTOR_STORE", "lindorm"),
            ("LINDORM_URL", &url),
            ("LINDORM_USERNAME", "u"),
            ("LINDORM_PASSWORD", key),
        ],
        &[
            ("VECTOR_STORE", "huawei_cloud"),
            ("HUAWEI_CLOUD_HOSTS", &url),
            ("HUAWEI_CLOUD_USER", "u"),
            ("HUAWEI_CLOUD_PASSWORD", key),
        ],
        &[
            ("VECTOR_STORE", "baidu"),
            ("BAIDU_VECTOR_DB_ENDPOINT", &url),
            ("BAIDU_VECTOR_DB_ACCOUNT", "root"),
            ("BAIDU_VECTOR_DB_API_KEY", key),
            ("BAIDU_VECTOR_DB_DATABASE", "dify"),
        ],
        &[
            ("VECTOR_STORE", "tencent"),
            ("TENCENT_VECTOR_DB_URL", &url),
            ("TENCENT_VECTOR_DB_USERNAME", "root"),
            ("TENCENT_VECTOR_DB_API_KEY", key),
        ],
        &[("VECTOR_STORE", "valkey"), ("VALKEY_PORT", &port), ("VALKEY_PASSWORD", key)],
    ];
    let owned =
        |set: &[(&'static str, &str)]| set.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    sets.into_iter().map(owned).collect()
}

fn borrowed<'a>(variables: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    variables.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[test]
fn nothing_there_and_a_server_that_hangs_are_waited_for() {
    let (silent, hanging) = (testbed::free_port(), Proxy::start(1, Fault::Hang));
    for variables in stores(silent, "some-key") {
        check(&borrowed(&variables)).expect(
            75,
            "not_yet",
            "tcp",
            Some("ECONNREFUSED"),
            &["connection refused"],
        );
    }
    thread::scope(|scope| {
        for variables in stores(hanging.port, "some-key") {
            scope.spawn(|| {
                let run = tool().args(["wait", "--deadline", "1s"]).envs(variables).run();
                run.expect(75, &["ETIMEDOUT"]);
                assert!(run.time < Duration::from_secs(10), "{:?}", run.time);
            });
        }
    });
}

#[test]
fn a_server_of_another_kind_is_never_taken_for_a_store() {
    for garbage in [&b"-ERR unknown command\r\n"[..], b"\x00\x01\x02", b""] {
        let proxy = Proxy::start(1, Fault::Garbage(garbage.to_vec()));
        for variables in stores(proxy.port, "some-key") {
            let seen = check(&borrowed(&variables));
            assert!(matches!(seen.exit, 69 | 75), "{seen:?}");
            assert_ne!(seen.class, "ready", "{seen:?}");
        }
    }
}

#[test]
fn bad_input_is_named() {
    for (variables, key) in [
        (&[][..], "VECTOR_STORE"),
        (&[("VECTOR_STORE", "nosuch")], "VECTOR_STORE"),
        (&[("VECTOR_STORE", "weaviate")], "WEAVIATE_ENDPOINT"),
        (&[("VECTOR_STORE", "qdrant")], "QDRANT_URL"),
        (&[("VECTOR_STORE", "pgvector")], "PGVECTOR_HOST"),
        (&[("VECTOR_STORE", "pgvector"), ("PGVECTOR_HOST", "a"), ("PGVECTOR_PORT", "")], "PGVECTOR_PORT"),
    ] {
        look(&["wait"], variables).expect(69, "never", "config", None, &[key]);
    }
    look(&["wait"], &[("VECTOR_STORE", "nosuch")]).expect(
        69,
        "never",
        "config",
        None,
        &["milvus", "weaviate"],
    );
    tool().args(["wait", "--deadline", "0"]).run().expect(2, &["--deadline"]);
    tool()
        .args(["check", "--termination-log", "/proc/none/log"])
        .run()
        .expect(2, &["PREFLIGHT_TERMINATION_LOG"]);
}

#[test]
fn a_signal_ends_the_wait_at_once() {
    let variables = stores(testbed::free_port(), "some-key").remove(0);
    let run = tool().args(["wait"]).envs(variables).spawn();
    sleep(Duration::from_millis(300));
    run.signal("TERM");
    run.wait().expect(143, &["stopped by a signal"]);
}

/// With characters that are written differently in JSON, in a quoted text and in base64.
const CANARY: &str = "Kanarie\"7f3a\\@/+ x";
const TRACES: [&str; 2] = ["Kanarie", "7f3a"];

#[test]
fn a_key_is_in_no_output() {
    // A server that says back what it was told.
    let echo = RecordedHttp::start(|request| Answer::new(401, &format!("{:?}", request.headers)));
    let broken = RecordedHttp::start(|request| Answer::new(500, &format!("{:?}", request.headers)));
    let babble = Proxy::start(1, Fault::Garbage(CANARY.as_bytes().to_vec()));
    for port in [testbed::free_port(), echo.port, broken.port, babble.port] {
        thread::scope(|scope| {
            for variables in stores(port, CANARY) {
                scope.spawn(move || says_no_key(&variables));
            }
        });
    }
}

fn says_no_key(variables: &[(&'static str, String)]) {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    for output in ["text", "json"] {
        for more in [&["-v"][..], &["--print-config"]] {
            let run = tool()
                .args(["wait", "--output", output, "--grace", "0s", "--deadline", "500ms"])
                .args(["--termination-log", log.to_str().unwrap()])
                .args(more.iter().copied())
                .envs(variables.iter().cloned())
                .run();
            let said = format!("{}{}", run.output(), std::fs::read_to_string(&log).unwrap_or_default());
            for trace in TRACES {
                assert!(!said.contains(trace), "{trace} after {variables:?}:\n{said}");
            }
        }
    }
}
