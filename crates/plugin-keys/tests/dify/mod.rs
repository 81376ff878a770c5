//! Recorded answers of Dify's own components: what their sources answer to the one question that a key decides.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test file uses a part of it")]

use testbed::recorded::{Answer, RecordedHttp, Request};

/// What is to go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    None,
    /// Its database or Redis is down, or its process cannot do its work.
    Behind,
    /// It has no place for one more request.
    Busy,
    /// It starts, and the proxy before it says so.
    Starting,
    /// A page of something else.
    Stranger,
    /// A proxy that sends elsewhere.
    Redirect,
    /// A proxy that asks for a login of its own.
    Login,
    /// A release that cannot be asked.
    Old,
    /// It asks nobody for a token.
    Open,
}

fn proxy(trouble: Trouble) -> Option<Answer> {
    Some(match trouble {
        Trouble::Starting => Answer::new(502, "<html>502 Bad Gateway</html>"),
        Trouble::Stranger => Answer::new(200, "<html>welcome</html>"),
        Trouble::Redirect => Answer::new(301, "").header("location", "https://dify.example.com/"),
        Trouble::Login => {
            Answer::new(401, "<html>401 Authorization Required</html>").header("www-authenticate", "Basic")
        }
        _ => return None,
    })
}

fn start(trouble: Trouble, rule: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> RecordedHttp {
    RecordedHttp::start(move |request| proxy(trouble).unwrap_or_else(|| rule(request)))
}

fn has(request: &Request, header: &str, value: &str) -> bool {
    request.headers.get(header).is_some_and(|found| found == value)
}

pub fn plugin_daemon(key: &'static str, trouble: Trouble) -> RecordedHttp {
    start(trouble, move |request| {
        if !request.path.starts_with("/plugin/") {
            return Answer::new(404, r#"{"code":"not_found","message":"route not found"}"#);
        }
        if !has(request, "x-api-key", key) {
            let error = r#"{\"message\":\"unauthorized\",\"error_type\":\"PluginDaemonUnauthorizedError\",\"args\":null}"#;
            return Answer::new(401, &format!(r#"{{"code":-401,"message":"{error}","data":null}}"#));
        }
        if trouble == Trouble::Behind {
            let error = r#"{\"message\":\"failed to connect\",\"error_type\":\"PluginDaemonInternalServerError\",\"args\":null}"#;
            return Answer::new(200, &format!(r#"{{"code":-500,"message":"{error}","data":null}}"#));
        }
        Answer::new(200, r#"{"code":0,"message":"success","data":{"list":[],"total":0}}"#)
    })
}

pub fn sandbox(key: &'static str, trouble: Trouble) -> RecordedHttp {
    start(trouble, move |request| {
        if !has(request, "x-api-key", key) {
            return Answer::new(401, "");
        }
        if request.path.starts_with("/v1/sandbox/dependencies?language=python3") {
            return Answer::new(200, r#"{"code":0,"message":"success","data":{"dependencies":[]}}"#);
        }
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/v1/sandbox/run"));
        match trouble {
            Trouble::Behind => Answer::new(
                200,
                r#"{"code":0,"message":"success","data":{"error":"error: operation not permitted","stdout":""}}"#,
            ),
            Trouble::Busy => Answer::new(503, r#"{"code":-503,"message":"Too many requests","data":null}"#),
            _ => Answer::new(200, r#"{"code":0,"message":"success","data":{"error":"","stdout":"1\n"}}"#),
        }
    })
}

pub fn api(key: &'static str, trouble: Trouble) -> RecordedHttp {
    start(trouble, move |request| {
        let version = if trouble == Trouble::Old { "1.10.1" } else { "1.16.1" };
        if request.path == "/health" {
            return Answer::new(200, &format!(r#"{{"pid":1,"status":"ok","version":"{version}"}}"#));
        }
        if trouble == Trouble::Old || !has(request, "x-inner-api-key", key) {
            let message = "The requested URL was not found on the server.";
            return Answer::new(
                404,
                &format!(r#"{{"code":"not_found","message":"{message}","status":404}}"#),
            );
        }
        assert_eq!(request.path, "/inner/api/knowledge/retrieve");
        Answer::new(400, r#"{"code":"invalid_request","message":"caller: Field required","status":400}"#)
    })
}

pub fn agent_backend(token: &'static str, trouble: Trouble) -> RecordedHttp {
    start(trouble, move |request| {
        if !request.path.starts_with("/runs/") {
            return Answer::new(404, r#"{"detail":"Not Found"}"#);
        }
        if trouble != Trouble::Open && !has(request, "authorization", &format!("Bearer {token}")) {
            return Answer::new(401, r#"{"detail":"invalid bearer token"}"#);
        }
        if trouble == Trouble::Behind {
            return Answer::new(500, "Internal Server Error");
        }
        Answer::new(404, r#"{"detail":"run not found"}"#)
    })
}

pub fn local_sandbox(token: &'static str, trouble: Trouble) -> RecordedHttp {
    start(trouble, move |request| {
        if request.path == "/healthz" {
            return Answer::new(200, r#"{"status":"ok"}"#);
        }
        if trouble != Trouble::Open && !has(request, "authorization", &format!("Bearer {token}")) {
            return Answer::new(401, r#"{"error":"unauthorized"}"#);
        }
        Answer::new(404, "404 page not found")
    })
}
