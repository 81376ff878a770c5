//! What the tests of redis-check share.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    unreachable_pub,
    reason = "these are tests"
)]

pub use testbed::Seen;
use testbed::{Run, Tool};

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

/// The results of a run with `--output json`, by target.
pub fn results(run: &Run) -> Vec<(String, Seen)> {
    Seen::all(run).into_iter().map(|seen| (seen.check.clone(), seen)).collect()
}
