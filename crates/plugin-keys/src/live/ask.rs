//! The one request to each component that its key decides, and what the answers mean.
//!
//! Nothing that a component says is quoted, but for a version: it may hold a key.

use preflight::http::{Http, Method, Reply as HttpReply, RequestBuilder};
use preflight::{Finding, Hop, Secret};
use serde_json::{Value, json};

use super::Peer;
use crate::keys::release::{INNER_API_ASKABLE, Release};

/// No plugin, tenant or run has this id.
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// What a component thinks of a key.
pub(crate) enum Reply {
    Takes {
        version: Option<String>,
        warnings: Vec<String>,
    },
    Refuses {
        code: String,
    },
    /// It was not the key that decided.
    Cannot(Finding),
}

/// Asks with a key, or without any.
pub(crate) async fn ask(peer: Peer, http: &Http, key: Option<&Secret>) -> Result<Reply, Finding> {
    match peer {
        Peer::Api => api(http, key).await,
        Peer::PluginDaemon => plugin_daemon(http, key).await,
        Peer::Sandbox => sandbox(http, key).await,
        Peer::AgentBackend => agent_backend(http, key).await,
        Peer::LocalSandbox => local_sandbox(http, key).await,
    }
}

fn with_header(request: RequestBuilder, name: &str, key: Option<&Secret>) -> RequestBuilder {
    match key {
        Some(key) => request.header(name, key.reveal()),
        None => request,
    }
}

fn with_bearer(request: RequestBuilder, key: Option<&Secret>) -> RequestBuilder {
    match key {
        Some(key) => request.bearer_auth(key.reveal()),
        None => request,
    }
}

/// Sends a question. What a proxy answers while nobody stands behind it is the same for all components.
async fn send(http: &Http, request: RequestBuilder) -> Result<HttpReply, Finding> {
    let reply = http.send(request).await?;
    let of_proxy = matches!(reply.status, 502..=504) && !body(&reply).is_object();
    if !of_proxy {
        return Ok(reply);
    }
    let what = format!("nobody answers behind {}", http.address());
    let hint = "the component may be starting: look at its readiness probe and its log";
    Err(Finding::not_yet(Hop::Proxy, what).code(reply.status.to_string()).hint(hint))
}

fn takes() -> Reply {
    Reply::Takes { version: None, warnings: Vec::new() }
}

fn body(reply: &HttpReply) -> Value {
    serde_json::from_str(&reply.body).unwrap_or_default()
}

/// Something listens there that is not what was looked for.
fn stranger(peer: Peer, http: &Http, status: u16) -> Reply {
    let (what, hint) = match status {
        300..=399 => ("redirects", "give the address of the component itself, not that of a proxy before it"),
        401 | 403 | 407 => {
            ("wants another login", "something stands before it that asks for a login of its own")
        }
        _ => (
            "answers, but not as what it should be",
            "check host and port; it may be another component, or a proxy",
        ),
    };
    let finding = Finding::suspect(Hop::Proxy, format!("{} {what} (asked as the {peer})", http.address()));
    Reply::Cannot(finding.code(status.to_string()).hint(hint))
}

fn unwell(peer: Peer, http: &Http, code: String, what: &str, hint: &str) -> Reply {
    Reply::Cannot(
        Finding::not_yet(Hop::State, format!("{peer} at {} {what}", http.address())).code(code).hint(hint),
    )
}

/// `GET /plugin/<tenant>/management/list`: 401 with a wrong key; the list comes from its database.
async fn plugin_daemon(http: &Http, key: Option<&Secret>) -> Result<Reply, Finding> {
    let path = format!("/plugin/{NOBODY}/management/list?page=1&page_size=1");
    let reply = send(http, with_header(http.request(Method::GET, &path), "X-Api-Key", key)).await?;
    let hint = "look at its log: its database may be down, or not migrated";
    Ok(match (reply.status, body(&reply)["code"].as_i64()) {
        (200, Some(0)) => takes(),
        // It answers 200 and keeps its errors in the body.
        (200, Some(code)) => {
            unwell(Peer::PluginDaemon, http, code.to_string(), "takes the key, but cannot list plugins", hint)
        }
        // A login that an ingress asks for has no such body.
        (401, Some(_)) => Reply::Refuses { code: "401".to_owned() },
        (status @ 500.., _) => {
            unwell(Peer::PluginDaemon, http, status.to_string(), "cannot list plugins", hint)
        }
        (status, _) => stranger(Peer::PluginDaemon, http, status),
    })
}

/// `GET /v1/sandbox/dependencies` for the key, then one line of Python for what the key is good for.
async fn sandbox(http: &Http, key: Option<&Secret>) -> Result<Reply, Finding> {
    let list = http.request(Method::GET, "/v1/sandbox/dependencies?language=python3");
    let reply = send(http, with_header(list, "X-Api-Key", key)).await?;
    match (reply.status, body(&reply)["code"].as_i64()) {
        (200, Some(_)) => {}
        (401, _) if reply.body.is_empty() => return Ok(Reply::Refuses { code: "401".to_owned() }),
        (status @ (429 | 503), _) => return Ok(busy(http, status)),
        (status @ 500.., _) => {
            let (what, hint) = ("cannot answer", "look at its log");
            return Ok(unwell(Peer::Sandbox, http, status.to_string(), what, hint));
        }
        (status, _) => return Ok(stranger(Peer::Sandbox, http, status)),
    }
    let code = json!({"language": "python3", "code": "print(1)", "preload": "", "enable_network": false});
    let run = http.request(Method::POST, "/v1/sandbox/run").header("content-type", "application/json");
    let reply = send(http, with_header(run.body(code.to_string()), "X-Api-Key", key)).await?;
    let answer = body(&reply);
    if matches!(reply.status, 429 | 503) {
        return Ok(busy(http, reply.status));
    }
    // It has run out of users to run code as; that passes.
    if answer["code"] == -429 {
        return Ok(busy(http, 429));
    }
    let ran = answer["code"] == 0 && answer["data"]["stdout"].as_str().is_some_and(|text| text.trim() == "1");
    if ran {
        return Ok(takes());
    }
    let what = format!("sandbox at {} takes the key, but runs no code", http.address());
    let hint = "it needs root, chroot and seccomp: look at its security context and its log";
    let finding = Finding::suspect(Hop::State, what).hint(hint);
    Ok(Reply::Cannot(match answer["code"].as_i64() {
        Some(0) => finding,
        Some(code) => finding.code(code.to_string()),
        None => finding.code(reply.status.to_string()),
    }))
}

fn busy(http: &Http, status: u16) -> Reply {
    let hint = "raise its MAX_REQUESTS or MAX_WORKERS if this stays";
    unwell(Peer::Sandbox, http, status.to_string(), "is busy", hint)
}

/// `POST /inner/api/knowledge/retrieve` with an empty body: 400 with the right key, 404 with a wrong one.
async fn api(http: &Http, key: Option<&Secret>) -> Result<Reply, Finding> {
    let request = http.request(Method::POST, "/inner/api/knowledge/retrieve");
    let request =
        with_header(request.header("content-type", "application/json").body("{}"), "X-Inner-Api-Key", key);
    let reply = send(http, request).await?;
    match reply.status {
        400 | 422 if body(&reply).is_object() => Ok(takes()),
        404 => not_found(http).await,
        status @ 500.. => Ok(unwell(
            Peer::Api,
            http,
            status.to_string(),
            "cannot answer",
            "look at its log; it may be starting",
        )),
        status => Ok(stranger(Peer::Api, http, status)),
    }
}

/// A wrong key, a release that has no such address, or no api at all: `/health` tells them apart.
async fn not_found(http: &Http) -> Result<Reply, Finding> {
    let health = send(http, http.request(Method::GET, "/health")).await?;
    let version = version(&body(&health)["version"]);
    let (200, Some(version)) = (health.status, version) else { return Ok(stranger(Peer::Api, http, 404)) };
    if version.parse::<Release>().is_ok_and(|release| release < INNER_API_ASKABLE) {
        let what = format!("api {version} at {} cannot be asked for its inner key", http.address());
        return Ok(Reply::Cannot(
            Finding::never(Hop::State, what)
                .code("404")
                .hint("Dify 1.16 can; until then name the others by --ask"),
        ));
    }
    Ok(Reply::Refuses { code: "404".to_owned() })
}

/// A version, if that is what it looks like.
fn version(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let fits = text.len() <= 24 && text.parse::<Release>().is_ok();
    (fits && text.chars().all(|c| c.is_ascii_alphanumeric() || ".-+".contains(c))).then(|| text.to_owned())
}

/// `GET /runs/<id>`: 404 with the right token and with Redis, 401 with a wrong token, 500 without Redis.
async fn agent_backend(http: &Http, key: Option<&Secret>) -> Result<Reply, Finding> {
    let peer = Peer::AgentBackend;
    let path = format!("/runs/{NOBODY}");
    let reply = send(http, with_bearer(http.request(Method::GET, &path), key)).await?;
    match reply.status {
        // Everything that is built with the same framework answers "Not Found" to a path that it does not know.
        404 if body(&reply)["detail"].as_str().is_some_and(|detail| detail.contains("run")) => {}
        401 | 403 if body(&reply)["detail"].is_string() => {
            return Ok(Reply::Refuses { code: reply.status.to_string() });
        }
        status @ 500.. => {
            let (what, hint) = (
                "takes the token, but fails behind it",
                "check DIFY_AGENT_REDIS_URL: it keeps its runs in Redis",
            );
            return Ok(unwell(peer, http, status.to_string(), what, hint));
        }
        status => return Ok(stranger(peer, http, status)),
    }
    let open = key.is_none() || send(http, http.request(Method::GET, &path)).await?.status == 404;
    let warning = "the agent backend asks nobody for a token: set DIFY_AGENT_API_TOKEN there";
    Ok(Reply::Takes { version: None, warnings: open.then(|| warning.to_owned()).into_iter().collect() })
}

/// Anything below `/v1/`: 401 with a wrong token.
async fn local_sandbox(http: &Http, key: Option<&Secret>) -> Result<Reply, Finding> {
    let peer = Peer::LocalSandbox;
    let health = send(http, http.request(Method::GET, "/healthz")).await?;
    if health.status != 200 || body(&health)["status"] != "ok" {
        return Ok(stranger(peer, http, health.status));
    }
    let path = format!("/v1/preflight-{NOBODY}");
    let reply = send(http, with_bearer(http.request(Method::GET, &path), key)).await?;
    match reply.status {
        401 | 403 => return Ok(Reply::Refuses { code: reply.status.to_string() }),
        status @ 500.. => {
            return Ok(unwell(peer, http, status.to_string(), "cannot answer", "look at its log"));
        }
        _ => {}
    }
    let open =
        key.is_none() || !matches!(send(http, http.request(Method::GET, &path)).await?.status, 401 | 403);
    let warning =
        "the local sandbox asks nobody for a token: set SHELLCTL_AUTH_TOKEN there (a must from Dify 1.18 on)";
    Ok(Reply::Takes { version: None, warnings: open.then(|| warning.to_owned()).into_iter().collect() })
}
