//! TLS as `DB_EXTRAS` asks for it.

use std::path::{Path, PathBuf};

use tempfile::TempDir;
use testbed::postgres::{Postgres, PostgresPlan};
use testbed::prove;

use crate::DATABASE;
use crate::common::authority::Authority;
use crate::common::{Seen, call, result};

struct Lab {
    server: Postgres,
    files: TempDir,
}

impl Lab {
    fn new(authority: &Authority, (certificate, key): (String, String), hba: &str) -> Self {
        let plan = PostgresPlan::new().tls(&certificate, &key, &authority.pem).hba(&[hba]);
        let lab = Self { server: plan.start(), files: tempfile::tempdir().unwrap() };
        lab.file("ca.pem", &authority.pem, 0o644);
        lab
    }

    fn file(&self, name: &str, text: &str, mode: u32) -> PathBuf {
        let path = self.files.path().join(name);
        std::fs::write(&path, text).unwrap();
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(&path, permissions).unwrap();
        path
    }

    fn check(&self, extras: &str) -> Seen {
        let extras = extras.replace("FILES", self.files.path().to_str().unwrap());
        result(&call(&self.server, Path::new("/none"), &DATABASE).env("DB_EXTRAS", extras).run())
    }
}

const ANY: &str = "host all all 127.0.0.1/32 scram-sha-256";
const FULL: &str = "sslmode=verify-full&sslrootcert=FILES/ca.pem";

#[test]
fn names_and_authorities() {
    let authority = Authority::new("ours");
    let lab = Lab::new(&authority, authority.sign("127.0.0.1"), "hostssl all all 127.0.0.1/32 scram-sha-256");
    prove!("tls/ready", &lab.check(FULL));
    prove!("tls/wanted-by-the-server", &lab.check("sslmode=disable"));
    lab.file("other.pem", &Authority::new("theirs").pem, 0o644);
    prove!("tls/unknown-ca", &lab.check("sslmode=verify-full&sslrootcert=FILES/other.pem"));
    prove!("tls/public-ca", &lab.check("sslmode=verify-full&sslrootcert=system"));
    lab.file("same-name.pem", &Authority::new("ours").pem, 0o644);
    prove!("tls/other-ca-of-the-same-name", &lab.check("sslmode=verify-ca&sslrootcert=FILES/same-name.pem"));
    lab.file("empty.pem", "nothing", 0o644);
    prove!("tls/no-ca-in-the-file", &lab.check("sslmode=verify-ca&sslrootcert=FILES/empty.pem"));
    prove!("tls/no-ca-file", &lab.check("sslmode=verify-ca&sslrootcert=FILES/none.pem"));
    prove!(
        "tls/ca-file-missing-and-not-insisted-on",
        &lab.check("sslmode=require&sslrootcert=FILES/none.pem")
    );

    let lab = Lab::new(&authority, authority.sign("db.example"), ANY);
    prove!("tls/other-name", &lab.check(FULL));
    let lab = Lab::new(&authority, authority.sign_expired("127.0.0.1"), ANY);
    prove!("tls/expired", &lab.check(FULL));
    let lab = Lab { server: Postgres::start(), files: tempfile::tempdir().unwrap() };
    prove!("tls/not-offered", &lab.check("sslmode=require"));
}

#[test]
fn client_certificates() {
    let authority = Authority::new("ours");
    let lab = Lab::new(&authority, authority.sign("127.0.0.1"), "hostssl all all 127.0.0.1/32 cert");
    let with = "sslmode=require&sslcert=FILES/client.pem&sslkey=FILES/client.key";
    prove!("tls/client-certificate-wanted", &lab.check("sslmode=require"));
    let give = |(certificate, key): (String, String), mode: u32| {
        lab.file("client.pem", &certificate, 0o644);
        lab.file("client.key", &key, mode);
    };
    give(authority.sign("dify"), 0o644);
    prove!("tls/client-key-is-readable", &lab.check(with));
    give(authority.sign("dify"), 0o600);
    prove!("tls/client-certificate", &lab.check(with));
    prove!("tls/client-certificate-without-key", &lab.check("sslmode=require&sslcert=FILES/client.pem"));
    give(authority.sign("somebody"), 0o600);
    prove!("tls/client-certificate-of-somebody-else", &lab.check(with));
    give(Authority::new("theirs").sign("dify"), 0o600);
    prove!("tls/client-certificate-of-another-ca", &lab.check(with));
}
