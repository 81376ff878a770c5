#![allow(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
//! Answers of S3 servers that cannot be had here, replayed: AWS, Garage, OSS, proxies. They prove how the
//! tool reads those answers, and nothing about the servers.

mod common;

use std::time::{Duration, SystemTime};

use common::{Verdict, tool};
use testbed::Run;
use testbed::proxy::{Fault, Proxy};
use testbed::recorded::{Answer, RecordedHttp, Request};
use testbed::s3::variables;

fn xml(status: u16, code: &str, message: &str) -> Answer {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message>\
         <RequestId>1</RequestId><HostId>h</HostId></Error>"
    );
    Answer::new(status, &body)
}

/// An answer to HEAD has no body.
fn bare(request: &Request, answer: Answer) -> Answer {
    if request.method == "HEAD" { Answer { body: String::new(), ..answer } } else { answer }
}

fn verdict(verb: &str, port: u16) -> Verdict {
    let endpoint = format!("http://127.0.0.1:{port}");
    Verdict::of(
        tool(verb)
            .envs(variables(&endpoint, "dify"))
            .env("PREFLIGHT_GRACE", "0s")
            .env("PREFLIGHT_DEADLINE", "2s"),
    )
}

fn all(verb: &str, answer: &Answer) -> Verdict {
    let answer = answer.clone();
    let server = RecordedHttp::start(move |request| bare(request, answer.clone()));
    verdict(verb, server.port)
}

#[test]
fn recorded_refusals_are_read() {
    for (answer, exit, class, hop, code) in [
        (xml(403, "AccessDenied", "Access Denied"), 69, "suspect", "permission", "AccessDenied"),
        (xml(403, "AccessDenied", "Forbidden: Invalid signature"), 69, "suspect", "auth", "AccessDenied"),
        (xml(403, "AccessDenied", "No such key: GK31"), 69, "suspect", "auth", "AccessDenied"),
        (xml(403, "InvalidAccessKeyId", "unknown"), 69, "suspect", "auth", "InvalidAccessKeyId"),
        (xml(403, "NotSignedUp", "not signed up"), 69, "suspect", "auth", "NotSignedUp"),
        (xml(403, "SecondLevelDomainForbidden", "use"), 69, "suspect", "state", "SecondLevelDomainForbidden"),
        (xml(400, "InvalidBucketName", "no"), 69, "never", "config", "InvalidBucketName"),
        (xml(503, "SlowDown", "Reduce your request rate"), 75, "not_yet", "state", "SlowDown"),
        (xml(500, "InternalError", "We encountered"), 75, "not_yet", "state", "InternalError"),
        (xml(418, "Odd", "what"), 69, "suspect", "state", "Odd"),
        (Answer::new(502, "<html>Bad Gateway</html>"), 75, "not_yet", "proxy", "502"),
        (Answer::new(503, ""), 75, "not_yet", "proxy", "503"),
        (Answer::new(404, "<html>nginx</html>"), 69, "suspect", "proxy", "404"),
        (Answer::new(405, "<html>nginx</html>"), 69, "suspect", "proxy", "405"),
        (Answer::new(200, "<html>hello</html>"), 69, "suspect", "proxy", ""),
        (Answer::new(302, ""), 69, "suspect", "proxy", "302"),
    ] {
        println!("{} {}", answer.status, answer.body);
        all("check", &answer).expect(exit, class, hop, code);
    }
    let html = all("check", &Answer::new(404, "<html>nginx</html>"));
    assert!(
        html.message().contains("does not speak S3: it answers HTTP 404, text/html"),
        "{}",
        html.message()
    );
    assert!(html.hint().contains("S3_ENDPOINT"), "{}", html.hint());
}

#[test]
fn recorded_another_region_is_named() {
    for status in [301, 400] {
        let answer = Answer::new(status, "").header("x-amz-bucket-region", "eu-central-1");
        let verdict = all("check", &answer);
        verdict.expect(69, "suspect", "state", &status.to_string());
        assert!(verdict.hint().contains("S3_REGION=eu-central-1"), "{}", verdict.hint());
    }
    let body =
        xml(400, "AuthorizationHeaderMalformed", "the region 'us-east-1' is wrong; expecting 'eu-west-3'");
    all("check", &body).expect(69, "suspect", "state", "AuthorizationHeaderMalformed");
}

#[test]
fn recorded_a_skewed_clock_is_measured() {
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap() + Duration::from_hours(1);
    let answer = xml(403, "RequestTimeTooSkewed", "too large").header("Date", &http_date(seconds.as_secs()));
    let verdict = all("check", &answer);
    verdict.expect(69, "suspect", "auth", "RequestTimeTooSkewed");
    let message = verdict.message();
    assert!(message.contains("behind the server's"), "{message}");
    assert!(["59m", "1h"].iter().any(|time| message.contains(time)), "{message}");
}

fn http_date(seconds: u64) -> String {
    let output = std::process::Command::new("date")
        .args(["-u", "-d", &format!("@{seconds}"), "+%a, %d %b %Y %H:%M:%S GMT"])
        .env("LC_ALL", "C")
        .output();
    String::from_utf8(output.unwrap().stdout).unwrap().trim().to_owned()
}

/// A server whose bucket is missing, and that answers to its creation like this.
fn creating(answer: &Answer) -> (RecordedHttp, Verdict) {
    let answer = answer.clone();
    let server = RecordedHttp::start(move |request| {
        let path = request.path.split('?').next().unwrap_or_default();
        let is_bucket = path.trim_end_matches('/') == "/dify";
        match request.method.as_str() {
            "PUT" if is_bucket => answer.clone(),
            _ => bare(request, xml(404, "NoSuchBucket", "The specified bucket does not exist")),
        }
    });
    let verdict = verdict("ensure", server.port);
    (server, verdict)
}

#[test]
fn recorded_a_bucket_of_somebody_else_is_never_ours() {
    let (_, verdict) = creating(&xml(409, "BucketAlreadyExists", "not available"));
    verdict.expect(69, "never", "permission", "BucketAlreadyExists");
    assert!(verdict.hint().contains("S3_BUCKET_NAME"), "{}", verdict.hint());
    let (_, verdict) = creating(&xml(403, "AccessDenied", "Access Denied"));
    verdict.expect(69, "suspect", "permission", "AccessDenied");
    assert!(verdict.message().contains("may not create"), "{}", verdict.message());
    let (_, verdict) = creating(&xml(400, "TooManyBuckets", "too many"));
    verdict.expect(69, "suspect", "state", "TooManyBuckets");
    let (_, verdict) = creating(&xml(409, "OperationAborted", "conflicting"));
    verdict.expect(75, "not_yet", "state", "OperationAborted");
}

#[test]
fn recorded_a_bucket_that_is_ours_already_is_fine_but_has_to_be_seen() {
    // The bucket never appears: that it is ours already does not make it ready.
    let (server, verdict) = creating(&xml(409, "BucketAlreadyOwnedByYou", "yours"));
    verdict.expect(75, "not_yet", "state", "NoSuchBucket");
    let created = |request: &&Request| request.method == "PUT" && !request.path.contains("dify-preflight");
    assert_eq!(server.requests().iter().filter(created).count(), 1);
}

#[test]
fn recorded_check_and_wait_never_make_a_bucket() {
    for verb in ["check", "wait"] {
        let server = RecordedHttp::start(|request| bare(request, xml(404, "NoSuchBucket", "does not exist")));
        verdict(verb, server.port).expect(69, "suspect", "state", "NoSuchBucket");
        assert!(server.requests().iter().all(|request| request.method != "PUT"));
    }
}

/// An account that may use objects, and neither look at nor list the bucket.
fn objects_only(request: &Request, stored: &std::sync::Mutex<String>) -> Answer {
    let is_object = request.path.contains("/dify-preflight/");
    match (request.method.as_str(), is_object) {
        ("PUT", true) => {
            stored.lock().unwrap().clone_from(&request.body);
            Answer::new(200, "")
        }
        ("GET", true) => Answer::new(200, &stored.lock().unwrap()),
        ("DELETE", true) => Answer::new(204, ""),
        _ => bare(request, xml(403, "AccessDenied", "Access Denied")),
    }
}

#[test]
fn recorded_the_api_can_live_with_objects_alone_and_the_daemon_cannot() {
    let stored = std::sync::Mutex::new(String::new());
    let server = RecordedHttp::start(move |request| objects_only(request, &stored));
    let api = verdict("check", server.port);
    api.expect_ready("written to");
    assert!(api.warnings().contains("neither look at nor list"), "{}", api.warnings());
    let daemon = tool("check")
        .args(["--for", "daemon"])
        .env("PLUGIN_STORAGE_TYPE", "aws_s3")
        .env("PLUGIN_STORAGE_OSS_BUCKET", "dify")
        .env("S3_USE_AWS", "false")
        .env("S3_ENDPOINT", format!("http://127.0.0.1:{}", server.port))
        .env("AWS_ACCESS_KEY", "a")
        .env("AWS_SECRET_KEY", "s");
    let verdict = Verdict::of(daemon);
    verdict.expect(69, "suspect", "permission", "AccessDenied");
    assert!(verdict.hint().contains("s3:ListBucket"), "{}", verdict.hint());
}

#[test]
fn a_broken_way_to_the_server_is_named() {
    let port = testbed::free_port();
    for (fault, exit, hop) in [
        (Fault::Close, 75, "tcp"),
        (Fault::Hang, 75, "tcp"),
        (Fault::Garbage(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()), 75, "tcp"),
    ] {
        let proxy = Proxy::start(port, fault.clone());
        verdict("wait", proxy.port).expect(exit, "not_yet", hop, "");
    }
}

#[test]
fn text_output_is_one_sentence_with_code_and_hint() {
    let server = RecordedHttp::start(|request| bare(request, xml(404, "NoSuchBucket", "does not exist")));
    let endpoint = format!("http://127.0.0.1:{}", server.port);
    let run: Run = common::plain("check").envs(variables(&endpoint, "dify")).run();
    run.expect(69, &["there is no bucket \"dify\"", "(NoSuchBucket)", "run storage-bootstrap ensure"]);
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
}
