//! Servers and networks that misbehave, bad input, and a key that must not be seen.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;

use std::thread::sleep;
use std::time::Duration;

use common::{check, look, tool};
use testbed::proxy::{Fault, Proxy};
use testbed::recorded::{Answer, RecordedHttp};

/// The variables of each store at a port, with a key.
fn stores(port: u16, key: &str) -> Vec<Vec<(&'static str, String)>> {
    let url = format!("http://localhost:{port}");
    vec![
        vec![
            ("VECTOR_STORE", "weaviate".to_owned()),
            ("WEAVIATE_ENDPOINT", url.clone()),
            ("WEAVIATE_API_KEY", key.to_owned()),
        ],
        vec![("VECTOR_STORE", "qdrant".to_owned()), ("QDRANT_URL", url), ("QDRANT_API_KEY", key.to_owned())],
        vec![
            ("VECTOR_STORE", "pgvector".to_owned()),
            ("PGVECTOR_HOST", "localhost".to_owned()),
            ("PGVECTOR_PORT", port.to_string()),
            ("PGVECTOR_USER", "dify".to_owned()),
            ("PGVECTOR_PASSWORD", key.to_owned()),
            ("PGVECTOR_DATABASE", "dify".to_owned()),
        ],
    ]
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
    for variables in stores(hanging.port, "some-key") {
        let run = tool().args(["wait", "--deadline", "1s"]).envs(variables).run();
        run.expect(75, &["ETIMEDOUT"]);
        assert!(run.time < Duration::from_secs(10), "{:?}", run.time);
    }
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
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    // A server that says back what it was told.
    let echo = RecordedHttp::start(|request| Answer::new(401, &format!("{:?}", request.headers)));
    let broken = RecordedHttp::start(|request| Answer::new(500, &format!("{:?}", request.headers)));
    let babble = Proxy::start(1, Fault::Garbage(CANARY.as_bytes().to_vec()));
    for port in [testbed::free_port(), echo.port, broken.port, babble.port] {
        for variables in stores(port, CANARY) {
            for output in ["text", "json"] {
                for more in [&["-v"][..], &["--print-config"]] {
                    let run = tool()
                        .args(["wait", "--output", output, "--grace", "0s", "--deadline", "500ms"])
                        .args(["--termination-log", log.to_str().unwrap()])
                        .args(more.iter().copied())
                        .envs(variables.iter().cloned())
                        .run();
                    let said =
                        format!("{}{}", run.output(), std::fs::read_to_string(&log).unwrap_or_default());
                    for trace in TRACES {
                        assert!(!said.contains(trace), "{trace} after {variables:?}:\n{said}");
                    }
                }
            }
        }
    }
}
