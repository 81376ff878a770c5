#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed step of a test is a failed test")]
//! Every state of a command, as the table and the docs have it. Small scripts stand in for the tools.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use tempfile::TempDir;
use testbed::{Seen, Tool, prove};

/// A folder of scripts.
struct Stage(TempDir);

impl Stage {
    fn new(scripts: &[(&str, &str)]) -> Self {
        let stage = Self(tempfile::tempdir().unwrap());
        for (name, body) in scripts {
            stage.write(name, &format!("#!/bin/sh\n{body}\n"));
        }
        stage
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn run(&self, arguments: &str) -> Vec<Seen> {
        let run = Tool::new(env!("CARGO_BIN_EXE_gate"))
            .env("PATH", format!("{}:/bin:/usr/bin", self.0.path().display()))
            .args(["--output", "json", "--termination-log", "/dev/null"])
            .args(arguments.split(' '))
            .run();
        run.expect_no("canary");
        Seen::all(&run)
    }

    /// What is said of one check.
    fn of(&self, arguments: &str, check: &str) -> Seen {
        let all = self.run(arguments);
        let names: Vec<String> = all.iter().map(|seen| seen.check.clone()).collect();
        let found = all.into_iter().find(|seen| seen.check == check);
        found.unwrap_or_else(|| panic!("no {check:?} among {names:?}"))
    }
}

/// A command of one script that is the only one.
fn only(body: &str) -> Seen {
    let mut all = Stage::new(&[("redis-check", body)]).run("-- redis-check wait");
    all.pop().unwrap()
}

fn line(event: &str, check: &str, class: &str, code: &str, exit: &str) -> String {
    format!(
        "echo '{{\"schema\":1,\"time\":\"\",\"tool\":\"t\",\"event\":\"{event}\",\"check\":\"{check}\",\
         \"target\":\"host:1\",\"elapsed_ms\":7,\"finding\":{{\"class\":\"{class}\",\"hop\":\"state\",{code}\
         \"message\":\"what {check} found\"}}{exit}}}'"
    )
}

fn result(check: &str, class: &str, code: &str, exit: u8) -> String {
    let code = if code.is_empty() { String::new() } else { format!("\"code\":\"{code}\",") };
    line("result", check, class, &code, &format!(",\"exit\":{exit}"))
}

#[test]
fn commands_that_are_done() {
    let stage = Stage::new(&[("redis-check", &result("app", "ready", "", 0)), ("db-migrate", "exit 0")]);
    let arguments = "-- redis-check wait -- db-migrate install /preflight";
    prove!("command/ready", &stage.of(arguments, "redis-check app"));
    prove!("command/done", &stage.of(arguments, "db-migrate install"));
}

#[test]
fn findings_of_several_commands() {
    let late = format!("{}\nexit 75", result("app", "not_yet", "LOADING", 75));
    let wrong = format!("{}\nexit 69", result("api", "suspect", "AccessDenied", 69));
    let stage = Stage::new(&[("redis-check", &late), ("storage-bootstrap", &wrong)]);
    let arguments = "-- redis-check wait -- storage-bootstrap wait";
    prove!("several/worst-decides", &stage.of(arguments, "storage-bootstrap api"));
    prove!("several/others-are-told", &stage.of(arguments, "redis-check app"));

    let stage = Stage::new(&[("redis-check", "exec sleep 60"), ("storage-bootstrap", &wrong)]);
    prove!("several/nothing-to-tell", &stage.of(arguments, "redis-check wait"));
}

#[test]
fn commands_that_break() {
    prove!("command/silent", &only("exit 0"));
    prove!("command/garbage", &only("echo canary"));
    prove!(
        "command/garbage-beside-a-result",
        &only(&format!("echo canary\n{}", result("app", "ready", "", 0)))
    );
    prove!(
        "command/another-schema",
        &only(&result("app", "ready", "", 0).replace("\"schema\":1", "\"schema\":9"))
    );
    prove!("command/endless-line", &only("head -c 200000 /dev/zero | tr '\\0' x"));
    prove!("command/no-result", &only(&line("change", "app", "ready", "", "")));
    prove!("command/contradicts-itself", &only(&format!("{}\nexit 69", result("app", "ready", "", 0))));
    prove!("command/killed", &only("kill -9 $$"));
    prove!("command/crashed", &only("kill -SEGV $$"));
    prove!("command/unknown-exit-code", &only("exit 3"));
    prove!("command/refuses-its-command-line", &only("echo 'error: canary' >/dev/null; exit 2"));
}

#[test]
fn a_command_that_ignores_the_deadline() {
    let stage = Stage::new(&[("redis-check", "trap '' TERM\nwhile :; do sleep 0.05; done")]);
    prove!("command/late", &stage.of("--deadline 500ms -- redis-check wait", "redis-check wait"));
}

#[test]
fn commands_that_cannot_be_started() {
    let stage = Stage::new(&[("fine", &result("", "ready", "", 0))]);
    prove!("start/no-program", &stage.of("-- fine wait -- no-such-tool wait", ""));
    stage.write("foreign", "#!/no/such/interpreter\n");
    prove!("start/no-interpreter", &stage.of("-- fine wait -- foreign wait", "foreign wait"));
    prove!("start/variable-for-all", &stage.of("-e A=B -- fine wait", ""));
    prove!("start/no-secrets", &stage.of("--env-dir /run/no/such/folder -- fine wait", ""));
    prove!("start/secrets-are-no-folder", &stage.of("--env-dir /dev/null -- fine wait", ""));
}
