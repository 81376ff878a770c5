//! Faults of the network and of servers, once for each protocol that is spoken here: HTTP and gRPC.
#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

mod common;
#[path = "common/tls.rs"]
mod tls;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use common::grpc::{self, Reply};
use common::{Seen, tool};
use testbed::prove;
use testbed::proxy::{Fault, Proxy};
use testbed::recorded::{Answer, RecordedHttp};
use tls::Tls;

/// A look that must end within its limit; `more` may set the same variable again.
fn look(store: &[(&'static str, String)], more: &[(&'static str, &str)]) -> Seen {
    let run = tool()
        .args(["--output", "json", "check"])
        .envs(store.iter().cloned())
        .envs(more.iter().map(|(name, value)| (*name, (*value).to_owned())))
        .run();
    assert!(run.time < Duration::from_secs(9), "{:?}", run.time);
    Seen::of(&run)
}

fn upstash(scheme: &str, port: u16) -> Vec<(&'static str, String)> {
    vec![
        ("VECTOR_STORE", "upstash".to_owned()),
        ("UPSTASH_VECTOR_URL", format!("{scheme}://localhost:{port}")),
        ("UPSTASH_VECTOR_TOKEN", "some-token".to_owned()),
    ]
}

fn milvus(scheme: &str, port: u16) -> Vec<(&'static str, String)> {
    vec![
        ("VECTOR_STORE", "milvus".to_owned()),
        ("MILVUS_URI", format!("{scheme}://localhost:{port}")),
        ("MILVUS_TOKEN", "some-token".to_owned()),
    ]
}

fn good() -> RecordedHttp {
    RecordedHttp::start(|_| Answer::new(200, r#"{"result":{"dimension":8}}"#))
}

/// Says this on every connection, once it was spoken to, and as much of it as is taken; counts what was taken.
fn speaker(head: Vec<u8>, chunk: Vec<u8>, times: usize) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, taken) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&taken);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let (head, chunk, count) = (head.clone(), chunk.clone(), Arc::clone(&count));
            thread::spawn(move || {
                let _ = stream.read(&mut [0; 4096]);
                if stream.write_all(&head).is_err() {
                    return;
                }
                for _ in 0..times {
                    if stream.write_all(&chunk).is_err() {
                        return;
                    }
                    count.fetch_add(chunk.len(), Ordering::Relaxed);
                }
                // Half open from here on.
                thread::sleep(Duration::from_secs(20));
            });
        }
    });
    (port, taken)
}

#[test]
fn no_answer_and_half_an_answer() {
    prove!("http/refused", &look(&upstash("http", testbed::free_port()), &[]));
    let hanging = Proxy::start(1, Fault::Hang);
    prove!("http/hangs", &look(&upstash("http", hanging.port), &[]));
    let (half, _) = speaker(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"res".to_vec(), Vec::new(), 0);
    prove!("http/half-open", &look(&upstash("http", half), &[]));
    let server = good();
    let cut = Proxy::start(server.port, Fault::CutAfter(40));
    prove!("http/cut", &look(&upstash("http", cut.port), &[]));
    let slow = Proxy::start(server.port, Fault::Delay(Duration::from_millis(700)));
    look(&upstash("http", slow.port), &[]).expect_ready(&[]);
    let closing = Proxy::start(1, Fault::Close);
    let seen = look(&upstash("http", closing.port), &[]);
    assert_eq!((seen.class.as_str(), seen.hop.as_str()), ("not_yet", "tcp"), "{seen:?}");
}

#[test]
fn answers_that_are_none() {
    let garbage = Proxy::start(1, Fault::Garbage(b"\x00\x01\x02 not http\r\n\r\n".to_vec()));
    prove!("http/garbage", &look(&upstash("http", garbage.port), &[]));
    let (nothing_but_headers, _) =
        speaker(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X-A: aaaaaaaaaaaaaaaa\r\n".repeat(100), 10_000);
    let seen = look(&upstash("http", nothing_but_headers), &[]);
    assert_ne!(seen.class, "ready", "{seen:?}");
    // Sent in circles; nobody follows.
    let circle = RecordedHttp::start(|_| Answer::new(302, "").header("Location", "/info"));
    prove!("http/redirect-loop", &look(&upstash("http", circle.port), &[]));
    assert_eq!(circle.requests().len(), 1);
}

#[test]
fn a_huge_answer_is_not_read_to_its_end() {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", 1 << 30).into_bytes();
    let (port, taken) = speaker(head, vec![b' '; 1 << 16], 1 << 14);
    prove!("http/huge", &look(&upstash("http", port), &[]));
    thread::sleep(Duration::from_millis(200));
    // What the kernel holds on both sides is some megabytes.
    assert!(taken.load(Ordering::Relaxed) < 32 << 20, "{} bytes were taken", taken.load(Ordering::Relaxed));
}

#[test]
fn a_small_answer_that_unpacks_to_a_huge_one_stays_packed() {
    let script = "head -c 300000000 /dev/zero | gzip -c";
    let bomb = Command::new("sh").args(["-c", script]).output().unwrap().stdout;
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", bomb.len());
    let (port, _) = speaker(head.into_bytes(), bomb, 1);
    prove!("http/packed", &look(&upstash("http", port), &[]));
}

#[test]
fn control_characters_of_a_server_stay_on_its_side() {
    let server = RecordedHttp::start(|_| {
        Answer::new(503, "\u{1b}[31mred\u{1b}[0m\u{7}\r\nvector-probe: ready: all is well")
    });
    let seen = look(&upstash("http", server.port), &[]);
    seen.expect(75, "not_yet", "state", Some("HTTP 503"), &["red"]);
    let text = tool().args(["check"]).envs(upstash("http", server.port)).run();
    for output in [&seen.output, &text.output()] {
        assert!(!output.contains('\u{1b}') && !output.contains('\u{7}'), "{output:?}");
    }
    // Nor may it begin a line of its own.
    assert_eq!(text.output().lines().count(), 1, "{}", text.output());
    let spoken = grpc::recorded(|_, _| Reply::failed(14, "%1b[31mred%1b[0m%0a"));
    let text = tool().args(["check"]).envs(milvus("http", spoken)).run();
    assert!(!text.output().contains('\u{1b}') && text.output().lines().count() == 1, "{:?}", text.output());
}

#[test]
fn certificates_and_their_faults() {
    let server = good();
    let tls = Tls::start(server.port, "localhost");
    look(&upstash("https", tls.port), &[("SSL_CERT_FILE", tls.file())]).expect_ready(&[]);
    prove!("http/unknown-ca", &look(&upstash("https", tls.port), &[]));
    let other = Tls::start(server.port, "other.example");
    prove!("http/other-name", &look(&upstash("https", other.port), &[("SSL_CERT_FILE", other.file())]));
    let expired = Tls::expired(server.port, "localhost");
    prove!("http/expired", &look(&upstash("https", expired.port), &[("SSL_CERT_FILE", expired.file())]));
    prove!("http/no-tls", &look(&upstash("https", server.port), &[]));
    let silent = Proxy::start(1, Fault::Hang);
    let seen = look(&upstash("https", silent.port), &[]);
    assert_eq!((seen.class.as_str(), seen.code.as_deref()), ("not_yet", Some("ETIMEDOUT")), "{seen:?}");
    let slow = Proxy::start(tls.port, Fault::Delay(Duration::from_millis(600)));
    look(&upstash("https", slow.port), &[("SSL_CERT_FILE", tls.file())]).expect_ready(&[]);
}

#[test]
fn faults_of_grpc() {
    prove!("grpc/refused", &look(&milvus("http", testbed::free_port()), &[]));
    let hanging = Proxy::start(1, Fault::Hang);
    prove!("grpc/hangs", &look(&milvus("http", hanging.port), &[]));
    let garbage = Proxy::start(1, Fault::Garbage(vec![0xff; 4096]));
    let seen = look(&milvus("http", garbage.port), &[]);
    assert_ne!(seen.class, "ready", "{seen:?}");
    // More than is ever read, a message that ends before it should, and none at all.
    let huge = grpc::recorded(|_, _| Reply::of(&vec![b'a'; 8 << 20]));
    let seen = look(&milvus("http", huge), &[]);
    assert_ne!(seen.class, "ready", "{seen:?}");
    prove!("grpc/broken", &look(&milvus("http", grpc::recorded(|_, _| Reply::of(&[0x0a, 0x7f, 0x08]))), &[]));
    let nothing = grpc::recorded(|_, _| Reply::of(b""));
    assert_ne!(look(&milvus("http", nothing), &[]).class, "ready");
}

#[test]
fn grpc_with_tls() {
    let answer = |path: &str| {
        // A status without a fault, and a version.
        if path.ends_with("GetVersion") {
            Reply::of(b"\x0a\x00\x12\x06v2.5.4")
        } else {
            Reply::of(b"\x0a\x00")
        }
    };
    let (config, ca) = tls::certificate("localhost", false);
    let port = grpc::secure(config, move |path, _| answer(path));
    let file = ca.path().to_str().unwrap();
    prove!("grpc/tls", &look(&milvus("https", port), &[("MILVUS_SERVER_PEM_PATH", file)]));
    look(&milvus("http", port), &[("MILVUS_SECURE", "true"), ("MILVUS_SERVER_PEM_PATH", file)])
        .expect_ready(&[]);
    prove!("grpc/unknown-ca", &look(&milvus("https", port), &[]));
    let other = [("MILVUS_SERVER_PEM_PATH", file), ("MILVUS_SERVER_NAME", "other.example")];
    prove!("grpc/other-name", &look(&milvus("https", port), &other));
    let (config, ca) = tls::certificate("localhost", true);
    let port = grpc::secure(config, move |path, _| answer(path));
    prove!(
        "grpc/expired",
        &look(&milvus("https", port), &[("MILVUS_SERVER_PEM_PATH", ca.path().to_str().unwrap())])
    );
    prove!(
        "grpc/no-ca-file",
        &look(&milvus("https", port), &[("MILVUS_SERVER_PEM_PATH", "/nonexistent.pem")])
    );
}

#[test]
fn elasticsearch_checks_certificates_only_where_it_is_told_to() {
    let body = r#"{"version":{"number":"8.14.0"},"status":"green"}"#;
    let server =
        RecordedHttp::start(move |_| Answer::new(200, body).header("X-Elastic-Product", "Elasticsearch"));
    let tls = Tls::start(server.port, "localhost");
    let store = [
        ("VECTOR_STORE", "elasticsearch".to_owned()),
        ("ELASTICSEARCH_HOST", "https://localhost".to_owned()),
        ("ELASTICSEARCH_PORT", tls.port.to_string()),
    ];
    look(&store, &[]).expect_ready(&["8.14.0"]);
    let check = ("ELASTICSEARCH_VERIFY_CERTS", "true");
    look(&store, &[check, ("ELASTICSEARCH_CA_CERTS", tls.file())]).expect_ready(&[]);
    prove!("elasticsearch/unknown-ca", &look(&store, &[check]));
}
