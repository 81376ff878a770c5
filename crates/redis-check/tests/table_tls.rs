//! TLS, in every state of the table.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;

use std::path::{Path, PathBuf};

use common::{Seen, check, look};
use testbed::certificates::Authority;
use testbed::prove;
use testbed::redis::{Redis, RedisPlan, until};

fn server(authority: &Authority, papers: &(String, String), client_certificates: bool) -> Redis {
    RedisPlan::new().tls(&papers.0, &papers.1, &authority.pem, client_certificates).start()
}

fn with_tls(redis: &Redis, more: &[(&str, &str)]) -> Seen {
    let port = redis.port().to_string();
    let mut variables = vec![("REDIS_PORT", port.as_str()), ("REDIS_USE_SSL", "true")];
    variables.extend_from_slice(more);
    check(&variables)
}

fn file(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn certificates() {
    let ours = Authority::new("ours");
    let folder = tempfile::tempdir().unwrap();
    let ca = file(folder.path(), "ca.pem", &ours.pem).display().to_string();
    let redis = server(&ours, &ours.sign("localhost"), false);
    let strict = ("REDIS_SSL_CERT_REQS", "CERT_REQUIRED");
    let trusted = [strict, ("REDIS_SSL_CA_CERTS", ca.as_str())];
    prove!("tls/ready", &with_tls(&redis, &trusted));
    prove!("tls/unknown-ca", &with_tls(&redis, &[strict]));
    prove!("tls/wrong-name", &with_tls(&redis, &[strict, trusted[1], ("REDIS_HOST", "127.0.0.1")]));
    let expired = server(&ours, &ours.sign_expired("localhost"), false);
    prove!("tls/expired", &with_tls(&expired, &trusted));
    let none = file(folder.path(), "none.pem", "no certificate").display().to_string();
    prove!("tls/no-ca-file", &with_tls(&redis, &[("REDIS_SSL_CA_CERTS", &none)]));
    let url = format!("rediss://localhost:{}", redis.port());
    let bus = look(&["check", "--target", "event-bus"], &[("EVENT_BUS_REDIS_URL", &url)]);
    prove!("event-bus/unknown-ca", &bus);
    let closed = server(&ours, &ours.sign("localhost"), true);
    // Its alert may be overtaken by the end of the connection.
    until(|| with_tls(&closed, &[]).code.as_deref() == Some("CertificateRequired"));
    prove!("tls/client-certificate", &with_tls(&closed, &[]));
}

#[test]
fn one_side_alone() {
    let plain = Redis::start();
    prove!("tls/plain-server", &with_tls(&plain, &[]));
    let ours = Authority::new("ours");
    let redis = server(&ours, &ours.sign("localhost"), false);
    prove!("tls/tls-server", &check(&[("REDIS_PORT", &redis.port().to_string())]));
}
