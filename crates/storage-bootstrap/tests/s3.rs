#![allow(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
//! Every state of a real S3 server (Ceph's RADOS gateway), by exit code, hop and code.

mod common;

use std::thread;
use std::time::Duration;

use common::{Verdict, tool};
use testbed::s3::{ACCESS_KEY, S3, S3Plan, SECRET_KEY, variables};

/// The tool for a bucket of a server, with some variables changed.
fn run(server: &S3, verb: &str, bucket: &str, changes: &[(&str, &str)]) -> Verdict {
    Verdict::of(tool(verb).envs(server.variables(bucket)).envs(owned(changes)))
}

fn owned<'a>(pairs: &[(&'a str, &str)]) -> Vec<(&'a str, String)> {
    pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

#[test]
fn a_missing_bucket_is_named_made_and_then_left_alone() {
    let server = S3::start();
    run(&server, "check", "dify", &[]).expect(69, "suspect", "state", "NoSuchBucket");
    let made = run(&server, "ensure", "dify", &[]);
    made.expect_ready("created, and written to");
    let again = run(&server, "ensure", "dify", &[]);
    again.expect_ready("written to, read from and deleted from");
    assert!(!again.message().contains("created"), "{}", again.message());
    run(&server, "check", "dify", &[]).expect_ready("written to");
    run(&server, "wait", "dify", &[]).expect_ready("written to");
    // The object itself is gone: a bucket that holds nothing can be removed, one that does cannot.
    let listed = server.list("dify");
    assert!(!listed.contains("dify-preflight"), "{listed}");
}

#[test]
fn every_wrong_credential_has_its_own_sentence() {
    let server = S3Plan::new()
        .user("other", "OTHERACCESSKEY012345", "other-secret", &[])
        .user("reader", "READERACCESSKEY01234", "reader-secret", &["--op-mask=read"])
        .user("keeper", "KEEPERACCESSKEY01234", "keeper-secret", &["--op-mask=read,write"])
        .user("nobuckets", "NOBUCKETSACCESSKEY01", "nobuckets-secret", &["--max-buckets=-1"])
        .start();
    run(&server, "ensure", "dify", &[]).expect_ready("created");
    let wrong = [("S3_SECRET_KEY", "wrong-secret-canary")];
    let verdict = run(&server, "check", "dify", &wrong);
    verdict.expect(69, "suspect", "auth", "SignatureDoesNotMatch");
    assert!(verdict.hint().contains("S3_SECRET_KEY"), "{}", verdict.hint());

    let unknown = [("S3_ACCESS_KEY", "NOSUCHACCESSKEY00000")];
    let verdict = run(&server, "check", "dify", &unknown);
    verdict.expect(69, "suspect", "auth", "InvalidAccessKeyId");
    assert!(verdict.hint().contains("S3_ACCESS_KEY"), "{}", verdict.hint());

    let other = [("S3_ACCESS_KEY", "OTHERACCESSKEY012345"), ("S3_SECRET_KEY", "other-secret")];
    run(&server, "check", "dify", &other).expect(69, "suspect", "permission", "AccessDenied");
    run(&server, "ensure", "dify", &[other[0], other[1], ("PREFLIGHT_GRACE", "0s")]).expect(
        69,
        "suspect",
        "permission",
        "AccessDenied",
    );

    // With wrong credentials nothing is made, and the sentence is the same.
    let verdict = run(&server, "ensure", "not-there", &[wrong[0], ("PREFLIGHT_GRACE", "0s")]);
    verdict.expect(69, "suspect", "auth", "SignatureDoesNotMatch");
}

#[test]
fn what_a_key_may_not_do_is_named() {
    let server = S3Plan::new()
        .user("reader", "READERACCESSKEY01234", "reader-secret", &["--op-mask=read"])
        .user("keeper", "KEEPERACCESSKEY01234", "keeper-secret", &["--op-mask=read,write"])
        .start();
    let reader = [("S3_ACCESS_KEY", "READERACCESSKEY01234"), ("S3_SECRET_KEY", "reader-secret")];
    run(&server, "ensure", "dify", &[reader[0], reader[1], ("PREFLIGHT_GRACE", "0s")]).expect(
        69,
        "suspect",
        "permission",
        "AccessDenied",
    );

    let keeper = [("S3_ACCESS_KEY", "KEEPERACCESSKEY01234"), ("S3_SECRET_KEY", "keeper-secret")];
    let verdict = run(&server, "ensure", "kept", &keeper);
    verdict.expect_ready("written to and read from");
    assert!(verdict.warnings().contains("may not delete"), "{}", verdict.warnings());
}

#[test]
fn many_at_once_make_one_bucket() {
    let server = S3::start();
    let verdicts: Vec<Verdict> = thread::scope(|scope| {
        let running: Vec<_> =
            (0..6).map(|_| scope.spawn(|| run(&server, "ensure", "together", &[]))).collect();
        running.into_iter().map(|one| one.join().unwrap()).collect()
    });
    for verdict in verdicts {
        verdict.expect_ready("written to");
    }
}

#[test]
fn a_server_that_comes_later_is_waited_for() {
    let plan = S3Plan::new();
    let endpoint = format!("http://127.0.0.1:{}", plan.port);
    let running = tool("ensure").envs(variables(&endpoint, "late")).spawn();
    thread::sleep(Duration::from_secs(1));
    let _server = plan.start();
    let verdict = Verdict::from(running.wait());
    verdict.expect_ready("created");
    assert_eq!(verdict.result()["waited"]["code"], "ECONNREFUSED");
}

#[test]
fn a_bucket_that_comes_later_is_found_within_the_grace() {
    let server = S3::start();
    let running = tool("wait").envs(server.variables("later")).spawn();
    thread::sleep(Duration::from_secs(1));
    run(&server, "ensure", "later", &[]).expect_ready("created");
    let verdict = Verdict::from(running.wait());
    verdict.expect_ready("written to");
    assert_eq!(verdict.result()["waited"]["code"], "NoSuchBucket");
}

#[test]
fn both_address_styles_and_the_daemon_reach_the_same_bucket() {
    let server = S3::start();
    run(&server, "ensure", "styles", &[("S3_ADDRESS_STYLE", "path")]).expect_ready("created");
    // The server's name and the bucket below it are made known to this one process.
    let folder = tempfile::tempdir().unwrap();
    let hosts = folder.path().join("hosts");
    std::fs::write(&hosts, "127.0.0.1 s3.test styles.s3.test\n").unwrap();
    let endpoint = format!("http://s3.test:{}", server.port);
    let changes = [("S3_ENDPOINT", endpoint.as_str()), ("S3_ADDRESS_STYLE", "virtual")];
    let by_name = common::with_hosts(&hosts, "check").envs(server.variables("styles")).envs(owned(&changes));
    Verdict::of(by_name).expect_ready("bucket \"styles\" at styles.s3.test");

    let daemon = [
        ("PLUGIN_STORAGE_TYPE", "aws_s3".to_owned()),
        ("PLUGIN_STORAGE_OSS_BUCKET", "styles".to_owned()),
        ("S3_USE_AWS", "false".to_owned()),
        ("S3_ENDPOINT", server.endpoint()),
        ("AWS_ACCESS_KEY", ACCESS_KEY.to_owned()),
        ("AWS_SECRET_KEY", SECRET_KEY.to_owned()),
    ];
    let verdict = Verdict::of(tool("check").args(["--for", "daemon"]).envs(daemon));
    verdict.expect_ready("written to");
    assert_eq!(verdict.result()["check"], "daemon");

    let opendal = [
        ("OPENDAL_SCHEME", "s3".to_owned()),
        ("OPENDAL_S3_BUCKET", "styles".to_owned()),
        ("OPENDAL_S3_ENDPOINT", server.endpoint()),
        ("OPENDAL_S3_ROOT", "/some/prefix/".to_owned()),
        ("OPENDAL_S3_REGION", "auto".to_owned()),
        ("OPENDAL_S3_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
        ("OPENDAL_S3_SECRET_ACCESS_KEY", SECRET_KEY.to_owned()),
    ];
    Verdict::of(tool("check").envs(opendal)).expect_ready("written to");
}

#[test]
fn another_region_is_no_obstacle_for_a_server_of_ones_own() {
    let server = S3::start();
    run(&server, "ensure", "regional", &[("S3_REGION", "eu-west-1")]).expect_ready("created");
}

#[test]
fn a_name_that_no_bucket_can_have_ends_at_once() {
    let server = S3::start();
    let verdict = run(&server, "ensure", "Not_A_Bucket!", &[]);
    assert_eq!(verdict.code(), 69, "{}", verdict.message());
    run(&server, "check", "a/b", &[]).expect(69, "never", "config", "");
}

#[test]
fn tls_needs_the_right_ca_and_the_right_scheme() {
    let folder = tempfile::tempdir().unwrap();
    let (ca, certificate, key) = common::certificates();
    let (ca_file, other_file) = (folder.path().join("ca.pem"), folder.path().join("no-ca.pem"));
    std::fs::write(&ca_file, ca).unwrap();
    std::fs::write(&other_file, "not a certificate").unwrap();
    let server = S3Plan::new().tls(&certificate, &key).start();
    let ca_file = ca_file.to_str().unwrap();
    let trust = [("AWS_CA_BUNDLE", ca_file)];
    run(&server, "ensure", "secure", &trust).expect_ready("created");

    run(&server, "check", "secure", &[]).expect(69, "suspect", "tls", "UnknownIssuer");
    let plain = format!("http://127.0.0.1:{}", server.port);
    let verdict = run(&server, "check", "secure", &[("S3_ENDPOINT", &plain)]);
    assert_ne!(verdict.code(), 0);
    let verdict = run(&server, "check", "secure", &[("AWS_CA_BUNDLE", other_file.to_str().unwrap())]);
    verdict.expect(69, "never", "config", "");
    assert!(verdict.message().contains("AWS_CA_BUNDLE"), "{}", verdict.message());

    let plain_server = S3::start();
    let encrypted = format!("https://127.0.0.1:{}", plain_server.port);
    let verdict = run(&plain_server, "check", "secure", &[("S3_ENDPOINT", &encrypted)]);
    verdict.expect(69, "suspect", "tls", "");
}

#[test]
fn no_key_is_seen_on_any_path_of_failure() {
    let server = S3::start();
    let (access, secret) = ("CANARYACCESS7f3a9c21", "canary/Secret+7f3a9c21");
    let dead = format!("http://127.0.0.1:{}", testbed::free_port());
    let endpoint = server.endpoint();
    let keys = [("S3_ACCESS_KEY", access), ("S3_SECRET_KEY", secret), ("PREFLIGHT_GRACE", "0s")];
    for endpoint in [endpoint.as_str(), dead.as_str(), "http://no-such-host.invalid"] {
        for verb in ["check", "ensure"] {
            for more in ["-v", "--print-config", "--output=text", "--output=json"] {
                let run = common::plain(verb)
                    .args([more, "--deadline", "1s"])
                    .envs(variables(endpoint, "dify"))
                    .envs(owned(&keys))
                    .run();
                run.expect_no(access);
                run.expect_no(secret);
                run.expect_no("canary");
            }
        }
    }
}
