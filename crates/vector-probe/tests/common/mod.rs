//! What the tests of vector-probe share.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    unreachable_pub,
    reason = "these are tests"
)]

pub use testbed::Seen;
use testbed::Tool;

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
    Seen::of(&tool().args(["--output", "json"]).args(arguments.iter().copied()).envs(variables).run())
}
