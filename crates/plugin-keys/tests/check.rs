#![allow(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
//! `check`, `wait` and `generate`.

mod common;

use std::time::Duration;

use common::tool;
use proptest::prelude::*;
use serde_json::Value;

const GOOD: [(&str, &str); 4] = [
    ("SECRET_KEY", "canary-secret-key-0123456789"),
    ("PLUGIN_DAEMON_KEY", "canary-plugin-daemon-key-01"),
    ("INNER_API_KEY_FOR_PLUGIN", "canary-inner-api-key-012345"),
    ("CODE_EXECUTION_API_KEY", "canary-code-execution-key-0"),
];

fn check(changes: &[(&str, &str)], arguments: &[&str]) -> testbed::Run {
    let pairs = GOOD.iter().chain(changes).map(|(name, value)| (*name, (*value).to_owned()));
    tool("check").envs(pairs).args(arguments.iter().copied()).run()
}

#[test]
fn good_keys_are_good() {
    check(&[], &[]).expect(0, &["SECRET_KEY there, well-formed and no published default"]);
    check(&[("SERVER_KEY", GOOD[1].1)], &[])
        .expect(0, &["PLUGIN_DAEMON_KEY, SERVER_KEY there, well-formed, equal"]);
}

#[test]
fn every_fault_is_named() {
    let published = ["difyai", "123456"].concat();
    for (name, value, code) in [
        ("SECRET_KEY", "", "EMPTY"),
        ("SECRET_KEY", "ends with a break\n", "LINE_BREAK"),
        ("PLUGIN_DAEMON_KEY", "plugin-api-key", "PUBLISHED"),
        ("PLUGIN_DAEMON_KEY", "with a space", "MALFORMED"),
        ("SERVER_KEY", "another-value-than-the-key", "UNEQUAL"),
        ("INNER_API_KEY_FOR_PLUGIN", "inner-api-key", "PUBLISHED"),
        ("DIFY_INNER_API_KEY", "another-value-than-the-key", "UNEQUAL"),
        ("CODE_EXECUTION_API_KEY", "dify-sandbox", "PUBLISHED"),
        ("DIFY_AGENT_SERVER_SECRET_KEY", "not-32-bytes", "BASE64URL"),
    ] {
        let run = check(&[(name, value)], &[]);
        run.expect(69, &[code, name]);
        run.expect_no("another-value");
        run.expect_no("canary");
    }
    check(&[("DB_PASSWORD", &published)], &[]).expect(0, &["warning", "DB_PASSWORD"]);
    check(&[("SECRET_KEY", "q7Lw2")], &[]).expect(0, &["shorter than 16 characters"]);
    check(&[], &["--key", "AGENT_BACKEND_API_TOKEN"])
        .expect(69, &["AGENT_BACKEND_API_TOKEN is not set", "MISSING"]);
    tool("check").args(["--key", "SECRET_KEY"]).env("SECRET_KEY", GOOD[0].1).run().expect(0, &[]);
    tool("check").run().expect(69, &["SECRET_KEY is not set"]);
    tool("check").args(["--key", "NO_SUCH"]).run().expect(69, &["\"NO_SUCH\" is not known"]);
}

#[test]
fn keys_in_a_folder_are_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().to_str().unwrap();
    let arguments = ["--env-dir", dir, "--key", "SECRET_KEY", "--deadline", "20s"];
    tool("check").args(arguments).run().expect(75, &["is not in", "MISSING"]);

    let running = tool("wait").args(arguments).spawn();
    std::thread::sleep(Duration::from_millis(500));
    std::fs::write(folder.path().join("SECRET_KEY"), GOOD[0].1).unwrap();
    running.wait().expect(0, &["SECRET_KEY there"]);

    std::fs::write(folder.path().join("SECRET_KEY"), format!("{}\n", GOOD[0].1)).unwrap();
    tool("check").args(arguments).run().expect(69, &["ends with a line break", "LINE_BREAK"]);
}

#[test]
fn a_wait_ends_at_its_deadline_and_at_a_signal() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().to_str().unwrap();
    tool("wait").args(["--env-dir", dir, "--deadline", "1s"]).run().expect(75, &["MISSING"]);
    let running = tool("wait").args(["--env-dir", dir]).spawn();
    std::thread::sleep(Duration::from_millis(500));
    running.signal("TERM");
    assert_eq!(running.wait().code, 143);
}

#[test]
fn bad_command_lines_exit_with_2() {
    for arguments in [
        &["ensure"][..],
        &["ensure", "--secret", "../x"],
        &["generate", "--namespace", "A B"],
        &["check", "--deadline", "0"],
        &["check", "--termination-log", "/proc/none/log"],
        &["nonsense"],
    ] {
        let run = testbed::Tool::new(env!("CARGO_BIN_EXE_plugin-keys")).args(arguments.iter().copied()).run();
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.output());
    }
    let run = tool("check").args(["-e", "SECRET_KEY=canary-5561"]).run();
    run.expect(69, &["SECRET_KEY", "cannot be given on the command line"]);
    run.expect_no("canary");
}

#[test]
fn no_key_is_seen_in_any_output() {
    for more in [&["-v"][..], &["--print-config"], &["--output", "json", "-v"], &["--output", "text"]] {
        check(&[], more).expect_no("canary");
        check(&[("SERVER_KEY", "canary-other")], more).expect_no("canary");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is chosen, the manifest is a Secret of exactly these keys, and the keys pass our own check.
    #[test]
    fn a_generated_manifest_is_a_secret_with_good_keys(
        name in "[a-z][a-z0-9-]{0,20}[a-z0-9]",
        chosen in proptest::sample::subsequence(
            vec!["SECRET_KEY", "PLUGIN_DAEMON_KEY", "DIFY_AGENT_SERVER_SECRET_KEY", "REDIS_PASSWORD"], 1..=4),
        json in any::<bool>(),
    ) {
        let flags: Vec<&str> = chosen.iter().flat_map(|key| ["--key", key]).collect();
        let format = if json { "json" } else { "text" };
        let run = tool("generate").args(["--secret", &name, "--output", format]).args(flags.iter().copied()).run();
        prop_assert_eq!(run.code, 0);
        let manifest: Value = serde_saphyr::from_str(&run.stdout).unwrap();
        prop_assert_eq!(&manifest["kind"], "Secret");
        prop_assert_eq!(&manifest["metadata"]["name"], name.as_str());
        let field = if json { "data" } else { "stringData" };
        let data = manifest[field].as_object().unwrap();
        prop_assert_eq!(data.len(), chosen.len());
        if !json {
            let pairs = data.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap().to_owned()));
            tool("check").args(flags).envs(pairs).run().expect(0, &[]);
        }
    }
}
