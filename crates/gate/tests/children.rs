#![allow(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
//! Small scripts as children: what gate makes of what they say and of how they end.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use testbed::{Run, Tool};

/// A folder of scripts that play our tools.
struct Stage(TempDir);

impl Stage {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn script(self, name: &str, body: &str) -> Self {
        let path = self.0.path().join(name);
        fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        self
    }

    fn path(&self) -> String {
        format!("{}:/bin:/usr/bin", self.0.path().display())
    }

    fn log(&self) -> PathBuf {
        self.0.path().join("termination-log")
    }

    fn gate(&self, arguments: &str) -> Tool {
        Tool::new(env!("CARGO_BIN_EXE_gate"))
            .env("PATH", self.path())
            .env("PREFLIGHT_TERMINATION_LOG", self.log().display())
            .args(arguments.split(' '))
    }

    fn run(&self, arguments: &str) -> Run {
        self.gate(arguments).run()
    }

    fn message(&self) -> String {
        fs::read_to_string(self.log()).unwrap()
    }
}

fn finding(event: &str, check: &str, class: &str, code: &str, exit: &str) -> String {
    format!(
        "echo '{{\"schema\":1,\"time\":\"\",\"tool\":\"t\",\"event\":\"{event}\",\"check\":\"{check}\",\
         \"target\":\"host:1\",\"elapsed_ms\":7,\"finding\":{{\"class\":\"{class}\",\"hop\":\"auth\",\
         \"code\":\"{code}\",\"message\":\"sentence of {check}\"}}{exit}}}'"
    )
}

fn change(check: &str, class: &str, code: &str) -> String {
    finding("change", check, class, code, "")
}

fn result(check: &str, class: &str, code: &str, exit: u8) -> String {
    finding("result", check, class, code, &format!(",\"exit\":{exit}"))
}

#[test]
fn all_good_is_one_report_and_one_message() {
    let stage = Stage::new()
        .script("redis-check", &result("app", "ready", "", 0))
        .script("db-migrate", "test \"$1 $2\" = 'install /preflight'");
    let run = stage.run("-- redis-check wait -- db-migrate install /preflight");
    run.expect(0, &["redis-check app: ready", "db-migrate install: ready"]);
    let message = stage.message();
    assert!(message.contains("redis-check app host:1: ready"), "{message}");
    assert!(message.contains("db-migrate install: ready"), "{message}");
}

#[test]
fn the_worst_decides_and_every_check_is_named() {
    let stage = Stage::new()
        .script("redis-check", &format!("{}\nexit 75", result("app", "not_yet", "LOADING", 75)))
        .script("storage-bootstrap", &format!("{}\nexit 69", result("api", "suspect", "AccessDenied", 69)));
    let run = stage.run("-- redis-check wait -- storage-bootstrap wait");
    run.expect(69, &["redis-check app", "LOADING", "storage-bootstrap api", "AccessDenied"]);
    let message = stage.message();
    assert!(message.contains("LOADING") && message.contains("AccessDenied"), "{message}");
}

#[test]
fn a_hopeless_one_ends_the_others_after_their_first_finding() {
    let slow = format!("sleep 0.3\n{}\nexec sleep 60", change("app", "not_yet", "ECONNREFUSED"));
    let stage = Stage::new()
        .script("redis-check", &slow)
        .script("storage-bootstrap", &format!("{}\nexit 69", result("api", "never", "nope", 69)));
    let start = Instant::now();
    let run = stage.run("-- redis-check wait -- storage-bootstrap wait");
    run.expect(69, &["ECONNREFUSED", "nope"]);
    assert!(stage.message().contains("ECONNREFUSED"));
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn no_broken_child_is_ever_ready() {
    let killed = "kill -9 $$";
    for (name, body, told) in [
        ("silent", "exit 0", "no result that explains it (0)"),
        ("talker", "echo hello", "printed something that is no report"),
        ("killed", killed, "killed by signal 9 (SIGKILL)"),
        ("failing", "exit 3", "exit code 3"),
    ] {
        let stage = Stage::new().script(name, body).script("fine", &result("", "ready", "", 0));
        let run = stage.run(&format!("-- {name} wait -- fine wait"));
        run.expect(1, &[told]);
        assert!(stage.message().contains(told), "{}", stage.message());
    }
}

#[test]
fn what_a_child_printed_is_not_repeated() {
    let stage = Stage::new().script("talker", "echo canary-51c7");
    stage.run("-- talker wait").expect_no("canary-51c7");
}

#[test]
fn a_child_cannot_paint_our_terminal() {
    let body = result("app", "not_yet", "x", 75).replace("sentence of app", "\\\\u001b[31mred\\\\u0007");
    let stage = Stage::new().script("redis-check", &format!("{body}\nexit 75"));
    for format in ["text", "json", "auto"] {
        let run = stage.run(&format!("--output {format} -- redis-check wait"));
        run.expect(75, &["red"]);
        assert!(!run.output().contains('\u{1b}') && !run.output().contains('\u{7}'), "{:?}", run.output());
    }
    assert!(!stage.message().contains('\u{1b}'), "{:?}", stage.message());
}

#[test]
fn a_child_gets_our_limits_and_no_termination_log_of_ours() {
    let stage = Stage::new().script(
        "redis-check",
        "test \"$PREFLIGHT_OUTPUT $PREFLIGHT_TERMINATION_LOG $PREFLIGHT_DEADLINE $PREFLIGHT_GRACE $PREFLIGHT_ENV_DIR\" \
         = 'json /dev/null 5000ms 1500ms /etc' || exit 3",
    );
    stage.run("--deadline 5s --grace 1500ms --env-dir /etc -- redis-check env").expect(0, &[]);
}

#[test]
fn a_signal_is_passed_on_and_the_children_are_waited_for() {
    for (name, code) in [("TERM", 143), ("INT", 130)] {
        let body = format!(
            "trap 'echo stopped by {name} >&2; exit 0' {name}\n{}\nwhile :; do sleep 0.01; done",
            change("app", "not_yet", "LOADING")
        );
        let stage = Stage::new().script("redis-check", &body);
        let running = stage.gate("-- redis-check wait").spawn();
        // The child's trap is set before its first line arrives at ours; a second is plenty for both.
        std::thread::sleep(Duration::from_secs(1));
        running.signal(name);
        let run = running.wait();
        run.expect(code, &[&format!("stopped by {name}")]);
        assert!(stage.message().contains("stopped by a signal"), "{}", stage.message());
    }
}

#[test]
fn a_child_that_ignores_the_deadline_is_ended() {
    let stage = Stage::new().script("stuck", "trap '' TERM\nwhile :; do sleep 0.05; done");
    let start = Instant::now();
    stage.run("--deadline 1s -- stuck wait").expect(75, &["stuck had not ended by the deadline"]);
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn changes_are_passed_on_as_json_under_our_name() {
    let body = format!("{}\n{}", change("app", "not_yet", "LOADING"), result("app", "ready", "", 0));
    let stage = Stage::new().script("redis-check", &body);
    let run = stage.run("--output json -- redis-check wait");
    run.expect(0, &[]);
    let lines: Vec<serde_json::Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |event: &str| lines.iter().find(|line| line["event"] == event).unwrap().clone();
    assert_eq!(of("change")["check"], "redis-check app");
    assert_eq!(of("change")["finding"]["code"], "LOADING");
    assert_eq!(of("result")["tool"], "gate");
    assert_eq!(of("end")["exit"], 0);
}

#[test]
fn bad_command_lines_exit_with_2() {
    let stage = Stage::new();
    for arguments in ["--", "-- --", "-- sh --", "--deadline 0 -- sh", "--nonsense -- sh"] {
        assert_eq!(stage.run(arguments).code, 2, "{arguments}");
    }
    let run =
        Tool::new(env!("CARGO_BIN_EXE_gate")).args(["--termination-log", "/proc/none/log", "--", "sh"]).run();
    run.expect(2, &["PREFLIGHT_TERMINATION_LOG"]);
}

#[test]
fn a_program_that_is_not_there_is_named() {
    Stage::new().run("-- no-such-tool wait").expect(69, &["no-such-tool: is no program"]);
    Stage::new().run("-e A=B -- sh").expect(69, &["give -e to the command"]);
}
