//! Runs several checks side by side, so that a pod needs one init container for all of them.
//!
//! Each init container costs a pod about a second by itself. `gate` starts the separate binaries at once,
//! reads their JSON reports, and ends with one report and one termination message that names every check.
//!
//! | module | one idea |
//! |---|---|
//! | [`cli`] | the command line, and the commands between its `--` |
//! | `command` | a command and where its program is found |
//! | `child` | one running command: its lines, its end, its signals |
//! | `ledger` | what a command said so far, and what that makes of its checks |
//! | `run` | all of them together |

pub mod cli;

mod child;
mod command;
mod ledger;
mod run;
mod variables;

pub use cli::Cli;
pub use variables::VARIABLES;

/// Reads lines as they come from a command and says with which exit code they would leave gate.
#[doc(hidden)]
#[must_use]
pub fn read_report(lines: &[u8], code: u8) -> u8 {
    ledger::read(lines, code).code()
}
