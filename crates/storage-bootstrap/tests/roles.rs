#![allow(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
//! Roles of a pod: STS, the agent of pod identity and the metadata service are stood in for by what AWS documents;
//! the keys that they give are real ones of a real `MinIO`.

mod common;

use std::fs;
use std::path::Path;

use common::{owned, seen, tool};
use tempfile::TempDir;
use testbed::minio::Minio;
use testbed::proxy::{Fault, Proxy};
use testbed::recorded::{Answer, RecordedHttp, Request};
use testbed::{Seen, Tool, prove};

const ROLE: &str = "arn:aws:iam::123456789012:role/dify";

/// A folder with a token in it.
struct Pod {
    folder: TempDir,
}

impl Pod {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("token"), "canary-token-7f3a\n").unwrap();
        Self { folder }
    }

    fn token(&self) -> String {
        self.path("token").to_str().unwrap().to_owned()
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }
}

/// The api with a role, at a server in place of AWS.
fn role(endpoint: &str) -> Tool {
    let managed = [("STORAGE_TYPE", "s3"), ("S3_USE_AWS_MANAGED_IAM", "true"), ("S3_BUCKET_NAME", "dify")];
    tool("check").envs(owned(&managed)).env("AWS_ENDPOINT_URL_S3", endpoint).env("PREFLIGHT_GRACE", "0s")
}

/// Nobody asks it: the key does not come.
const NOBODY: &str = "http://127.0.0.1:9";

fn irsa(pod: &Pod, sts: u16, endpoint: &str) -> Tool {
    role(endpoint)
        .env("AWS_WEB_IDENTITY_TOKEN_FILE", pod.token())
        .env("AWS_ROLE_ARN", ROLE)
        .env("AWS_ENDPOINT_URL_STS", format!("http://127.0.0.1:{sts}"))
}

fn sts_error(status: u16, code: &str, message: &str) -> Answer {
    let body = format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
         <Code>{code}</Code><Message>{message}</Message></Error><RequestId>1</RequestId></ErrorResponse>"
    );
    Answer::new(status, &body)
}

/// What STS says to every request.
fn told_by_sts(answer: Answer) -> Seen {
    let sts = RecordedHttp::start(move |_| answer.clone());
    seen(irsa(&Pod::new(), sts.port, NOBODY))
}

#[test]
fn recorded_web_identity() {
    let (server, pod) = (Minio::start(), Pod::new());
    let _ = server.request(&["-X", "PUT"], "dify");
    let key = server.key_for(&["s3:*"]);
    let sts = RecordedHttp::start(move |request| {
        assert!(request.body.contains("Action=AssumeRoleWithWebIdentity"), "{}", request.body);
        assert!(request.body.contains("WebIdentityToken=canary-token-7f3a"), "{}", request.body);
        let [(_, id), (_, secret), (_, token)] = key.as_slice() else { return Answer::new(500, "") };
        Answer::new(
            200,
            &format!(
                "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>\
                 <AccessKeyId>{id}</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey>\
                 <SessionToken>{token}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>\
                 </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
            ),
        )
    });
    prove!("irsa/ready", &seen(irsa(&pod, sts.port, &server.endpoint())));
    let daemon = tool("check").args(["--for", "daemon"]).envs(owned(&[
        ("PLUGIN_STORAGE_TYPE", "aws_s3"),
        ("PLUGIN_STORAGE_OSS_BUCKET", "dify"),
        ("S3_USE_AWS_MANAGED_IAM", "true"),
        ("AWS_ROLE_ARN", ROLE),
    ]));
    let daemon = daemon
        .env("S3_ENDPOINT", server.endpoint())
        .env("AWS_WEB_IDENTITY_TOKEN_FILE", pod.token())
        .env("AWS_ENDPOINT_URL_STS", format!("http://127.0.0.1:{}", sts.port));
    prove!("irsa/daemon-ready", &seen(daemon));
    let ignored = irsa(&pod, sts.port, &server.endpoint()).env("S3_ENDPOINT", "http://minio:9000");
    prove!("irsa/endpoint-not-looked-at", &seen(ignored));
}

#[test]
fn recorded_sts_gives_no_key() {
    let denied = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
    prove!("irsa/trust-policy", &told_by_sts(sts_error(403, "AccessDenied", denied)));
    let provider =
        "No OpenIDConnect provider found in your account for https://oidc.eks.eu-west-1.amazonaws.com/id/A";
    prove!("irsa/no-provider", &told_by_sts(sts_error(400, "InvalidIdentityToken", provider)));
    let expired = "Token expired: current date/time 1 must be before the expiration date/time 0";
    prove!("irsa/expired-token", &told_by_sts(sts_error(400, "ExpiredTokenException", expired)));
    let unreachable = "Couldn't retrieve verification key from your identity provider";
    prove!("irsa/provider-unreachable", &told_by_sts(sts_error(400, "IDPCommunicationError", unreachable)));
    let disabled = "STS is not activated in this region for account:123456789012";
    prove!("irsa/region-disabled", &told_by_sts(sts_error(403, "RegionDisabledException", disabled)));
    let invalid = "Request ARN is invalid";
    prove!("irsa/bad-role", &told_by_sts(sts_error(400, "ValidationError", invalid)));
    prove!("irsa/sts-away", &told_by_sts(Answer::new(503, "")));
    prove!("irsa/not-sts", &told_by_sts(Answer::new(200, "<html>hello</html>")));
    prove!("irsa/sts-refused", &seen(irsa(&Pod::new(), testbed::free_port(), NOBODY)));
}

#[test]
fn the_token_of_the_pod() {
    let pod = Pod::new();
    fs::write(pod.path("token"), " \n").unwrap();
    prove!("irsa/token-empty", &seen(irsa(&pod, 9, NOBODY)));
    fs::remove_file(pod.path("token")).unwrap();
    prove!("irsa/token-missing", &seen(irsa(&pod, 9, NOBODY)));
    prove!("irsa/no-role", &seen(role(NOBODY).env("AWS_WEB_IDENTITY_TOKEN_FILE", pod.token())));
}

fn pod_identity(pod: &Pod, agent: u16, endpoint: &str) -> Tool {
    role(endpoint)
        .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", format!("http://127.0.0.1:{agent}/v1/credentials"))
        .env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", pod.token())
}

fn key_as_json(key: &[(&str, String)]) -> String {
    let [(_, id), (_, secret), (_, token)] = key else { return String::new() };
    serde_json::json!({
        "Code": "Success", "AccessKeyId": id, "SecretAccessKey": secret, "Token": token,
        "Expiration": "2099-01-01T00:00:00Z",
    })
    .to_string()
}

#[test]
fn recorded_pod_identity() {
    let (server, pod) = (Minio::start(), Pod::new());
    let _ = server.request(&["-X", "PUT"], "dify");
    let key = key_as_json(&server.key_for(&["s3:*"]));
    let agent = RecordedHttp::start(move |request| match request.headers.get("authorization") {
        Some(token) if token == "canary-token-7f3a" => Answer::new(200, &key),
        _ => Answer::new(400, "Service account token cannot be empty"),
    });
    prove!("pod-identity/ready", &seen(pod_identity(&pod, agent.port, &server.endpoint())));
    let told = |status, text: &'static str| {
        let agent = RecordedHttp::start(move |_| Answer::new(status, text));
        seen(pod_identity(&pod, agent.port, NOBODY))
    };
    prove!(
        "pod-identity/role-does-not-trust",
        &told(
            403,
            "[1]: (AccessDeniedException): Unauthorized Exception! EKS does not have permissions to assume the \
             associated role., fault: client",
        )
    );
    prove!(
        "pod-identity/no-association",
        &told(
            404,
            "[1]: (ResourceNotFoundException): No association for this service account, fault: client"
        )
    );
    prove!("pod-identity/agent-fails", &told(500, "unable to fetch credentials from EKS Auth"));
    prove!("pod-identity/no-key", &told(200, "{}"));
    prove!("pod-identity/agent-away", &seen(pod_identity(&pod, testbed::free_port(), NOBODY)));
    fs::remove_file(pod.path("token")).unwrap();
    prove!("pod-identity/token-missing", &seen(pod_identity(&pod, 9, NOBODY)));
    let elsewhere = role(NOBODY).env("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://example.com/credentials");
    prove!("pod-identity/elsewhere", &seen(elsewhere));
}

/// The metadata service: a session, the role's name, and what it says of its key.
fn metadata(request: &Request, key: &str) -> Answer {
    if request.method == "PUT" {
        return Answer::new(200, "canary-session-7f3a");
    }
    if request.headers.get("x-aws-ec2-metadata-token").is_none_or(|token| token != "canary-session-7f3a") {
        return Answer::new(401, "");
    }
    match request.path.strip_prefix("/latest/meta-data/iam/security-credentials/") {
        Some("") if key.is_empty() => Answer::new(404, "<html>404 - Not Found</html>"),
        Some("") => Answer::new(200, "node-role"),
        Some("node-role") => Answer::new(200, key),
        _ => Answer::new(404, ""),
    }
}

fn instance(port: u16, endpoint: &str) -> Seen {
    seen(role(endpoint).env("AWS_EC2_METADATA_SERVICE_ENDPOINT", format!("http://127.0.0.1:{port}")))
}

#[test]
fn recorded_the_metadata_service_of_the_node() {
    let server = Minio::start();
    let _ = server.request(&["-X", "PUT"], "dify");
    let key = key_as_json(&server.key_for(&["s3:*"]));
    let told = |key: String| {
        let service = RecordedHttp::start(move |request| metadata(request, &key));
        instance(service.port, &server.endpoint())
    };
    prove!("instance/ready", &told(key));
    prove!("instance/no-role", &told(String::new()));
    prove!(
        "instance/role-fails",
        &told(r#"{"Code": "AssumeRoleUnauthorizedAccess", "Message": "no"}"#.to_owned())
    );
    let off = RecordedHttp::start(|_| Answer::new(403, ""));
    prove!("instance/switched-off", &instance(off.port, NOBODY));
    let silent = Proxy::start(9, Fault::Hang);
    prove!("instance/hop-limit", &instance(silent.port, NOBODY));
    prove!("instance/away", &instance(testbed::free_port(), NOBODY));
    prove!("instance/disabled", &seen(role(NOBODY).env("AWS_EC2_METADATA_DISABLED", "true")));
}

fn profile(file: &Path, endpoint: &str) -> Tool {
    role(endpoint).env("AWS_SHARED_CREDENTIALS_FILE", file.display()).env("AWS_PROFILE", "dify")
}

#[test]
fn a_profile_in_a_file() {
    let (server, pod) = (Minio::start(), Pod::new());
    let _ = server.request(&["-X", "PUT"], "dify");
    let [(_, id), (_, secret), (_, token)] = <[_; 3]>::try_from(server.key_for(&["s3:*"])).unwrap();
    let file = pod.path("credentials");
    let text = format!(
        "[other]\naws_access_key_id = x\n[dify]\naws_access_key_id = {id}\n\
         aws_secret_access_key = {secret}\naws_session_token = {token}\n"
    );
    fs::write(&file, text).unwrap();
    prove!("profile/ready", &seen(profile(&file, &server.endpoint())));
    fs::write(&file, "[other]\n").unwrap();
    prove!("profile/no-such-profile", &seen(profile(&file, NOBODY)));
    fs::write(&file, "[dify]\ncredential_process = /bin/secrets\n").unwrap();
    prove!("profile/leads-elsewhere", &seen(profile(&file, NOBODY)));
    fs::write(&file, "[dify]\naws_access_key_id = x\n").unwrap();
    prove!("profile/half-a-key", &seen(profile(&file, NOBODY)));
}

#[test]
fn no_key_of_a_role_is_seen() {
    let pod = Pod::new();
    // Everything echoes what it was asked.
    let echo = RecordedHttp::start(|request| {
        let mut said = request.body.clone();
        for (name, value) in &request.headers {
            said.push_str(&format!(" {name}: {value}"));
        }
        sts_error(400, "AccessDenied or so", &said)
    });
    for more in ["-v", "--print-config", "--output=text"] {
        let web = irsa(&pod, echo.port, NOBODY).args([more]).run();
        let agent = pod_identity(&pod, echo.port, NOBODY).args([more]).run();
        for run in [web, agent] {
            run.expect_no("canary-token");
        }
    }
}
