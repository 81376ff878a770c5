#![allow(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
//! States of a real Ceph RADOS gateway, as rows of the table.

mod common;

use common::{owned, seen, tool};
use testbed::s3::{S3, S3Plan};
use testbed::{Seen, prove};

fn run(server: &S3, verb: &str, bucket: &str, changes: &[(&str, &str)]) -> Seen {
    seen(tool(verb).env("PREFLIGHT_GRACE", "0s").envs(server.variables(bucket)).envs(owned(changes)))
}

fn key<'a>(id: &'a str, secret: &'a str) -> [(&'static str, &'a str); 2] {
    [("S3_ACCESS_KEY", id), ("S3_SECRET_KEY", secret)]
}

#[test]
fn a_bucket_and_its_keys() {
    let server = S3Plan::new()
        .user("other", "OTHERACCESSKEY012345", "other-secret", &[])
        .user("nobuckets", "NOBUCKETSACCESSKEY01", "nobuckets-secret", &["--max-buckets=-1"])
        .start();
    prove!("rgw/missing", &run(&server, "check", "dify", &[]));
    prove!("rgw/made", &run(&server, "ensure", "dify", &[]));
    prove!("rgw/ready", &run(&server, "check", "dify", &[]));
    prove!("rgw/wrong-secret", &run(&server, "check", "dify", &[("S3_SECRET_KEY", "wrong-secret")]));
    prove!("rgw/unknown-key", &run(&server, "check", "dify", &[("S3_ACCESS_KEY", "NOSUCHACCESSKEY00000")]));
    let other = key("OTHERACCESSKEY012345", "other-secret");
    prove!("rgw/of-somebody-else", &run(&server, "check", "dify", &other));
    prove!("rgw/somebody-else-made-it", &run(&server, "ensure", "dify", &other));
    let none = key("NOBUCKETSACCESSKEY01", "nobuckets-secret");
    prove!("rgw/may-not-make", &run(&server, "ensure", "another", &none));
    prove!("rgw/bad-bucket-name", &run(&server, "ensure", "Not_A_Bucket!", &[]));
    let https = format!("https://127.0.0.1:{}", server.port);
    prove!("rgw/https-to-http", &run(&server, "check", "dify", &[("S3_ENDPOINT", &https)]));
    prove!(
        "rgw/wrong-path",
        &run(&server, "check", "dify", &[("S3_ENDPOINT", &format!("{}/swift/v1", server.endpoint()))])
    );
}
