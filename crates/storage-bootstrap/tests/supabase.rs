#![allow(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
//! States of Supabase's storage, which cannot be had here. What its HTTP interface answers is replayed from its
//! documents and its users' reports: this proves how the tool reads those answers.

mod common;

use std::sync::Mutex;

use common::{owned, seen, tool};
use testbed::recorded::{Answer, RecordedHttp, Request};
use testbed::{Seen, prove};

const KEY: &str = "eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.c2lnbmF0dXJlLWNhbmFyeQ";

fn error(status: u16, code: u16, error: &str, message: &str) -> Answer {
    Answer::new(status, &format!("{{\"statusCode\":\"{code}\",\"error\":{error:?},\"message\":{message:?}}}"))
}

/// What a request is about: `POST object`, `GET bucket`.
fn about(request: &Request) -> String {
    let path = request.path.trim_start_matches("/storage/v1/");
    format!("{} {}", request.method, path.split('/').next().unwrap_or_default())
}

/// A project with these buckets, but for what is said of some requests.
fn project(
    buckets: &'static [&'static str],
    but: impl Fn(&str) -> Option<Answer> + Send + Sync + 'static,
) -> RecordedHttp {
    let kept = Mutex::new(String::new());
    let made = Mutex::new(Vec::from(buckets));
    RecordedHttp::start(move |request| {
        if request.headers.get("apikey").map(String::as_str) != Some(KEY) {
            return Answer::new(401, r#"{"message":"Invalid authentication credentials"}"#);
        }
        let about = about(request);
        but(&about).unwrap_or_else(|| match about.as_str() {
            "GET bucket" => {
                let list: Vec<_> = made
                    .lock()
                    .unwrap()
                    .iter()
                    .map(|name| serde_json::json!({"id": name, "name": name}))
                    .collect();
                Answer::new(200, &serde_json::Value::from(list).to_string())
            }
            "POST bucket" => {
                made.lock().unwrap().push("dify");
                Answer::new(200, r#"{"name":"dify"}"#)
            }
            "POST object" => {
                kept.lock().unwrap().clone_from(&request.body);
                Answer::new(200, r#"{"Key":"dify/x","Id":"1"}"#)
            }
            "GET object" => Answer::new(200, &kept.lock().unwrap()),
            "DELETE object" => Answer::new(200, r#"[{"name":"x"}]"#),
            _ => error(404, 404, "Not Found", "Route not found"),
        })
    })
}

fn look(verb: &str, server: &RecordedHttp, changes: &[(&str, &str)]) -> Seen {
    let url = format!("http://127.0.0.1:{}", server.port);
    let variables = [
        ("STORAGE_TYPE", "supabase"),
        ("SUPABASE_URL", &url),
        ("SUPABASE_API_KEY", KEY),
        ("SUPABASE_BUCKET_NAME", "dify"),
        ("PREFLIGHT_GRACE", "0s"),
        ("PREFLIGHT_DEADLINE", "2s"),
    ];
    let seen = seen(tool(verb).envs(owned(&variables)).envs(owned(changes)));
    assert!(!seen.output.contains("signature-canary") && !seen.output.contains(KEY), "{seen:?}");
    seen
}

fn but(request: &'static str, answer: Answer) -> Seen {
    let server = project(&["dify"], move |about| (about == request).then(|| answer.clone()));
    look("check", &server, &[])
}

#[test]
fn recorded_a_project() {
    let server = project(&["dify", "other"], |_| None);
    prove!("supabase/ready", &look("check", &server, &[]));
    prove!("supabase/wrong-key", &look("check", &server, &[("SUPABASE_API_KEY", "a.b.c")]));
    prove!("supabase/no-key", &look("check", &server, &[("SUPABASE_API_KEY", "not-a-key")]));
    let server = project(&["other"], |_| None);
    prove!("supabase/missing", &look("check", &server, &[]));
    prove!("supabase/made", &look("ensure", &server, &[]));
    let policy = "new row violates row-level security policy";
    let server =
        project(&[], move |about| (about == "POST bucket").then(|| error(400, 403, "Unauthorized", policy)));
    prove!("supabase/may-not-make", &look("ensure", &server, &[]));
    prove!("supabase/may-not-write", &but("POST object", error(400, 403, "Unauthorized", policy)));
    prove!("supabase/may-not-delete", &but("DELETE object", Answer::new(200, "[]")));
    prove!("supabase/bad-token", &but("GET bucket", error(400, 403, "Unauthorized", "Invalid Compact JWS")));
    let large = "The object exceeded the maximum allowed size";
    prove!("supabase/too-large", &but("POST object", error(400, 413, "Payload too large", large)));
    prove!("supabase/lost-object", &but("GET object", error(400, 404, "not_found", "Object not found")));
    let slow = "The connection to the database timed out";
    prove!("supabase/database-away", &but("GET bucket", error(544, 544, "DatabaseTimeout", slow)));
    prove!("supabase/other-product", &but("GET bucket", Answer::new(200, "<html>hello</html>")));
    prove!("supabase/gateway", &but("GET bucket", Answer::new(503, "name resolution failed")));
    let exists = error(400, 409, "Duplicate", "The resource already exists");
    let server = project(&["dify"], move |about| match about {
        "POST object" => Some(exists.clone()),
        "PUT object" => Some(Answer::new(200, "{}")),
        _ => None,
    });
    // Left by an earlier try, and written anew; the stand-in gives the old content back.
    prove!("supabase/other-content", &look("check", &server, &[]));
}
