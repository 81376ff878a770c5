//! The tools there are.

use clap::{Command, CommandFactory};
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
    vec![
        Tool { name: "db-migrate", command: db_migrate::Cli::command(), variables: db_migrate::VARIABLES },
        Tool { name: "redis-check", command: redis_check::Cli::command(), variables: redis_check::VARIABLES },
        Tool {
            name: "storage-bootstrap",
            command: storage_bootstrap::Cli::command(),
            variables: storage_bootstrap::VARIABLES,
        },
        Tool {
            name: "vector-probe",
            command: vector_probe::Cli::command(),
            variables: vector_probe::VARIABLES,
        },
        Tool { name: "plugin-keys", command: plugin_keys::Cli::command(), variables: plugin_keys::VARIABLES },
        Tool { name: "gate", command: gate::Cli::command(), variables: gate::VARIABLES },
    ]
}
