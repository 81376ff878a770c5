use proptest::prelude::*;

use super::super::url_rules::RULES;
use super::*;

fn seen(name: &str, text: &str) -> Result<Vec<String>, Fault> {
    judge(RULES.iter().find(|rule| rule.name == name).unwrap(), text)
}

#[test]
fn good_urls_are_good() {
    for (name, text) in [
        ("PLUGIN_DAEMON_URL", "http://plugin-daemon:5002"),
        ("PLUGIN_DAEMON_URL", "http://plugin-daemon:5002/"),
        ("PLUGIN_DAEMON_URL", "https://[2001:db8::1]:5002/prefix"),
        ("ENDPOINT_URL_TEMPLATE", "https://dify.example.com/e/{hook_id}"),
        ("FILES_URL", ""),
        ("FILES_URL", "https://dify.example.com"),
        ("SSRF_PROXY_HTTP_URL", "http://user:pw@ssrf-proxy:3128"),
        ("NEXT_PUBLIC_SOCKET_URL", "wss://dify.example.com"),
    ] {
        assert_eq!(seen(name, text), Ok(Vec::new()), "{name}={text}");
    }
}

#[test]
fn every_fault_has_its_code() {
    for (name, text, code, part) in [
        ("PLUGIN_DAEMON_URL", "", "EMPTY", "is empty"),
        ("PLUGIN_DAEMON_URL", "plugin-daemon:5002", "MALFORMED", "no scheme"),
        ("PLUGIN_DAEMON_URL", "plugin-daemon", "MALFORMED", "no scheme"),
        ("PLUGIN_DAEMON_URL", "ftp://plugin-daemon", "MALFORMED", "scheme"),
        ("PLUGIN_DAEMON_URL", "http://", "MALFORMED", "not a URL"),
        ("PLUGIN_DAEMON_URL", "http://a:99999", "MALFORMED", "not a URL"),
        ("PLUGIN_DAEMON_URL", "http://a:5002\n", "MALFORMED", "white space"),
        ("PLUGIN_DAEMON_URL", "\"http://a:5002\"", "MALFORMED", "quotes"),
        ("PLUGIN_DAEMON_URL", "http://a:5002?x=1", "MALFORMED", "query"),
        ("PLUGIN_DAEMON_URL", "http://a:5002/plugin/", "PATH", "/plugin"),
        ("CODE_EXECUTION_ENDPOINT", "http://sandbox:8194/v1", "PATH", "/v1"),
        ("FILES_URL", "https://dify.example.com/files", "PATH", "/files"),
        ("ENDPOINT_URL_TEMPLATE", "https://dify.example.com/e/", "MALFORMED", "does not hold"),
        ("ENDPOINT_URL_TEMPLATE", "https://dify.example.com/e/{{hook_id}}", "MALFORMED", "two braces"),
        ("ENDPOINT_URL_TEMPLATE", "https://x/{hook_id}/{hook_id}", "MALFORMED", "more than once"),
    ] {
        let Fault(found, what, cure) = seen(name, text).unwrap_err();
        assert_eq!(found, code, "{name}={text}: {what}");
        assert!(what.contains(part), "{name}={text}: {what}");
        assert!(!cure.is_empty());
    }
}

#[test]
fn traps_are_warned_of() {
    for (name, text, part) in [
        ("FILES_URL", "https://dify.example.com/", "slash"),
        ("INTERNAL_FILES_URL", "http://localhost:5001", "the pod itself"),
        ("PLUGIN_DAEMON_URL", "http://127.0.0.1:5002", "the pod itself"),
        ("PLUGIN_DAEMON_URL", "http://plugin_daemon:5002", "underscore"),
        ("FILES_URL", "http://api:5001", "only this network"),
        ("TRIGGER_URL", "http://api.dify.svc.cluster.local", "only this network"),
        ("SSRF_PROXY_HTTPS_URL", "https://ssrf-proxy:3128", "TLS to the proxy"),
        ("ENDPOINT_URL_TEMPLATE", "https://dify.example.com/{hook_id}", "/e/"),
        ("CODE_EXECUTION_ENDPOINT", "http://user:pw@sandbox:8194", "logs"),
    ] {
        let warnings = seen(name, text).unwrap();
        assert!(warnings.iter().any(|warning| warning.contains(part)), "{name}={text}: {warnings:?}");
    }
}

proptest! {
    /// Whatever stands there, nothing of it is quoted: it may hold a password.
    #[test]
    fn no_sentence_shows_the_url(text in "(http://)?([a-z]{0,5}:CANARY@)?[ -~]{0,20}CANARY[ -~]{0,20}", at in 0..RULES.len()) {
        let said = match judge(&RULES[at], &text) {
            Ok(warnings) => warnings.join(" "),
            Err(Fault(_, what, cure)) => format!("{what} {cure}"),
        };
        prop_assert!(!said.contains("CANARY"), "{said}");
    }

    /// Every host and port can be given.
    #[test]
    fn what_a_chart_makes_is_good(host in "[a-z][a-z0-9-]{0,20}[a-z0-9]", port in 1_u16.., at in 0..RULES.len()) {
        let rule = &RULES[at];
        let path = if rule.kind == Kind::Template { "/e/{hook_id}" } else { "" };
        let url = format!("http://{host}.example.com:{port}{path}");
        prop_assert!(judge(rule, &url).is_ok(), "{}", url);
    }
}
