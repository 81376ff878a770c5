#![allow(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
//! States of a real `MinIO`: rights for each verb, versions, locks, a full disk, regions, keys for a time.

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use common::{owned, seen, tool};
use testbed::Seen;
use testbed::minio::{Minio, MinioPlan};
use testbed::prove;

/// The tool for a bucket of a server, with some variables changed.
fn run(server: &Minio, verb: &str, bucket: &str, changes: &[(&str, &str)]) -> Seen {
    seen(tool(verb).env("PREFLIGHT_GRACE", "0s").envs(server.variables(bucket)).envs(owned(changes)))
}

/// As a role whose key may do these actions only.
fn as_role(server: &Minio, verb: &str, bucket: &str, actions: &[&str]) -> Seen {
    seen(role(server, verb, bucket).envs(server.key_for(actions)))
}

fn role(server: &Minio, verb: &str, bucket: &str) -> testbed::Tool {
    let endpoint = server.endpoint();
    let managed = [("STORAGE_TYPE", "s3"), ("S3_USE_AWS_MANAGED_IAM", "true"), ("S3_BUCKET_NAME", bucket)];
    tool(verb).envs(owned(&managed)).env("AWS_ENDPOINT_URL_S3", endpoint).env("PREFLIGHT_GRACE", "0s")
}

const ALL: [&str; 6] =
    ["s3:CreateBucket", "s3:ListBucket", "s3:HeadBucket", "s3:PutObject", "s3:GetObject", "s3:DeleteObject"];

fn all_but(action: &str) -> Vec<&'static str> {
    ALL.into_iter().filter(|one| *one != action).collect()
}

#[test]
fn a_bucket_a_key_and_what_it_may_do() {
    let server = Minio::start();
    prove!("minio/missing", &run(&server, "check", "dify", &[]));
    prove!("minio/made", &run(&server, "ensure", "dify", &[]));
    prove!("minio/ready", &run(&server, "check", "dify", &[]));
    prove!("minio/unknown-key", &run(&server, "check", "dify", &[("S3_ACCESS_KEY", "NOSUCHKEY")]));
    prove!("minio/wrong-secret", &run(&server, "check", "dify", &[("S3_SECRET_KEY", "wrong-secret")]));
    prove!("minio/bad-bucket-name", &run(&server, "ensure", "Not_A_Bucket", &[]));
    prove!("minio/role-ready", &as_role(&server, "check", "dify", &ALL));
    prove!("minio/may-not-put", &as_role(&server, "check", "dify", &all_but("s3:PutObject")));
    prove!("minio/may-not-get", &as_role(&server, "check", "dify", &all_but("s3:GetObject")));
    prove!("minio/may-not-delete", &as_role(&server, "check", "dify", &all_but("s3:DeleteObject")));
    prove!(
        "minio/may-not-list",
        &as_role(&server, "check", "dify", &["s3:PutObject", "s3:GetObject", "s3:DeleteObject"])
    );
    prove!("minio/may-not-create", &as_role(&server, "ensure", "new", &all_but("s3:CreateBucket")));
    prove!("minio/may-nothing", &as_role(&server, "check", "dify", &["s3:ListAllMyBuckets"]));
    let key = server.key_for(&ALL);
    let wrong_token = seen(role(&server, "check", "dify").envs(key).env("AWS_SESSION_TOKEN", "not-a-token"));
    prove!("minio/wrong-session-token", &wrong_token);
    let https = format!("https://127.0.0.1:{}", server.port);
    prove!("minio/https-to-http", &run(&server, "check", "dify", &[("S3_ENDPOINT", &https)]));
    let path = format!("{}/minio", server.endpoint());
    prove!("minio/endpoint-with-a-path", &run(&server, "check", "dify", &[("S3_ENDPOINT", &path)]));
}

#[test]
fn versions_and_locks() {
    let server = Minio::start();
    let lock = ["-X", "PUT", "-H", "x-amz-bucket-object-lock-enabled: true"];
    let _ = server.request(&lock, "locked");
    let rule = "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>\
                <Mode>COMPLIANCE</Mode><Days>1</Days></DefaultRetention></Rule></ObjectLockConfiguration>";
    let _ = server.request(
        &["-X", "PUT", "-H", "Content-MD5: bAtV4GhRHjlhyrqo+OfhYg==", "-d", rule],
        "locked?object-lock=",
    );
    prove!("minio/object-lock", &run(&server, "check", "locked", &[]));
    let _ = server.request(&["-X", "PUT"], "versioned");
    let on = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    let _ = server.request(&["-X", "PUT", "-d", on], "versioned?versioning=");
    prove!("minio/versioned", &run(&server, "check", "versioned", &[]));
    let left = server.request(&[], "versioned?versions=");
    assert!(!left.contains("dify-preflight"), "{left}");
}

#[test]
fn a_region_of_its_own() {
    let server = MinioPlan::new().set("MINIO_REGION", "eu-test-1").start();
    prove!("minio/wrong-region", &run(&server, "check", "dify", &[]));
    prove!("minio/region-made", &run(&server, "ensure", "dify", &[("S3_REGION", "eu-test-1")]));
}

/// A volume of a few megabytes that exists in the mount namespace of the tests only while they run.
struct SmallVolume(tempfile::TempDir);

impl SmallVolume {
    fn new(size: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(folder.path());
        assert!(mount.status().unwrap().success());
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallVolume {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk() {
    let volume = SmallVolume::new("64m");
    let server = MinioPlan::new().data(&volume.path().join("data")).start();
    prove!("minio/small-disk-made", &run(&server, "ensure", "dify", &[]));
    // Until nothing more goes in.
    let mut filler = fs::File::create(volume.path().join("filler")).unwrap();
    while std::io::Write::write(&mut filler, &[0; 4096]).is_ok() {}
    prove!("minio/full-disk", &run(&server, "check", "dify", &[]));
}

#[test]
fn tls_and_a_stopped_server() {
    let (ca, certificate, key) = common::certificates();
    let folder = tempfile::tempdir().unwrap();
    let ca_file = folder.path().join("ca.pem");
    fs::write(&ca_file, ca).unwrap();
    let server = MinioPlan::new().tls(&certificate, &key).start();
    let ca_file = ca_file.to_str().unwrap();
    prove!("minio/tls-made", &run(&server, "ensure", "dify", &[("AWS_CA_BUNDLE", ca_file)]));
    prove!("minio/unknown-ca", &run(&server, "check", "dify", &[]));
    let plain = format!("http://127.0.0.1:{}", server.port);
    prove!("minio/http-to-https", &run(&server, "check", "dify", &[("S3_ENDPOINT", &plain)]));
    server.process.signal("STOP");
    prove!("minio/stopped", &run(&server, "check", "dify", &[("AWS_CA_BUNDLE", ca_file)]));
    server.process.signal("CONT");
    drop(server);
    let dead = format!("http://127.0.0.1:{}", testbed::free_port());
    let variables = testbed::s3::variables(&dead, "dify");
    prove!("s3/refused", &seen(tool("check").envs(variables)));
    let variables = testbed::s3::variables("http://no-such-host.invalid", "dify");
    prove!("s3/no-such-name", &seen(tool("check").envs(variables)));
}
