//! What the tests of vector-probe share.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    unreachable_pub,
    reason = "these are tests"
)]

pub mod grpc;

pub use testbed::Seen;
use testbed::Tool;

/// `vector-probe` in an environment that holds nothing else.
pub fn tool() -> Tool {
    Tool::new(env!("CARGO_BIN_EXE_vector-probe"))
}

/// `vector-probe check` with these variables.
pub fn check(variables: &[(&str, &str)]) -> Seen {
    look(&["check"], variables)
}

/// `vector-probe ARGUMENTS` with these variables.
pub fn look(arguments: &[&str], variables: &[(&str, &str)]) -> Seen {
    let variables = variables.iter().map(|(name, value)| (*name, (*value).to_owned()));
    Seen::of(&tool().args(["--output", "json"]).args(arguments.iter().copied()).envs(variables).run())
}

/// Sends one request to a port of this machine: status and body of the answer.
pub fn send(port: u16, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, String) {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    let headers: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let headers = headers.concat();
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n"
    );
    stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).unwrap();
    let reply = String::from_utf8_lossy(&reply).into_owned();
    let status = reply.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    (status, reply.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
}
