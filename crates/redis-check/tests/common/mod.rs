//! What the tests of redis-check share.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    unreachable_pub,
    reason = "these are tests"
)]

use serde_json::Value;
use testbed::{Run, Tool};

/// How one target ended.
#[derive(Debug)]
pub struct Seen {
    pub exit: i32,
    pub class: String,
    pub hop: String,
    pub code: Option<String>,
    pub message: String,
    pub hint: String,
    pub warnings: Vec<String>,
}

/// `redis-check` in an environment that holds nothing else.
pub fn tool() -> Tool {
    Tool::new(env!("CARGO_BIN_EXE_redis-check"))
}

/// `redis-check check` with these variables.
pub fn check(variables: &[(&str, &str)]) -> Seen {
    look(&["check"], variables)
}

/// `redis-check ARGUMENTS` with these variables; the one target that there is.
pub fn look(arguments: &[&str], variables: &[(&str, &str)]) -> Seen {
    let all = all(arguments, variables);
    assert_eq!(all.len(), 1, "{all:?}");
    all.into_iter().next().unwrap().1
}

/// The same for every target.
pub fn all(arguments: &[&str], variables: &[(&str, &str)]) -> Vec<(String, Seen)> {
    let variables = variables.iter().map(|(name, value)| (*name, (*value).to_owned()));
    let run = tool().args(["--output", "json"]).args(arguments.iter().copied()).envs(variables).run();
    results(&run)
}

/// The results of a run with `--output json`.
pub fn results(run: &Run) -> Vec<(String, Seen)> {
    let lines: Vec<Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    lines
        .iter()
        .filter(|line| line["event"] == "result")
        .map(|line| {
            let finding = &line["finding"];
            let seen = Seen {
                exit: run.code,
                class: text(&finding["class"]),
                hop: text(&finding["hop"]),
                code: finding["code"].as_str().map(str::to_owned),
                message: text(&finding["message"]),
                hint: text(&finding["hint"]),
                warnings: finding["warnings"]
                    .as_array()
                    .map(|all| all.iter().map(text).collect())
                    .unwrap_or_default(),
            };
            (text(&line["check"]), seen)
        })
        .collect()
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
    pub fn expect_ready(&self) {
        assert_eq!((self.exit, self.class.as_str()), (0, "ready"), "{self:?}");
    }
}
