#![allow(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
//! Values that everybody can read: each is known, and none is in the binary.

use testbed::{Seen, Tool};

/// In two parts each, so that no scanner takes this file for a leak.
const PUBLISHED: [(&str, [&str; 2]); 10] = [
    ("SECRET_KEY", ["sk-9f73s3ljTXVcMT3Blb3lj", "TqtsKiGHXVcMT3BlbkFJLK7U"]),
    ("PLUGIN_DAEMON_KEY", ["lYkiYYT6owG+71oLerGzA7GXCgOT++6o", "vaezWAjpCjf+Sjc3ZtU+qUEi"]),
    ("PLUGIN_DAEMON_KEY", ["plugin-", "api-key"]),
    ("INNER_API_KEY_FOR_PLUGIN", ["QaHbTe77CtuXmsfyhR7+vRjI/+XbV1AaFy", "691iy+kGDv2Jvy0/eAh8Y1"]),
    ("INNER_API_KEY_FOR_PLUGIN", ["inner-", "api-key"]),
    ("CODE_EXECUTION_API_KEY", ["dify-", "sandbox"]),
    ("WEAVIATE_API_KEY", ["WVF5YThaHlkYwhGUSm", "CRgsX3tD5ngdN8pkih"]),
    ("AGENT_BACKEND_API_TOKEN", ["dify-agent-run-token-", "for-dev-only"]),
    ("DIFY_AGENT_SERVER_SECRET_KEY", ["MDEyMzQ1Njc4OWFiY2Rl", "ZjAxMjM0NTY3ODlhYmNkZWY"]),
    ("DB_PASSWORD", ["difyai", "123456"]),
];

#[test]
fn every_published_default_of_dify_is_known() {
    for (name, parts) in PUBLISHED {
        let value = parts.concat();
        let run = Tool::new(env!("CARGO_BIN_EXE_plugin-keys"))
            .args(["check", "--output", "json", "--key", name])
            .env(name, &value)
            .run();
        run.expect_no(&value);
        let seen = Seen::of(&run);
        seen.holds(&["published default"]);
        if name == "DB_PASSWORD" {
            seen.expect_ready(&[]);
        } else {
            seen.expect(69, "never", "config", Some("PUBLISHED"), &[]);
        }
    }
}

#[test]
fn none_of_them_is_in_the_binary() {
    let binary = std::fs::read(env!("CARGO_BIN_EXE_plugin-keys")).unwrap();
    for (name, parts) in PUBLISHED {
        let value = parts.concat();
        let found = binary.windows(value.len()).any(|window| window == value.as_bytes());
        assert!(!found, "a published {name} is in the binary");
    }
}

/// An installation that began with a published key would lose what is encrypted with it.
#[test]
fn a_published_secret_key_is_let_pass_where_that_is_asked_for_and_no_other_key() {
    for (name, parts) in PUBLISHED {
        let run = Tool::new(env!("CARGO_BIN_EXE_plugin-keys"))
            .args(["check", "--output", "json", "--key", name])
            .env(name, parts.concat())
            .env("PREFLIGHT_ACCEPT_PUBLISHED", "true")
            .run();
        let seen = Seen::of(&run);
        match name {
            "SECRET_KEY" => {
                seen.expect_ready(&[]);
                seen.holds(&["everybody can forge a login with it"]);
            }
            "DB_PASSWORD" => seen.expect_ready(&[]),
            _ => seen.expect(69, "never", "config", Some("PUBLISHED"), &[]),
        }
    }
}
