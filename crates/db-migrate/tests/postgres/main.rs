//! PostgreSQL and what stands in front of it: what real ones say in their states, and what is made of it, row by row.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "these are tests")]

#[path = "../common/mod.rs"]
mod common;

mod bootstrap;
mod faults;
mod hosts;
mod login;
mod plugin;
mod pooler;
mod repair;
mod run;
mod schema;
mod settings;
mod tls;

use std::path::Path;

use common::{Seen, call, result, tool};
use testbed::postgres::Postgres;

/// `check --for database`.
pub(crate) const DATABASE: [&str; 3] = ["check", "--for", "database"];

/// One look at the database of a server with some variables changed.
pub(crate) fn database(server: &Postgres, variables: &[(&str, &str)]) -> Seen {
    let variables = variables.iter().map(|(name, value)| (*name, (*value).to_owned()));
    result(&call(server, Path::new("/none"), &DATABASE).envs(variables).run())
}

/// One look at whatever listens on a port of 127.0.0.1, with these variables and Dify's usual password.
pub(crate) fn at_port(port: u16, variables: &[(&str, &str)]) -> Seen {
    let usual = [("DB_HOST", "127.0.0.1"), ("DB_USERNAME", "dify"), ("DB_PASSWORD", "secret")];
    let variables = usual.iter().chain(variables).map(|(name, value)| (*name, (*value).to_owned()));
    let call = tool().args(["--output", "json"]).args(DATABASE).env("DB_PORT", port);
    result(&call.envs(variables).run())
}
