#![allow(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
//! States of Google Cloud Storage: a real fake-gcs-server for buckets and objects; documented answers for tokens,
//! rights and all else that the emulator does not look at.

mod common;

use std::fs;
use std::process::Command;

use common::{owned, seen, tool};
use testbed::fake_gcs::{FakeGcs, ServiceAccount};
use testbed::recorded::{Answer, RecordedHttp, Request};
use testbed::{Seen, Tool, prove};

/// As the variables want it.
fn base64(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("text");
    fs::write(&file, text).unwrap();
    let output = Command::new("base64").arg("-w0").arg(file).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The api at a server in place of Google's.
fn api(verb: &str, url: &str) -> Tool {
    tool(verb)
        .env("STORAGE_TYPE", "google-storage")
        .env("GOOGLE_STORAGE_BUCKET_NAME", "dify")
        .env("STORAGE_EMULATOR_HOST", url)
        .env("PREFLIGHT_GRACE", "0s")
        .env("PREFLIGHT_DEADLINE", "10s")
}

fn with_key(url: &str, json: &str) -> Tool {
    api("check", url).env("GOOGLE_STORAGE_SERVICE_ACCOUNT_JSON_BASE64", base64(json))
}

fn token() -> Answer {
    Answer::new(200, r#"{"access_token": "canary-token-7f3a", "expires_in": 3599, "token_type": "Bearer"}"#)
}

/// A token server that believes one service account.
fn token_server(account: ServiceAccount) -> (RecordedHttp, String) {
    let key = account.json("TOKEN_URI");
    let server = RecordedHttp::start(move |request| {
        let assertion = request.body.split('&').find_map(|pair| pair.strip_prefix("assertion="));
        if assertion.is_some_and(|assertion| account.signed(assertion)) {
            token()
        } else {
            refusal("invalid_grant", "Invalid JWT Signature.")
        }
    });
    let key = key.replace("TOKEN_URI", &format!("http://127.0.0.1:{}/token", server.port));
    (server, key)
}

fn refusal(code: &str, words: &str) -> Answer {
    Answer::new(400, &serde_json::json!({"error": code, "error_description": words}).to_string())
}

#[test]
fn a_bucket_and_its_objects() {
    let server = FakeGcs::start();
    let url = server.url();
    prove!("fake-gcs/missing", &seen(api("check", &url)));
    prove!("fake-gcs/no-project", &seen(api("ensure", &url)));
    prove!("fake-gcs/made", &seen(api("ensure", &url).env("GOOGLE_CLOUD_PROJECT", "dify-test")));
    prove!("fake-gcs/ready", &seen(api("check", &url)));
    let (_tokens, key) = token_server(ServiceAccount::new());
    prove!("fake-gcs/service-account-ready", &seen(with_key(&url, &key)));
    let daemon = |tool: Tool| {
        seen(
            tool.args(["--for", "daemon"])
                .envs(owned(&[("PLUGIN_STORAGE_TYPE", "gcs"), ("PLUGIN_STORAGE_OSS_BUCKET", "dify")])),
        )
    };
    prove!("fake-gcs/daemon-ready", &daemon(api("check", &url).env("GCS_CREDENTIALS", base64(&key))));
    let opendal = [("STORAGE_TYPE", "opendal"), ("OPENDAL_SCHEME", "gcs"), ("OPENDAL_GCS_BUCKET", "dify")];
    prove!(
        "fake-gcs/opendal-ready",
        &seen(api("check", &url).envs(owned(&opendal)).env("OPENDAL_GCS_ROOT", "/a/b"))
    );
    let without_scheme = url.replace("http://", "");
    prove!("fake-gcs/host-without-scheme", &seen(api("check", &without_scheme)));

    // Another key than the one that the server knows.
    let (_, other) = token_server(ServiceAccount::new());
    let uri = serde_json::from_str::<serde_json::Value>(&key).unwrap()["token_uri"].clone();
    let mut other: serde_json::Value = serde_json::from_str(&other).unwrap();
    other["token_uri"] = uri;
    prove!("google/deleted-key", &seen(with_key(&url, &other.to_string())));

    server.process.signal("STOP");
    prove!("fake-gcs/stopped", &seen(api("check", &url).env("PREFLIGHT_DEADLINE", "3s")));
    server.process.signal("CONT");
    drop(server);
    prove!("fake-gcs/refused", &seen(api("check", &url).env("PREFLIGHT_DEADLINE", "3s")));
}

#[test]
fn what_the_configuration_cannot_be() {
    let with =
        |text: &str| seen(api("check", NOBODY).env("GOOGLE_STORAGE_SERVICE_ACCOUNT_JSON_BASE64", text));
    prove!("google/json-itself", &with("{\"type\": \"service_account\"}"));
    prove!("google/not-base64", &with("%%%"));
    prove!("google/no-json", &with("Y2FuYXJ5"));
    let half = r#"{"type": "service_account", "token_uri": "https://x/y", "client_email": "a@b"}"#;
    prove!("google/half-a-key", &with(&base64(half)));
    let key = half.replace('}', r#", "private_key": "-----BEGIN"}"#);
    prove!("google/key-not-pem", &with(&base64(&key)));
    prove!("google/other-type", &with(&base64(r#"{"type": "impersonated_service_account"}"#)));
    let missing =
        [("STORAGE_EMULATOR_HOST", ""), ("GOOGLE_APPLICATION_CREDENTIALS", "/nonexistent/key.json")];
    prove!("google/file-missing", &seen(api("check", "").envs(owned(&missing))));
}

/// Nobody asks it: the token does not come.
const NOBODY: &str = "http://127.0.0.1:9";

/// What the token server says to every request.
fn told_of_token(answer: Answer) -> Seen {
    let server = RecordedHttp::start(move |_| answer.clone());
    let json = ServiceAccount::new().json(&format!("http://127.0.0.1:{}/token", server.port));
    seen(with_key(NOBODY, &json))
}

#[test]
fn recorded_the_token_server_refuses() {
    prove!("google/no-account", &told_of_token(refusal("invalid_grant", "Invalid grant: account not found")));
    let clock = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. \
                 Check your iat and exp values in the JWT claim.";
    prove!("google/clock", &told_of_token(refusal("invalid_grant", clock)));
    prove!(
        "google/other",
        &told_of_token(refusal("unauthorized_client", "Client is unauthorized to retrieve access tokens."))
    );
    prove!("google/token-server-away", &told_of_token(Answer::new(503, "")));
    prove!("google/not-google", &told_of_token(Answer::new(200, "<html>hello</html>")));
}

/// A file of Application Default Credentials.
fn with_file(url: &str, json: &serde_json::Value) -> (tempfile::TempDir, Tool) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("credentials.json");
    fs::write(&file, json.to_string()).unwrap();
    // An emulator would want no token.
    let key = base64(&json.to_string());
    (folder, api("check", url).env("GOOGLE_STORAGE_SERVICE_ACCOUNT_JSON_BASE64", key))
}

#[test]
fn recorded_federation_and_users() {
    let pod = tempfile::tempdir().unwrap();
    let token_file = pod.path().join("token");
    fs::write(&token_file, "canary-pod-token-7f3a\n").unwrap();
    let gcs = FakeGcs::start();
    let url = gcs.url();
    let _ = seen(api("ensure", &url).env("GOOGLE_CLOUD_PROJECT", "dify-test"));
    let server = |rule: fn(&Request) -> Answer| RecordedHttp::start(rule);
    let external = |port: u16| {
        serde_json::json!({
            "type": "external_account",
            "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k",
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "token_url": format!("http://127.0.0.1:{port}/v1/token"),
            "service_account_impersonation_url": format!("http://127.0.0.1:{port}/impersonate"),
            "credential_source": {"file": token_file.to_str().unwrap()},
        })
    };
    let good = server(|request| {
        if request.path == "/impersonate" {
            return Answer::new(
                200,
                r#"{"accessToken": "canary-token-7f3a", "expireTime": "2099-01-01T00:00:00Z"}"#,
            );
        }
        assert!(request.body.contains("subject_token=canary-pod-token-7f3a"), "{}", request.body);
        token()
    });
    prove!("google-federation/ready", &seen(with_file(&url, &external(good.port)).1));
    let forbidden = server(|request| {
        if request.path == "/impersonate" {
            let body = r#"{"error": {"code": 403, "message": "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).", "status": "PERMISSION_DENIED"}}"#;
            return Answer::new(403, body);
        }
        token()
    });
    prove!("google-federation/may-not-become", &seen(with_file(&url, &external(forbidden.port)).1));
    let no_pool = server(|_| {
        refusal("invalid_target", "The target service indicated by the \"audience\" parameters is invalid.")
    });
    prove!("google-federation/no-pool", &seen(with_file(&url, &external(no_pool.port)).1));
    fs::remove_file(&token_file).unwrap();
    prove!("google-federation/token-missing", &seen(with_file(&url, &external(good.port)).1));
    let mut odd = external(good.port);
    odd["credential_source"] = serde_json::json!({"executable": {"command": "/bin/x"}});
    prove!("google-federation/no-file", &seen(with_file(&url, &odd).1));

    let user = |port: u16| {
        serde_json::json!({
            "type": "authorized_user", "client_id": "a", "client_secret": "canary-secret-7f3a",
            "refresh_token": "canary-refresh-7f3a", "token_uri": format!("http://127.0.0.1:{port}/token"),
        })
    };
    let tokens = server(|_| token());
    prove!("google-user/ready", &seen(with_file(&url, &user(tokens.port)).1));
    let revoked = server(|_| refusal("invalid_grant", "Token has been expired or revoked."));
    prove!("google-user/revoked", &seen(with_file(&url, &user(revoked.port)).1));
}

/// The metadata service says this; nothing else is asked.
fn node(answer: Answer) -> Seen {
    let server = RecordedHttp::start(move |_| answer.clone());
    seen(api("check", "").env("GCE_METADATA_HOST", format!("127.0.0.1:{}", server.port)))
}

#[test]
fn recorded_the_metadata_service() {
    let gcs = FakeGcs::start();
    let _ = seen(api("ensure", &gcs.url()).env("GOOGLE_CLOUD_PROJECT", "dify-test"));
    let good = RecordedHttp::start(|request| {
        assert_eq!(request.headers.get("metadata-flavor").map(String::as_str), Some("Google"));
        token()
    });
    let pod = api("check", "").env("GCE_METADATA_HOST", format!("127.0.0.1:{}", good.port));
    prove!("google-node/ready", &seen(pod.env("API_ENDPOINT_OVERRIDE", gcs.url())));
    prove!("google-node/no-account", &node(Answer::new(404, "<html>Not Found</html>")));
    let denied = "Unable to generate access token; IAM returned 403 Forbidden: Permission \
                  'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).";
    prove!("google-node/may-not-become", &node(Answer::new(403, denied)));
    prove!("google-node/fails", &node(Answer::new(503, "")));
    prove!("google-node/web-page", &node(Answer::new(200, "<html>hello</html>")));
    let silent = testbed::proxy::Proxy::start(9, testbed::proxy::Fault::Hang);
    let tool = api("check", "").env("GCE_METADATA_HOST", format!("127.0.0.1:{}", silent.port));
    prove!("google-node/silent", &seen(tool));
    let away = api("check", "").env("GCE_METADATA_HOST", format!("127.0.0.1:{}", testbed::free_port()));
    prove!("google-node/away", &seen(away));
}

/// As Google writes an error.
fn error(status: u16, reason: &str, message: &str) -> Answer {
    let body = serde_json::json!({"error": {
        "code": status, "message": message,
        "errors": [{"message": message, "domain": "global", "reason": reason}],
    }});
    Answer::new(status, &body.to_string())
}

/// A bucket that can be looked at, and an answer to all else.
fn bucket(verb: &str, look: Answer, rest: Answer) -> Seen {
    let server = RecordedHttp::start(move |request| {
        let looks = request.method == "GET" && request.path == "/storage/v1/b/dify";
        if looks { look.clone() } else { rest.clone() }
    });
    let url = format!("http://127.0.0.1:{}", server.port);
    let (_tokens, key) = token_server(ServiceAccount::new());
    let tool = api(verb, &url).env("GOOGLE_STORAGE_SERVICE_ACCOUNT_JSON_BASE64", base64(&key));
    seen(tool)
}

fn found() -> Answer {
    Answer::new(200, r#"{"kind": "storage#bucket", "name": "dify", "location": "EU"}"#)
}

fn told(answer: Answer) -> Seen {
    bucket("check", answer.clone(), answer)
}

#[test]
fn recorded_refusals_of_google() {
    let missing = || error(404, "notFound", "The specified bucket does not exist.");
    prove!("gcs/missing", &told(missing()));
    prove!("gcs/no-such-token", &told(error(401, "authError", "Invalid Credentials")));
    let get = "dify@dify-test.iam.gserviceaccount.com does not have storage.buckets.get access to the Google Cloud \
               Storage bucket. Permission 'storage.buckets.get' denied on resource (or it may not exist).";
    prove!("gcs/may-not-look", &told(error(403, "forbidden", get)));
    let create = "dify@dify-test.iam.gserviceaccount.com does not have storage.objects.create access to the Google \
                  Cloud Storage object. Permission 'storage.objects.create' denied on resource (or it may not exist).";
    prove!("gcs/may-not-write", &bucket("check", found(), error(403, "forbidden", create)));
    let scopes = "Insufficient Permission";
    prove!("gcs/scopes", &told(error(403, "insufficientPermissions", scopes)));
    let billing = "The billing account for the owning project is disabled in state absent";
    prove!("gcs/nobody-pays", &told(error(403, "accountDisabled", billing)));
    prove!(
        "gcs/switched-off",
        &told(error(
            403,
            "accessNotConfigured",
            "Cloud Storage JSON API has not been used in project 1 before or it is disabled."
        ))
    );
    let perimeter = "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: x";
    prove!("gcs/perimeter", &told(error(403, "vpcServiceControls", perimeter)));
    let payer = "Bucket is a requester pays bucket but no user project provided.";
    prove!("gcs/requester-pays", &told(error(400, "userProjectMissing", payer)));
    prove!(
        "gcs/throttled",
        &bucket(
            "check",
            found(),
            error(
                429,
                "rateLimitExceeded",
                "The object dify/x exceeded the rate limit for object mutation operations."
            )
        )
    );
    prove!("gcs/backend-error", &told(error(503, "backendError", "Backend Error")));
    prove!("gcs/gateway", &told(Answer::new(502, "<html>Bad Gateway</html>")));
    prove!("gcs/web-page", &told(Answer::new(200, "<html>hello</html>")));
    let taken = "The requested bucket name is not available. The bucket namespace is shared by all users of the system. \
                 Please select a different name and try again.";
    prove!("gcs/foreign", &bucket("ensure", missing(), error(409, "conflict", taken)));
    prove!(
        "gcs/bad-name",
        &bucket("ensure", missing(), error(400, "invalid", "Invalid bucket name: 'dify'"))
    );
    let may_not = "dify@dify-test.iam.gserviceaccount.com does not have storage.buckets.create access to the Google Cloud project.";
    prove!("gcs/may-not-create", &bucket("ensure", missing(), error(403, "forbidden", may_not)));
}

/// A bucket that keeps one object, and an answer to its deletion.
fn deleting(answer: Answer) -> Seen {
    let kept = std::sync::Mutex::new(String::new());
    let server = RecordedHttp::start(move |request| match request.method.as_str() {
        "POST" => {
            kept.lock().unwrap().clone_from(&request.body);
            Answer::new(200, "{}")
        }
        "DELETE" => answer.clone(),
        _ if request.path.contains("/o/") => Answer::new(200, &kept.lock().unwrap()),
        _ => found(),
    });
    let (_tokens, key) = token_server(ServiceAccount::new());
    seen(with_key(&format!("http://127.0.0.1:{}", server.port), &key))
}

#[test]
fn recorded_refusals_of_google_to_delete() {
    let may_not = "dify@dify-test.iam.gserviceaccount.com does not have storage.objects.delete access to the Google Cloud Storage object.";
    prove!("gcs/may-not-delete", &deleting(error(403, "forbidden", may_not)));
    let kept = "Object 'dify/x' is subject to bucket's retention policy or object retention and cannot be deleted or overwritten until 2027-01-01T00:00:00Z";
    prove!("gcs/retention", &deleting(error(403, "retentionPolicyNotMet", kept)));
}

#[test]
fn no_secret_of_google_is_seen() {
    // Everything echoes what it was asked.
    let echo = RecordedHttp::start(|request| {
        let mut said = format!("{} {}", request.path, request.body);
        for (name, value) in &request.headers {
            said.push_str(&format!(" {name}: {value}"));
        }
        error(400, "odd", &said)
    });
    let url = format!("http://127.0.0.1:{}", echo.port);
    let account = ServiceAccount::new();
    let middle = account.key().lines().nth(5).unwrap().to_owned();
    let echo_json = account.json(&format!("{url}/token"));
    let (_tokens, key) = token_server(account);
    let user = serde_json::json!({
        "type": "authorized_user", "client_id": "a", "client_secret": "canary-secret-7f3a",
        "refresh_token": "canary-refresh-7f3a", "token_uri": format!("{url}/token"),
    });
    for more in ["-v", "--print-config", "--output=text"] {
        let (_folder, user) = with_file(&url, &user);
        for tool in [with_key(&url, &key), with_key(&url, &echo_json), user] {
            let run = tool.args([more]).run();
            for secret in ["canary", middle.as_str()] {
                run.expect_no(secret);
            }
        }
    }
}
