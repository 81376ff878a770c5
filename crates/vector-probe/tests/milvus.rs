//! The states of a real Milvus, and of answers recorded from others.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;

use common::grpc::{self, Reply};
use common::{Seen, check, tool};
use testbed::milvus::Milvus;
use testbed::prove;

fn variables(port: u16) -> Vec<(&'static str, String)> {
    vec![
        ("VECTOR_STORE", "milvus".to_owned()),
        ("MILVUS_URI", format!("http://localhost:{port}")),
        ("MILVUS_USER", "root".to_owned()),
        ("MILVUS_PASSWORD", Milvus::PASSWORD.to_owned()),
    ]
}

fn probe(port: u16, more: &[(&'static str, &str)]) -> Seen {
    let mut variables = variables(port);
    variables.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
    check(&variables.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>())
}

#[test]
fn each_state_of_a_real_server_is_told_apart() {
    let server = Milvus::start();
    let port = server.port();
    let run = tool().args(["wait", "--deadline", "3m", "--output", "json"]).envs(variables(port)).run();
    // It was not taken for ready before it was.
    assert!(run.output().contains(r#""class":"not_yet""#), "{}", run.output());
    prove!("milvus/ready", &Seen::of(&run));
    prove!("milvus/no-hybrid", &probe(port, &[("MILVUS_ENABLE_HYBRID_SEARCH", "false")]));
    prove!("milvus/default-password", &probe(port, &[]));
    probe(port, &[("MILVUS_TOKEN", "root:Milvus"), ("MILVUS_PASSWORD", "")]).expect_ready(&[]);
    prove!("milvus/wrong-password", &probe(port, &[("MILVUS_PASSWORD", "other")]));
    prove!("milvus/wrong-password", &probe(port, &[("MILVUS_USER", "nobody"), ("MILVUS_PASSWORD", "other")]));
    prove!("milvus/wrong-token", &probe(port, &[("MILVUS_TOKEN", "other"), ("MILVUS_PASSWORD", "")]));
    prove!("milvus/no-database", &probe(port, &[("MILVUS_DATABASE", "nosuch")]));
    // And with TLS that it does not speak.
    let tls = format!("https://localhost:{port}");
    prove!("milvus/no-tls", &probe(port, &[("MILVUS_URI", &tls)]));
}

/// A message of Milvus: a status, and one field of text.
fn message(code: u8, reason: &str, number: u8, text: &str) -> Vec<u8> {
    let field = |number: u8, text: &str| {
        let mut field = vec![number << 3 | 2, u8::try_from(text.len()).unwrap()];
        field.extend(text.as_bytes());
        field
    };
    let mut status = field(2, reason);
    status.extend([0x18, code]);
    let mut message = vec![0x0a, u8::try_from(status.len()).unwrap()];
    message.extend(status);
    message.extend(field(number, text));
    message
}

/// A server of this version whose list of collections is this.
fn recorded(version: &'static str, list: Reply) -> u16 {
    grpc::recorded(move |path, headers| {
        assert_eq!(headers["authorization"], "cm9vdDpNaWx2dXM=");
        if path.ends_with("/GetVersion") { Reply::of(&message(0, "", 2, version)) } else { list.clone() }
    })
}

#[test]
fn recorded_answers_of_other_servers_are_read() {
    let with = |version, list| {
        probe(recorded(version, list), &[("MILVUS_TOKEN", "root:Milvus"), ("MILVUS_PASSWORD", "")])
    };
    let good = || Reply::of(&message(0, "", 2, "dify"));
    prove!("milvus/hybrid", &with("v2.5.4", good()));
    prove!("milvus/zilliz", &with("Zilliz Cloud Vector Database", good()));
    let not_ready = Reply::of(&message(1, "service not ready[proxy=1]: Initializing", 2, ""));
    prove!("milvus/not-ready", &with("v2.5.4", not_ready));
    prove!("milvus/unavailable", &with("v2.5.4", Reply::failed(14, "no healthy upstream")));
    let denied = Reply::failed(7, "PrivilegeShowCollections: permission deny to reader");
    prove!("milvus/forbidden", &with("v2.5.4", denied));
    let missing = Reply::of(&message(1, "database 'default' does not exist", 2, ""));
    prove!("milvus/lite-no-database", &with("milvus_lite-3.2.2", missing));
}

#[test]
fn recorded_strangers_are_suspects() {
    let token = [("MILVUS_TOKEN", "some-token"), ("MILVUS_PASSWORD", "")];
    prove!("milvus/stranger", &probe(grpc::recorded(|_, _| Reply::failed(12, "unknown service")), &token));
    let web = testbed::recorded::RecordedHttp::start(|_| testbed::recorded::Answer::new(404, ""));
    prove!("milvus/http", &probe(web.port, &token));
}

#[test]
fn what_dify_would_not_start_with_is_named() {
    prove!("milvus/no-credential", &check(&[("VECTOR_STORE", "milvus")]));
    prove!("milvus/file", &check(&[("VECTOR_STORE", "milvus"), ("MILVUS_URI", "./milvus.db")]));
}
