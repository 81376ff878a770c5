#![allow(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
//! States of S3 that no server here can be brought to. What AWS and others answer in them is replayed from their
//! documents: this proves how the tool reads those answers.

mod common;

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use common::{owned, seen, tool};
use testbed::proxy::{Fault, Proxy};
use testbed::recorded::{Answer, RecordedHttp, Request};
use testbed::s3::variables;
use testbed::{Seen, prove};

fn error(status: u16, code: &str, message: &str) -> Answer {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message>\
         <RequestId>1</RequestId><HostId>h</HostId></Error>"
    );
    Answer::new(status, &body)
}

/// What a request is about: `HEAD bucket`, `PUT object`.
fn about(request: &Request) -> String {
    let what = if request.path.contains("dify-preflight") { "object" } else { "bucket" };
    format!("{} {what}", request.method)
}

/// A store that works, but for what this says of some requests.
fn store(but: impl Fn(&str) -> Option<Answer> + Send + Sync + 'static) -> RecordedHttp {
    let kept = Mutex::new(String::new());
    RecordedHttp::start(move |request| {
        let about = about(request);
        let answer = but(&about).unwrap_or_else(|| match about.as_str() {
            "PUT object" => {
                kept.lock().unwrap().clone_from(&request.body);
                Answer::new(200, "")
            }
            "GET object" => Answer::new(200, &kept.lock().unwrap()),
            "DELETE object" => Answer::new(204, ""),
            "GET bucket" => {
                Answer::new(200, "<?xml version=\"1.0\"?>\n<ListBucketResult></ListBucketResult>")
            }
            _ => Answer::new(200, ""),
        });
        if request.method == "HEAD" { Answer { body: String::new(), ..answer } } else { answer }
    })
}

fn look(verb: &str, port: u16, changes: &[(&str, &str)]) -> Seen {
    let endpoint = format!("http://127.0.0.1:{port}");
    let tool = tool(verb).envs(variables(&endpoint, "dify")).env("PREFLIGHT_GRACE", "0s");
    seen(tool.env("PREFLIGHT_DEADLINE", "2s").envs(owned(changes)))
}

/// Every request about the bucket is answered like this.
fn told(answer: Answer) -> Seen {
    let server = store(move |_| Some(answer.clone()));
    look("check", server.port, &[])
}

/// One kind of request is answered like this, and all else works.
fn but(verb: &str, request: &'static str, answer: Answer) -> Seen {
    let server = store(move |about| (about == request).then(|| answer.clone()));
    look(verb, server.port, &[])
}

/// There is no bucket, and its creation is answered like this.
fn making(answer: Answer) -> Seen {
    let missing = || error(404, "NoSuchBucket", "The specified bucket does not exist");
    let server = store(move |about| Some(if about == "PUT bucket" { answer.clone() } else { missing() }));
    look("ensure", server.port, &[])
}

#[test]
fn recorded_regions() {
    let elsewhere = Answer::new(301, "").header("x-amz-bucket-region", "eu-central-1");
    prove!("s3/other-region", &told(elsewhere));
    let message =
        "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-3'";
    prove!("s3/region-in-signature", &told(error(400, "AuthorizationHeaderMalformed", message)));
    let message = "The bucket you are attempting to access must be addressed using the specified endpoint.";
    prove!("s3/other-endpoint", &told(error(301, "PermanentRedirect", message)));
    let message = "The unspecified location constraint is incompatible for the region specific endpoint.";
    prove!("s3/made-elsewhere", &making(error(400, "IllegalLocationConstraintException", message)));
}

#[test]
fn recorded_keys_and_rights() {
    prove!("s3/expired-token", &told(error(400, "ExpiredToken", "The provided token has expired.")));
    prove!("s3/signature-in-words", &told(error(403, "AccessDenied", "Forbidden: Invalid signature")));
    prove!("s3/account-disabled", &told(error(403, "AllAccessDisabled", "All access has been disabled.")));
    prove!("s3/clock", &told(error(403, "RequestTimeTooSkewed", "The difference is too large.")));
    prove!("s3/no-words", &told(Answer::new(403, "")));
    prove!("s3/may-not-read", &but("check", "GET object", error(403, "AccessDenied", "Access Denied")));
    let denied = error(403, "AccessDenied", "Access Denied");
    let server = store(move |about| about.ends_with("bucket").then(|| denied.clone()));
    prove!("s3/objects-alone", &look("check", server.port, &[]));
    let daemon = tool("check").args(["--for", "daemon"]).envs(owned(&[
        ("PREFLIGHT_GRACE", "0s"),
        ("PLUGIN_STORAGE_TYPE", "aws_s3"),
        ("PLUGIN_STORAGE_OSS_BUCKET", "dify"),
        ("S3_USE_AWS", "false"),
        ("S3_ENDPOINT", &format!("http://127.0.0.1:{}", server.port)),
        ("AWS_ACCESS_KEY", "a"),
        ("AWS_SECRET_KEY", "s"),
    ]));
    prove!("s3/daemon-may-not-look", &seen(daemon));
}

#[test]
fn recorded_making() {
    prove!("s3/foreign", &making(error(409, "BucketAlreadyExists", "The name is not available.")));
    prove!("s3/made-not-seen", &making(error(409, "BucketAlreadyOwnedByYou", "You own it.")));
    let many = "You have attempted to create more buckets than allowed.";
    prove!("s3/too-many-buckets", &making(error(400, "TooManyBuckets", many)));
    let conflict = "A conflicting conditional operation is currently in progress.";
    prove!("s3/conflict", &making(error(409, "OperationAborted", conflict)));
    prove!("s3/may-not-make", &making(error(403, "AccessDenied", "Access Denied")));
}

#[test]
fn recorded_a_bucket_that_cannot_be_written_to() {
    let disabled = "arn:aws:kms:eu-west-1:1:key/1 is disabled.";
    prove!("s3/kms-key-disabled", &but("check", "PUT object", error(400, "KMS.DisabledException", disabled)));
    let denied = "User: u is not authorized to perform: kms:GenerateDataKey on the resource";
    prove!("s3/kms-key-refused", &but("check", "PUT object", error(403, "AccessDenied", denied)));
    prove!("s3/quota", &but("check", "PUT object", error(403, "QuotaExceeded", "Quota exceeded")));
    let quota = "Bucket quota exceeded";
    prove!(
        "s3/bucket-quota",
        &but("check", "PUT object", error(400, "XMinioAdminBucketQuotaExceeded", quota))
    );
    let locked = "The bucket is in a state that does not allow it.";
    prove!("s3/bucket-state", &but("check", "PUT object", error(409, "InvalidBucketState", locked)));
    let header = "A header you provided implies functionality that is not implemented";
    prove!("s3/not-implemented", &but("check", "PUT object", error(501, "NotImplemented", header)));
    let lost = error(404, "NoSuchKey", "The specified key does not exist.");
    prove!("s3/lost-object", &but("check", "GET object", lost));
    prove!("s3/other-content", &but("check", "GET object", Answer::new(200, "something else")));
    prove!("s3/delete-fails", &but("check", "DELETE object", error(500, "InternalError", "Try again.")));
}

#[test]
fn recorded_servers_that_cannot_now() {
    prove!("s3/slow-down", &told(error(503, "SlowDown", "Reduce your request rate.")));
    prove!("s3/internal-error", &told(error(500, "InternalError", "We encountered an internal error.")));
    prove!("s3/unavailable", &told(error(503, "ServiceUnavailable", "Service is unable to handle request.")));
    prove!("s3/starting", &told(error(503, "XMinioServerNotInitialized", "Server not initialized yet.")));
    prove!("s3/gateway", &told(Answer::new(502, "<html>Bad Gateway</html>")));
    let style = "Please use virtual hosted style to access.";
    prove!("s3/path-style-refused", &told(error(403, "SecondLevelDomainForbidden", style)));
    prove!("s3/refusing-page", &told(Answer::new(403, "<html>Forbidden</html>")));
    prove!("s3/web-page", &told(Answer::new(404, "<html>nginx</html>")));
    prove!("s3/web-page-for-all", &told(Answer::new(200, "<html>hello</html>")));
    let circle = Answer::new(302, "").header("location", "https://user:pass@minio.test/dify?token=secret");
    let redirected = told(circle);
    prove!("s3/redirect", &redirected);
    assert!(!redirected.output.contains("pass") && !redirected.output.contains("secret"));
    let red = told(error(418, "Odd\u{1b}[31m", "\u{1b}[31mred\u{7}"));
    assert!(!red.output.contains(['\u{1b}', '\u{7}']), "{red:?}");
    let long = told(error(418, "Odd", &"long ".repeat(20_000)));
    assert!(long.message.len() < 500, "{}", long.message.len());
}

#[test]
fn what_the_configuration_cannot_mean() {
    let port = testbed::free_port();
    prove!("s3/empty-endpoint", &look("check", port, &[("S3_ENDPOINT", "")]));
    prove!("s3/no-url", &look("check", port, &[("S3_ENDPOINT", "minio:9000")]));
    prove!("s3/key-in-url", &look("check", port, &[("S3_ENDPOINT", "http://a:b@minio:9000")]));
    prove!("s3/bucket-is-a-path", &look("check", port, &[("S3_BUCKET_NAME", "dify/files")]));
    prove!("s3/no-bucket", &look("check", port, &[("S3_BUCKET_NAME", "")]));
    prove!("s3/no-secret-key", &look("check", port, &[("S3_SECRET_KEY", "")]));
    prove!("s3/unknown-style", &look("check", port, &[("S3_ADDRESS_STYLE", "host")]));
    prove!("s3/no-ca-file", &look("check", port, &[("AWS_CA_BUNDLE", "/no/such/ca.pem")]));
    let by_name = [("S3_ENDPOINT", "http://no-such-host.invalid"), ("S3_ADDRESS_STYLE", "virtual")];
    prove!("s3/bucket-in-the-name", &look("check", port, &by_name));
    prove!("storage/unknown", &seen(tool("check").env("STORAGE_TYPE", "ftp")));
    prove!("storage/clickzetta", &seen(tool("check").env("STORAGE_TYPE", "clickzetta-volume")));
    prove!("storage/opendal-unknown", &seen(tool("check").env("OPENDAL_SCHEME", "floppy")));
    prove!("storage/opendal-webdav", &seen(tool("check").env("OPENDAL_SCHEME", "webdav")));
    let daemon = tool("check").args(["--for", "daemon"]).env("PLUGIN_STORAGE_TYPE", "opendal");
    prove!("storage/daemon-unknown", &seen(daemon));
}

fn through(upstream: u16, fault: Fault) -> Seen {
    let proxy = Proxy::start(upstream, fault);
    let endpoint = format!("http://127.0.0.1:{}", proxy.port);
    let run = tool("check").envs(variables(&endpoint, "dify")).env("PREFLIGHT_GRACE", "0s").run();
    assert!(run.time < Duration::from_secs(9), "{:?}", run.time);
    Seen::of(&run)
}

/// Reads each request whole before it answers: a connection closed with something unread is reset.
fn server(answer: impl Fn(&[u8], &mut TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, answer) = (listener.local_addr().unwrap().port(), Arc::new(answer));
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            thread::spawn(move || {
                let (mut request, mut piece) = (Vec::new(), [0; 8192]);
                while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                    match stream.read(&mut piece) {
                        Ok(count) if count > 0 => request.extend(&piece[..count]),
                        _ => return,
                    }
                }
                answer(&request, &mut stream);
            });
        }
    });
    port
}

/// Refuses to show the bucket, and gives a gibibyte for a reason.
fn endless() -> u16 {
    server(|request, stream| {
        let is_head = request.starts_with(b"HEAD");
        let length = if is_head { 0 } else { 1_u32 << 30 };
        let head = format!(
            "HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-type: application/xml\r\n\
             content-length: {length}\r\n\r\n"
        );
        let _ = stream.write_all(head.as_bytes());
        let piece = vec![b'<'; 64 * 1024];
        while !is_head && stream.write_all(&piece).is_ok() {}
    })
}

/// Says this, whatever was asked.
fn says(words: &'static [u8]) -> u16 {
    server(move |_, stream| drop(stream.write_all(words)))
}

#[test]
fn a_way_that_is_broken() {
    let server = store(|_| None);
    look("check", server.port, &[]).expect_ready(&[]);
    through(server.port, Fault::Delay(Duration::from_millis(300))).expect_ready(&[]);
    prove!("s3/hangs", &through(1, Fault::Hang));
    // Reset or closed, as it happens.
    let closed = through(1, Fault::Close);
    assert_eq!((closed.class.as_str(), closed.hop.as_str()), ("not_yet", "tcp"), "{closed:?}");
    prove!("s3/cut", &through(server.port, Fault::CutAfter(30)));
    prove!("s3/garbage", &look("check", says(b"SSH-2.0-OpenSSH_9.2\r\n"), &[]));
    prove!("s3/endless", &look("check", endless(), &[]));
    let packed = says(
        b"HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-type: application/xml\r\n\
          content-encoding: gzip\r\ncontent-length: 10\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\0",
    );
    prove!("s3/packed", &look("check", packed, &[]));
}

#[test]
fn both_programs_at_once() {
    let server = store(|_| None);
    let endpoint = format!("http://127.0.0.1:{}", server.port);
    let both = |verb: &str| {
        tool(verb).args(["--for", "api", "--for", "daemon"]).envs(variables(&endpoint, "dify")).envs(owned(
            &[
                ("PLUGIN_STORAGE_TYPE", "aws_s3"),
                ("PLUGIN_STORAGE_OSS_BUCKET", "plugins"),
                ("S3_USE_AWS", "false"),
                ("AWS_ACCESS_KEY", "a"),
                ("AWS_SECRET_KEY", "s"),
            ],
        ))
    };
    let all = Seen::all(&both("wait").run());
    let names: Vec<&str> = all.iter().map(|one| one.check.as_str()).collect();
    assert_eq!(names, ["api", "daemon"]);
    for one in &all {
        prove!("storage/both", one);
    }
    // The one that is wrong is named, and the other's answer is given too.
    let run =
        both("check").env("PLUGIN_STORAGE_TYPE", "local").env("PLUGIN_STORAGE_LOCAL_ROOT", "/no/such").run();
    let all = Seen::all(&run);
    assert_eq!(all.iter().map(|one| one.class.as_str()).collect::<Vec<_>>(), ["ready", "suspect"]);
    assert_eq!(run.code, 69);
}
