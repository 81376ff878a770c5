#![allow(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
//! Every state that needs no server, as the table and the docs have it.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use testbed::{Run, Seen, Tool, prove};

const GOOD: [(&str, &str); 4] = [
    ("SECRET_KEY", "canary-secret-key-0123456789"),
    ("PLUGIN_DAEMON_KEY", "canary-plugin-daemon-key-01"),
    ("INNER_API_KEY_FOR_PLUGIN", "canary-inner-api-key-012345"),
    ("CODE_EXECUTION_API_KEY", "canary-code-execution-key-0"),
];

fn check() -> Tool {
    Tool::new(env!("CARGO_BIN_EXE_plugin-keys")).args(["check", "--output", "json"])
}

/// What is said of one check; no value of any key is in it.
fn of(run: &Run, name: &str) -> Seen {
    run.expect_no("canary");
    Seen::all(run).into_iter().find(|seen| seen.check == name).unwrap()
}

/// A key or URL in one environment: the good ones, some of them changed or left out.
fn key(changes: &[(&str, Option<&str>)], name: &str) -> Seen {
    let is_good = |name: &&str| !changes.iter().any(|(other, _)| other == name);
    let good =
        GOOD.iter().filter(|(name, _)| is_good(name)).map(|(name, value)| (*name, (*value).to_owned()));
    let rest = changes.iter().filter_map(|(name, value)| Some((*name, (*value)?.to_owned())));
    of(&check().envs(good.chain(rest)).run(), name)
}

/// Files of several components.
fn components() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let line = |(name, value): &(&str, &str)| format!("{name}={value}\n");
    let lines = |from: &[(&str, &str)]| from.iter().map(line).collect::<Vec<_>>().concat();
    let (all, url) = (lines(&GOOD), "PLUGIN_DAEMON_URL=http://plugin-daemon:5002\n");
    let daemon = |key: &str| {
        format!(
            "SERVER_KEY={key}\nDIFY_INNER_API_KEY=\"{}\"\nDIFY_INNER_API_URL=http://api:5001\n",
            GOOD[2].1
        )
    };
    write("api.env", &format!("{all}{url}"));
    write("api-without-url.env", &all);
    write("worker.env", &format!("{all}{url}"));
    write("worker-without.env", &lines(&GOOD[..3]));
    write("daemon.env", &daemon(GOOD[1].1));
    write("daemon-other.env", &daemon("canary-another-key-012345"));
    write("secret.yaml", "kind: Secret\ndata:\n  SECRET_KEY: canary!\n");
    fs::create_dir(folder.path().join("daemon-break")).unwrap();
    write("daemon-break/SERVER_KEY", &format!("{}\n", GOOD[1].1));
    write("daemon-break/DIFY_INNER_API_KEY", GOOD[2].1);
    write("daemon-break/DIFY_INNER_API_URL", "http://api:5001");
    folder
}

fn holders_in(folder: &Path, holders: &[&str], name: &str) -> Seen {
    let flags = holders.iter().flat_map(|holder| ["--holder", holder]);
    of(&check().args(flags).current_dir(folder).run(), name)
}

fn holders(holders: &[&str], name: &str) -> Seen {
    holders_in(components().path(), holders, name)
}

#[test]
fn keys_that_are_missing_or_malformed() {
    prove!("key/ready", &key(&[], "SECRET_KEY"));
    prove!("key/missing", &key(&[("CODE_EXECUTION_API_KEY", None)], "CODE_EXECUTION_API_KEY"));
    prove!(
        "key/enterprise-key",
        &key(
            &[("INNER_API_KEY_FOR_PLUGIN", None), ("INNER_API_KEY", Some("canary-enterprise-key-01"))],
            "INNER_API_KEY_FOR_PLUGIN"
        )
    );
    prove!("key/empty", &key(&[("PLUGIN_DAEMON_KEY", Some(""))], "PLUGIN_DAEMON_KEY"));
    prove!("key/empty-secret-key", &key(&[("SECRET_KEY", Some(""))], "SECRET_KEY"));
    prove!(
        "key/empty-secret-key-on-azure",
        &key(&[("SECRET_KEY", Some("")), ("STORAGE_TYPE", Some("azure-blob"))], "SECRET_KEY")
    );
    prove!(
        "key/empty-secret-key-before-1.14.1",
        &key(&[("SECRET_KEY", Some("")), ("PREFLIGHT_DIFY_VERSION", Some("1.10.1"))], "SECRET_KEY")
    );
    prove!(
        "key/published",
        &key(&[("CODE_EXECUTION_API_KEY", Some("dify-sandbox"))], "CODE_EXECUTION_API_KEY")
    );
    prove!(
        "key/published-password",
        &key(&[("DB_PASSWORD", Some(&["difyai", "123456"].concat()))], "DB_PASSWORD")
    );
    prove!(
        "key/placeholder",
        &key(&[("PLUGIN_DAEMON_KEY", Some("${PLUGIN_DAEMON_KEY}"))], "PLUGIN_DAEMON_KEY")
    );
    prove!("key/line-break", &key(&[("SECRET_KEY", Some("canary-ends-with-a-break\n"))], "SECRET_KEY"));
    prove!(
        "key/not-ascii",
        &key(&[("PLUGIN_DAEMON_KEY", Some("canary-schlüssel-0123456"))], "PLUGIN_DAEMON_KEY")
    );
    prove!(
        "key/space",
        &key(&[("INNER_API_KEY_FOR_PLUGIN", Some("canary with a space 01"))], "INNER_API_KEY_FOR_PLUGIN")
    );
    prove!("key/control-character", &key(&[("SECRET_KEY", Some("canary\u{7}-0123456789"))], "SECRET_KEY"));
    prove!(
        "key/one-character",
        &key(&[("SECRET_KEY", Some("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"))], "SECRET_KEY")
    );
    prove!("key/short", &key(&[("SECRET_KEY", Some("canary-q7"))], "SECRET_KEY"));
    prove!(
        "key/quoted",
        &key(&[("CODE_EXECUTION_API_KEY", Some("\"canary-code-execution-key\""))], "CODE_EXECUTION_API_KEY")
    );
    prove!(
        "key/password-with-quote",
        &key(&[("DB_PASSWORD", Some("canary it's 0123456789"))], "DB_PASSWORD")
    );
    prove!("dify/no-version", &key(&[("PREFLIGHT_DIFY_VERSION", Some("latest"))], ""));
}

#[test]
fn keys_with_rules_of_their_own() {
    prove!(
        "key/init-password-too-long",
        &key(&[("INIT_PASSWORD", Some("canary-0123456789-0123456789-0123"))], "INIT_PASSWORD")
    );
    prove!("key/admin-key-too-short", &key(&[("ADMIN_API_KEY", Some("canary-01"))], "ADMIN_API_KEY"));
    prove!("key/admin-key-missing", &key(&[("ADMIN_API_ENABLED", Some("true"))], "ADMIN_API_KEY"));
    prove!(
        "key/agent-not-32-bytes",
        &key(
            &[("DIFY_AGENT_SERVER_SECRET_KEY", Some("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd"))],
            "DIFY_AGENT_SERVER_SECRET_KEY"
        )
    );
    prove!(
        "key/agent-padded",
        &key(
            &[("DIFY_AGENT_SERVER_SECRET_KEY", Some("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="))],
            "DIFY_AGENT_SERVER_SECRET_KEY"
        )
    );
    prove!(
        "key/agent-standard-base64",
        &key(
            &[("DIFY_AGENT_SERVER_SECRET_KEY", Some("+/ECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"))],
            "DIFY_AGENT_SERVER_SECRET_KEY"
        )
    );
    prove!(
        "key/agent-missing",
        &key(
            &[("DIFY_AGENT_STUB_API_BASE_URL", Some("http://agent-backend:5050"))],
            "DIFY_AGENT_SERVER_SECRET_KEY"
        )
    );
    prove!("key/pepper-missing", &key(&[("PREFLIGHT_DIFY_VERSION", Some("1.18.0"))], "PASSWORD_PEPPER"));
    prove!("key/shell-token-empty", &key(&[("SHELLCTL_AUTH_TOKEN", Some(""))], "SHELLCTL_AUTH_TOKEN"));
    prove!(
        "key/name-not-read",
        &key(
            &[
                ("SHELLCTL_AUTH_TOKEN", Some("canary-shell-token-0123")),
                ("DIFY_AGENT_LOCAL_SANDBOX_AUTH_TOKEN", Some("canary-shell-token-0123")),
                ("PREFLIGHT_DIFY_VERSION", Some("1.16.1"))
            ],
            "SHELLCTL_AUTH_TOKEN"
        )
    );
}

#[test]
fn keys_that_should_agree() {
    prove!("key/equal", &key(&[("SERVER_KEY", Some("canary-plugin-daemon-key-01"))], "PLUGIN_DAEMON_KEY"));
    prove!("key/unequal", &key(&[("SERVER_KEY", Some("canary-another-key-012345"))], "PLUGIN_DAEMON_KEY"));
    prove!(
        "key/encoded-twice",
        &key(
            &[("DIFY_INNER_API_KEY", Some("Y2FuYXJ5LWlubmVyLWFwaS1rZXktMDEyMzQ1"))],
            "INNER_API_KEY_FOR_PLUGIN"
        )
    );
    prove!(
        "key/weaviate-not-allowed",
        &key(
            &[
                ("WEAVIATE_API_KEY", Some("canary-weaviate-key-01")),
                ("AUTHENTICATION_APIKEY_ALLOWED_KEYS", Some("canary-weaviate-key-02,canary-weaviate-key-03"))
            ],
            "WEAVIATE_API_KEY"
        )
    );
    prove!(
        "key/weaviate-allowed",
        &key(
            &[
                ("WEAVIATE_API_KEY", Some("canary-weaviate-key-03")),
                ("AUTHENTICATION_APIKEY_ALLOWED_KEYS", Some("canary-weaviate-key-02,canary-weaviate-key-03"))
            ],
            "WEAVIATE_API_KEY"
        )
    );
}

#[test]
fn keys_in_a_folder() {
    let empty = tempfile::tempdir().unwrap();
    let run = check().args(["--env-dir", empty.path().to_str().unwrap(), "--key", "SECRET_KEY"]).run();
    prove!("key/not-in-folder", &of(&run, "SECRET_KEY"));
}

#[test]
fn keys_of_several_components() {
    prove!("holder/ready", &holders(&["api=api.env", "plugin-daemon=daemon.env"], "PLUGIN_DAEMON_KEY"));
    prove!(
        "holder/missing",
        &holders(&["api=api.env", "worker=worker-without.env"], "CODE_EXECUTION_API_KEY")
    );
    prove!(
        "holder/unequal",
        &holders(
            &["api=api.env", "worker=worker.env", "plugin-daemon=daemon-other.env"],
            "PLUGIN_DAEMON_KEY"
        )
    );
    prove!(
        "holder/line-break",
        &holders(&["api=api.env", "plugin-daemon=daemon-break"], "PLUGIN_DAEMON_KEY")
    );
    prove!("holder/unreadable", &holders(&["api=api.env", "worker=no-such.env"], "SECRET_KEY"));
    prove!("holder/no-manifest", &holders(&["api=secret.yaml"], "SECRET_KEY"));
}

#[test]
fn urls() {
    prove!(
        "url/ready",
        &key(&[("PLUGIN_DAEMON_URL", Some("http://plugin-daemon:5002"))], "PLUGIN_DAEMON_URL")
    );
    prove!("url/empty", &key(&[("PLUGIN_DAEMON_URL", Some(""))], "PLUGIN_DAEMON_URL"));
    prove!(
        "url/no-scheme",
        &key(&[("CODE_EXECUTION_ENDPOINT", Some("sandbox:8194"))], "CODE_EXECUTION_ENDPOINT")
    );
    prove!(
        "url/path-twice",
        &key(&[("CODE_EXECUTION_ENDPOINT", Some("http://sandbox:8194/v1"))], "CODE_EXECUTION_ENDPOINT")
    );
    prove!(
        "url/no-hook-id",
        &key(&[("ENDPOINT_URL_TEMPLATE", Some("https://dify.example.com/e/"))], "ENDPOINT_URL_TEMPLATE")
    );
    prove!("url/slash-at-the-end", &key(&[("FILES_URL", Some("https://dify.example.com/"))], "FILES_URL"));
    prove!(
        "url/loopback",
        &key(&[("INTERNAL_FILES_URL", Some("http://localhost:5001"))], "INTERNAL_FILES_URL")
    );
    prove!("url/private-name", &key(&[("FILES_URL", Some("http://api:5001"))], "FILES_URL"));
    prove!(
        "url/mixed-content",
        &key(
            &[
                ("FILES_URL", Some("http://dify.example.com")),
                ("CONSOLE_WEB_URL", Some("https://dify.example.com"))
            ],
            "FILES_URL"
        )
    );
    prove!(
        "url/two-servers",
        &key(
            &[
                ("PLUGIN_DAEMON_URL", Some("http://plugin-daemon:5002")),
                ("DIFY_AGENT_PLUGIN_DAEMON_URL", Some("http://other:5002"))
            ],
            "DIFY_AGENT_PLUGIN_DAEMON_URL"
        )
    );
    prove!(
        "url/one-proxy-alone",
        &key(&[("SSRF_PROXY_HTTP_URL", Some("http://ssrf-proxy:3128"))], "SSRF_PROXY_HTTP_URL")
    );
    prove!(
        "url/password-in-it",
        &key(
            &[("CODE_EXECUTION_ENDPOINT", Some("http://user:canary@sandbox:8194"))],
            "CODE_EXECUTION_ENDPOINT"
        )
    );
    prove!(
        "url/not-set-for-one",
        &holders(&["api=api-without-url.env", "plugin-daemon=daemon.env"], "PLUGIN_DAEMON_URL")
    );
}
