//! A real Redis that speaks TLS, and servers that do not speak what is expected.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;

use common::{check, look};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tempfile::TempDir;
use testbed::redis::{Redis, RedisPlan};

/// A CA with a certificate for a server and one for a client, as PEM files.
struct Papers {
    folder: TempDir,
    ca: String,
    server: String,
    server_key: String,
}

impl Papers {
    fn new(server_name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // A certificate with its issuer's own name counts as self-signed.
        params.distinguished_name.push(DnType::CommonName, "test CA");
        let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let issue = |name: &str| {
            let key = KeyPair::generate().unwrap();
            let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
            (params.signed_by(&key, &ca).unwrap().pem(), key.serialize_pem())
        };
        let ((server, server_key), (client, client_key)) = (issue(server_name), issue("client"));
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in [("ca.pem", &ca.pem()), ("client.pem", &client), ("client.key", &client_key)] {
            std::fs::write(folder.path().join(name), content).unwrap();
        }
        std::fs::write(folder.path().join("both.pem"), format!("{client}{client_key}")).unwrap();
        Self { folder, ca: ca.pem(), server, server_key }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn redis(&self, client_certificates: bool) -> Redis {
        RedisPlan::new().tls(&self.server, &self.server_key, &self.ca, client_certificates).start()
    }
}

#[test]
fn certificates_are_checked_as_far_as_asked() {
    let papers = Papers::new("localhost");
    let redis = papers.redis(false);
    let (port, ca) = (redis.port().to_string(), papers.path("ca.pem"));
    let tls = |more: &[(&str, &str)]| {
        let mut variables = vec![("REDIS_PORT", port.as_str()), ("REDIS_USE_SSL", "true")];
        variables.extend_from_slice(more);
        check(&variables)
    };
    // Dify's default: encrypted, to anybody.
    tls(&[]).expect_ready(&[]);
    tls(&[("REDIS_SSL_CERT_REQS", "CERT_REQUIRED"), ("REDIS_SSL_CA_CERTS", &ca)]).expect_ready(&[]);
    tls(&[("REDIS_SSL_CERT_REQS", "CERT_REQUIRED")]).expect(
        69,
        "suspect",
        "tls",
        Some("UnknownIssuer"),
        &["signed by an unknown CA", "REDIS_SSL_CA_CERTS"],
    );
    let other =
        [("REDIS_SSL_CERT_REQS", "CERT_REQUIRED"), ("REDIS_SSL_CA_CERTS", &ca), ("REDIS_HOST", "127.0.0.1")];
    tls(&other).expect(69, "suspect", "tls", Some("NotValidForName"), &["for another name"]);
    tls(&[("REDIS_SSL_CA_CERTS", &papers.path("client.key"))]).expect(
        69,
        "never",
        "config",
        None,
        &["REDIS_SSL_CA_CERTS", "holds no certificate"],
    );
}

#[test]
fn the_broker_and_the_event_bus_speak_tls_by_their_urls() {
    let papers = Papers::new("localhost");
    let redis = papers.redis(false);
    let (port, ca) = (redis.port(), papers.path("ca.pem"));
    let broker = format!("rediss://localhost:{port}/1");
    let target = ["check", "--target", "broker"];
    look(&target, &[("CELERY_BROKER_URL", &broker)]).expect_ready(&[]);
    let strict = [
        ("CELERY_BROKER_URL", broker.as_str()),
        ("REDIS_SSL_CERT_REQS", "CERT_REQUIRED"),
        ("REDIS_SSL_CA_CERTS", &ca),
    ];
    look(&target, &strict).expect_ready(&[]);
    // The event bus checks certificates unless its own URL says otherwise.
    let bus = |query: &str| {
        let url = format!("rediss://localhost:{port}/0{query}");
        look(&["check", "--target", "event-bus"], &[("EVENT_BUS_REDIS_URL", &url)])
    };
    bus("").expect(69, "suspect", "tls", Some("UnknownIssuer"), &["EVENT_BUS_REDIS_URL"]);
    bus("?ssl_cert_reqs=none").expect_ready(&[]);
    bus(&format!("?ssl_ca_certs={ca}")).expect_ready(&[]);
}

#[test]
fn a_missing_client_certificate_is_named() {
    let papers = Papers::new("localhost");
    let redis = papers.redis(true);
    let port = redis.port().to_string();
    let (certificate, key, both) =
        (papers.path("client.pem"), papers.path("client.key"), papers.path("both.pem"));
    let with = |more: &[(&str, &str)]| {
        let mut variables = vec![("REDIS_PORT", port.as_str()), ("REDIS_USE_SSL", "true")];
        variables.extend_from_slice(more);
        check(&variables)
    };
    with(&[("REDIS_SSL_CERTFILE", &certificate), ("REDIS_SSL_KEYFILE", &key)]).expect_ready(&[]);
    with(&[("REDIS_SSL_CERTFILE", &both)]).expect_ready(&[]);
    let seen = with(&[]);
    assert_eq!(seen.hop, "tls", "{seen:?}");
    assert_ne!(seen.exit, 0, "{seen:?}");
    assert!(seen.hint.contains("client certificate"), "{seen:?}");
}

#[test]
fn tls_to_a_plain_port_ends_and_is_named() {
    let redis = Redis::start();
    let seen = check(&[("REDIS_PORT", &redis.port().to_string()), ("REDIS_USE_SSL", "true")]);
    seen.expect(69, "suspect", "tls", None, &["speaks Redis in plain text", "check REDIS_USE_SSL"]);
}

#[test]
fn plain_text_to_a_tls_port_is_named() {
    let papers = Papers::new("localhost");
    let redis = papers.redis(false);
    let port = redis.port();
    let seen = check(&[("REDIS_PORT", &port.to_string()), ("REDIS_PASSWORD", "some-password")]);
    seen.expect(
        69,
        "suspect",
        "tls",
        None,
        &["speaks TLS, but is asked in plain text", "check REDIS_USE_SSL"],
    );
    let url = format!("redis://localhost:{port}/1");
    look(&["check", "--target", "broker"], &[("CELERY_BROKER_URL", &url)]).expect(
        69,
        "suspect",
        "tls",
        None,
        &["speaks TLS", "check CELERY_BROKER_URL"],
    );
}
