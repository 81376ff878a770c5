#![allow(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
//! `--live` against recorded answers of Dify's components.

mod dify;

use std::fs;

use dify::Trouble;
use testbed::recorded::RecordedHttp;
use testbed::{Run, Seen, Tool, free_port, prove};

const KEY: &str = "canary-live-key-0123456789";
const OTHER: &str = "canary-another-key-012345";

/// How one component is looked for, and with which key.
struct Peer {
    name: &'static str,
    url: &'static str,
    key: &'static str,
    /// The same key, as the component itself names it.
    own: &'static str,
}

const DAEMON: Peer =
    Peer { name: "plugin-daemon", url: "PLUGIN_DAEMON_URL", key: "PLUGIN_DAEMON_KEY", own: "SERVER_KEY" };
const SANDBOX: Peer = Peer {
    name: "sandbox",
    url: "CODE_EXECUTION_ENDPOINT",
    key: "CODE_EXECUTION_API_KEY",
    own: "SANDBOX_API_KEY",
};
const API: Peer = Peer {
    name: "api",
    url: "DIFY_INNER_API_URL",
    key: "DIFY_INNER_API_KEY",
    own: "INNER_API_KEY_FOR_PLUGIN",
};
const AGENT: Peer = Peer {
    name: "agent-backend",
    url: "AGENT_BACKEND_BASE_URL",
    key: "AGENT_BACKEND_API_TOKEN",
    own: "DIFY_AGENT_API_TOKEN",
};
const SHELL: Peer = Peer {
    name: "local-sandbox",
    url: "DIFY_AGENT_LOCAL_SANDBOX_ENDPOINT",
    key: "DIFY_AGENT_LOCAL_SANDBOX_AUTH_TOKEN",
    own: "SHELLCTL_AUTH_TOKEN",
};

/// Asks one component at a port, with these keys; what is said of the keys themselves is left out.
fn ask_at(peer: &Peer, port: u16, keys: &[(&str, &str)]) -> Seen {
    let run = Tool::new(env!("CARGO_BIN_EXE_plugin-keys"))
        .args(["check", "--output", "json", "--ask", peer.name])
        .env(peer.url, format!("http://127.0.0.1:{port}"))
        .envs(keys.iter().map(|(name, value)| (*name, (*value).to_owned())))
        .run();
    of(&run, peer.name)
}

fn of(run: &Run, name: &str) -> Seen {
    run.expect_no("canary");
    let mut seen = Seen::all(run).into_iter().find(|seen| seen.check == name).unwrap();
    // The whole run fails where other keys are missing; a row is about this check alone.
    seen.exit = match seen.class.as_str() {
        "ready" => 0,
        "not_yet" => 75,
        _ => 69,
    };
    seen
}

fn ask(peer: &Peer, server: &RecordedHttp) -> Seen {
    ask_at(peer, server.port, &[(peer.key, KEY)])
}

#[test]
fn recorded_plugin_daemon() {
    prove!("plugin-daemon/ready", &ask(&DAEMON, &dify::plugin_daemon(KEY, Trouble::None)));
    let other = dify::plugin_daemon(OTHER, Trouble::None);
    prove!("plugin-daemon/refuses", &ask(&DAEMON, &other));
    prove!(
        "plugin-daemon/takes-another",
        &ask_at(&DAEMON, other.port, &[(DAEMON.key, KEY), (DAEMON.own, OTHER)])
    );
    let third = dify::plugin_daemon("a-third-key-0123456789", Trouble::None);
    prove!(
        "plugin-daemon/refuses-all",
        &ask_at(&DAEMON, third.port, &[(DAEMON.key, KEY), (DAEMON.own, OTHER)])
    );
    prove!("plugin-daemon/no-database", &ask(&DAEMON, &dify::plugin_daemon(KEY, Trouble::Behind)));
    prove!("plugin-daemon/starting", &ask(&DAEMON, &dify::plugin_daemon(KEY, Trouble::Starting)));
    prove!("plugin-daemon/no-key", &ask_at(&DAEMON, other.port, &[]));
    prove!("plugin-daemon/unsendable-key", &ask_at(&DAEMON, other.port, &[(DAEMON.key, "canary two words")]));
    prove!("plugin-daemon/not-there", &ask_at(&DAEMON, free_port(), &[(DAEMON.key, KEY)]));
}

#[test]
fn recorded_strangers() {
    prove!("stranger/page", &ask(&DAEMON, &dify::plugin_daemon(KEY, Trouble::Stranger)));
    prove!("stranger/redirect", &ask(&SANDBOX, &dify::sandbox(KEY, Trouble::Redirect)));
    prove!("stranger/login", &ask(&SANDBOX, &dify::sandbox(KEY, Trouble::Login)));
    // Each of the components mistaken for another is a stranger too.
    for peer in [&API, &SANDBOX, &AGENT, &SHELL] {
        let seen = ask(peer, &dify::plugin_daemon(KEY, Trouble::None));
        assert_eq!(seen.hop, "proxy", "{}: {seen:?}", peer.name);
    }
    for peer in [&API, &DAEMON, &SANDBOX, &SHELL] {
        let seen = ask(peer, &dify::agent_backend(KEY, Trouble::None));
        assert_eq!(seen.hop, "proxy", "{}: {seen:?}", peer.name);
    }
    for trouble in [Trouble::Stranger, Trouble::Redirect, Trouble::Login] {
        for seen in [
            ask(&API, &dify::api(KEY, trouble)),
            ask(&DAEMON, &dify::plugin_daemon(KEY, trouble)),
            ask(&SANDBOX, &dify::sandbox(KEY, trouble)),
            ask(&AGENT, &dify::agent_backend(KEY, trouble)),
            ask(&SHELL, &dify::local_sandbox(KEY, trouble)),
        ] {
            assert_eq!((seen.class.as_str(), seen.hop.as_str()), ("suspect", "proxy"), "{seen:?}");
        }
    }
}

#[test]
fn recorded_sandbox() {
    prove!("sandbox/ready", &ask(&SANDBOX, &dify::sandbox(KEY, Trouble::None)));
    prove!("sandbox/refuses", &ask(&SANDBOX, &dify::sandbox(OTHER, Trouble::None)));
    prove!("sandbox/runs-no-code", &ask(&SANDBOX, &dify::sandbox(KEY, Trouble::Behind)));
    prove!("sandbox/busy", &ask(&SANDBOX, &dify::sandbox(KEY, Trouble::Busy)));
}

#[test]
fn recorded_api() {
    prove!("api/ready", &ask(&API, &dify::api(KEY, Trouble::None)));
    prove!("api/refuses", &ask(&API, &dify::api(OTHER, Trouble::None)));
    let other = dify::api(OTHER, Trouble::None);
    prove!("api/takes-another", &ask_at(&API, other.port, &[(API.key, KEY), (API.own, OTHER)]));
    prove!("api/cannot-be-asked", &ask(&API, &dify::api(KEY, Trouble::Old)));
    prove!("api/starting", &ask(&API, &dify::api(KEY, Trouble::Starting)));
}

#[test]
fn recorded_agent_backend() {
    prove!("agent-backend/ready", &ask(&AGENT, &dify::agent_backend(KEY, Trouble::None)));
    prove!("agent-backend/refuses", &ask(&AGENT, &dify::agent_backend(OTHER, Trouble::None)));
    prove!("agent-backend/no-redis", &ask(&AGENT, &dify::agent_backend(KEY, Trouble::Behind)));
    let open = dify::agent_backend(KEY, Trouble::Open);
    prove!("agent-backend/open", &ask(&AGENT, &open));
    ask_at(&AGENT, open.port, &[]).expect_ready(&["no token", "asks nobody"]);
    let closed = dify::agent_backend(KEY, Trouble::None);
    prove!("agent-backend/no-token", &ask_at(&AGENT, closed.port, &[]));
}

#[test]
fn recorded_local_sandbox() {
    prove!("local-sandbox/ready", &ask(&SHELL, &dify::local_sandbox(KEY, Trouble::None)));
    prove!("local-sandbox/refuses", &ask(&SHELL, &dify::local_sandbox(OTHER, Trouble::None)));
    prove!("local-sandbox/open", &ask(&SHELL, &dify::local_sandbox(KEY, Trouble::Open)));
}

#[test]
fn recorded_components_are_asked_with_the_keys_of_those_who_call_them() {
    let daemon = dify::plugin_daemon(OTHER, Trouble::None);
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write(
        "api.env",
        &format!("PLUGIN_DAEMON_URL=http://127.0.0.1:{}\nPLUGIN_DAEMON_KEY={KEY}\n", daemon.port),
    );
    write("daemon.env", &format!("SERVER_KEY={OTHER}\n"));
    let run = Tool::new(env!("CARGO_BIN_EXE_plugin-keys"))
        .args(["check", "--live", "--output", "json", "--holder", "api=api.env"])
        .args(["--holder", "plugin-daemon=daemon.env"])
        .current_dir(folder.path())
        .run();
    prove!("plugin-daemon/takes-that-of-its-holder", &of(&run, "plugin-daemon"));
}

#[test]
fn recorded_components_see_keys_and_no_output_does() {
    for trouble in [Trouble::None, Trouble::Behind, Trouble::Stranger, Trouble::Login] {
        let server = dify::plugin_daemon(KEY, trouble);
        for more in [&["-v"][..], &["--print-config"], &["--output", "json", "-v"], &["--output", "text"]] {
            let run = Tool::new(env!("CARGO_BIN_EXE_plugin-keys"))
                .args(["check", "--live"])
                .args(more.iter().copied())
                .env(DAEMON.url, format!("http://127.0.0.1:{}", server.port))
                .env(DAEMON.key, KEY)
                .env(DAEMON.own, OTHER)
                .env(SANDBOX.url, "http://user:canary-password@127.0.0.1:1")
                .env(SANDBOX.key, "canary-of-the-sandbox-0123")
                .run();
            run.expect_no("canary");
        }
        assert!(trouble != Trouble::None || !server.requests().is_empty());
    }
}

#[test]
fn without_a_url_nobody_can_be_asked() {
    let run = Tool::new(env!("CARGO_BIN_EXE_plugin-keys")).args(["check", "--live"]).run();
    run.expect(69, &["no URL of a component is set"]);
}
