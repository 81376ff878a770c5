//! What the tests of vector-probe share.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    unreachable_pub,
    reason = "these are tests"
)]

use serde_json::Value;
use testbed::Tool;

/// How the probe ended.
#[derive(Debug)]
pub struct Seen {
    pub exit: i32,
    pub class: String,
    pub hop: String,
    pub code: Option<String>,
    pub message: String,
    pub hint: String,
}

/// `vector-probe` in an environment that holds nothing else.
pub fn tool() -> Tool {
    Tool::new(env!("CARGO_BIN_EXE_vector-probe"))
}

/// `vector-probe check` with these variables.
pub fn check(variables: &[(&str, &str)]) -> Seen {
    look(&["check"], variables)
}

/// `vector-probe ARGUMENTS` with these variables.
pub fn look(arguments: &[&str], variables: &[(&str, &str)]) -> Seen {
    let variables = variables.iter().map(|(name, value)| (*name, (*value).to_owned()));
    let run = tool().args(["--output", "json"]).args(arguments.iter().copied()).envs(variables).run();
    let lines = run.stdout.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let result = lines.into_iter().find(|line| line["event"] == "result");
    let finding = &result.unwrap_or_else(|| panic!("no result in {}", run.output()))["finding"];
    let text = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    Seen {
        exit: run.code,
        class: text("class"),
        hop: text("hop"),
        code: finding["code"].as_str().map(str::to_owned),
        message: text("message"),
        hint: text("hint"),
    }
}

impl Seen {
    /// Asserts exit code, class, hop and code, and that message and hint together hold each text.
    pub fn expect(&self, exit: i32, class: &str, hop: &str, code: Option<&str>, texts: &[&str]) {
        let seen = (self.exit, self.class.as_str(), self.hop.as_str(), self.code.as_deref());
        assert_eq!(seen, (exit, class, hop, code), "{self:?}");
        let all = format!("{}; {}", self.message, self.hint);
        for text in texts {
            assert!(all.contains(text), "no {text:?} in {all:?}");
        }
    }

    /// Asserts that all is well.
    pub fn expect_ready(&self, texts: &[&str]) {
        self.expect(0, "ready", "state", None, texts);
    }
}
