//! TLS as `DB_EXTRAS` asks for it, against a real PostgreSQL.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;

use std::path::{Path, PathBuf};

use common::authority::Authority;
use common::{Seen, call, result};
use tempfile::TempDir;
use testbed::postgres::{Postgres, PostgresPlan};

struct Lab {
    server: Postgres,
    files: TempDir,
}

impl Lab {
    /// A server whose certificate is for `name`.
    fn new(authority: &Authority, name: &str, hba: &[&str]) -> Self {
        let (certificate, key) = authority.sign(name);
        let plan = PostgresPlan::new().tls(&certificate, &key, &authority.pem).hba(hba);
        let lab = Self { server: plan.start(), files: tempfile::tempdir().unwrap() };
        lab.file("ca.pem", &authority.pem);
        lab
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.files.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn readable(&self, name: &str, mode: u32) {
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(self.files.path().join(name), permissions).unwrap();
    }

    fn check(&self, extras: &str) -> Seen {
        let extras = extras.replace("FILES", self.files.path().to_str().unwrap());
        let arguments = ["check", "--for", "database"];
        result(&call(&self.server, Path::new("/none"), &arguments).env("DB_EXTRAS", extras).run())
    }
}

const ANY: [&str; 1] = ["host all all 127.0.0.1/32 scram-sha-256"];
const ONLY_TLS: [&str; 1] = ["hostssl all all 127.0.0.1/32 scram-sha-256"];

#[test]
fn every_mode_against_the_right_ca_and_name() {
    let lab = Lab::new(&Authority::new("ours"), "127.0.0.1", &ONLY_TLS);
    for extras in [
        "",
        "sslmode=allow",
        "sslmode=prefer",
        "sslmode=require",
        "sslmode=require&sslrootcert=FILES/ca.pem",
        "sslmode=verify-ca&sslrootcert=FILES/ca.pem",
        "sslmode=verify-full&sslrootcert=FILES/ca.pem",
    ] {
        lab.check(extras).expect_ready(&[]);
    }
    lab.check("sslmode=disable").expect(69, "suspect", "auth", Some("28000"), &["no encryption", "sslmode"]);
}

#[test]
fn another_ca_is_told_apart_from_another_name() {
    let lab = Lab::new(&Authority::new("ours"), "db.example", &ANY);
    lab.file("other.pem", &Authority::new("theirs").pem);
    for extras in ["sslmode=verify-full", "sslmode=verify-ca", "sslmode=require"] {
        let extras = format!("{extras}&sslrootcert=FILES/other.pem");
        lab.check(&extras).expect(69, "suspect", "tls", Some("UnknownIssuer"), &["unknown CA"]);
    }
    lab.check("sslmode=verify-ca&sslrootcert=FILES/ca.pem").expect_ready(&[]);
    lab.check("sslmode=verify-full&sslrootcert=FILES/ca.pem").expect(
        69,
        "suspect",
        "tls",
        Some("NotValidForName"),
        &["another name"],
    );
}

#[test]
fn a_server_without_tls() {
    let lab = Lab { server: Postgres::start(), files: tempfile::tempdir().unwrap() };
    lab.check("sslmode=require").expect(69, "suspect", "tls", None, &["does not offer TLS", "sslmode"]);
    lab.check("sslmode=prefer").expect_ready(&[]);
}

#[test]
fn a_client_certificate() {
    let authority = Authority::new("ours");
    let lab = Lab::new(&authority, "127.0.0.1", &["hostssl all all 127.0.0.1/32 cert"]);
    lab.check("sslmode=require").expect(
        69,
        "suspect",
        "tls",
        Some("28000"),
        &["client certificate", "sslcert"],
    );
    let (certificate, key) = authority.sign("dify");
    lab.file("client.pem", &certificate);
    lab.file("client.key", &key);
    lab.readable("client.key", 0o644);
    let extras = "sslmode=require&sslcert=FILES/client.pem&sslkey=FILES/client.key";
    lab.check(extras).expect(
        69,
        "never",
        "config",
        None,
        &["DB_EXTRAS (sslkey)", "mode 0644", "defaultMode 0400"],
    );
    lab.readable("client.key", 0o600);
    lab.check("sslmode=require&sslcert=FILES/client.pem&sslkey=FILES/client.key").expect_ready(&[]);
}

#[test]
fn a_file_that_is_no_ca() {
    let lab = Lab { server: Postgres::start(), files: tempfile::tempdir().unwrap() };
    lab.file("ca.pem", "no certificate");
    for name in ["ca.pem", "none.pem"] {
        let extras = format!("sslmode=verify-full&sslrootcert=FILES/{name}");
        lab.check(&extras).expect(69, "never", "config", None, &["DB_EXTRAS (sslrootcert)"]);
    }
}

#[test]
fn the_vector_store_is_verified_as_its_client_does() {
    let authority = Authority::new("ours");
    let lab = Lab::new(&authority, "127.0.0.1", &ONLY_TLS);
    lab.file("other.pem", &Authority::new("theirs").pem);
    let _ = lab.server.sql("postgres", "ALTER ROLE dify SUPERUSER");
    let folder = lab.files.path().to_str().unwrap();
    let bootstrap = |ca: &str| {
        let tool = call(&lab.server, Path::new("/none"), &["--grace", "0s", "bootstrap"])
            .env("DB_EXTRAS", format!("sslmode=verify-full&sslrootcert={folder}/ca.pem"))
            .env("PGSSLMODE", "verify-full")
            .env("PGSSLROOTCERT", format!("{folder}/{ca}"))
            .env("VECTOR_STORE", "pgvector")
            .env("PGVECTOR_HOST", "127.0.0.1")
            .env("PGVECTOR_PORT", lab.server.port())
            .env("PGVECTOR_USER", "dify")
            .env("PGVECTOR_DATABASE", "vectors");
        let password = lab.server.env().into_iter().find(|(name, _)| *name == "DB_PASSWORD").unwrap().1;
        result(&tool.env("PGVECTOR_PASSWORD", password).run())
    };
    bootstrap("other.pem").expect(69, "suspect", "tls", Some("UnknownIssuer"), &["unknown CA"]);
    bootstrap("ca.pem").expect_ready(&["database vectors"]);
}
