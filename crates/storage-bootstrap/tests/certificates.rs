#![allow(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
//! A real S3 server whose certificate is not what the client wants.

mod common;

use std::path::PathBuf;

use common::{owned, seen, tool};
use tempfile::TempDir;
use testbed::minio::MinioPlan;
use testbed::{Seen, prove};

/// What the tool says of a server with a certificate for this name, whose CA it trusts.
fn look(name: &str, expired: bool) -> Seen {
    let ca_key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let ca = params.self_signed(&ca_key).unwrap();
    let key = rcgen::KeyPair::generate().unwrap();
    let mut own = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
    if expired {
        own.not_after = rcgen::date_time_ymd(2020, 1, 1);
    }
    let own = own.signed_by(&key, &rcgen::Issuer::new(params, ca_key)).unwrap();
    let folder: TempDir = tempfile::tempdir().unwrap();
    let ca_file: PathBuf = folder.path().join("ca.pem");
    std::fs::write(&ca_file, ca.pem()).unwrap();
    let server = MinioPlan::new().tls(&own.pem(), &key.serialize_pem()).start();
    let trust = [("AWS_CA_BUNDLE", ca_file.to_str().unwrap()), ("PREFLIGHT_GRACE", "0s")];
    seen(tool("check").envs(server.variables("dify")).envs(owned(&trust)))
}

#[test]
fn a_certificate_that_does_not_fit() {
    prove!("minio/expired-certificate", &look("127.0.0.1", true));
    prove!("minio/certificate-for-another-name", &look("minio.other.test", false));
}
