//! The tools there are.

use clap::Command;
use preflight::Variable;

/// What a page is made from, besides the files in the tool's folder.
pub struct Tool {
    /// The binary, its crate and its folder.
    pub name: &'static str,
    /// Its command line.
    pub command: Command,
    /// What it reads.
    pub variables: &'static [Variable],
}

/// All of them, in the order of the docs.
#[must_use]
pub fn tools() -> Vec<Tool> {
    vec![]
}
