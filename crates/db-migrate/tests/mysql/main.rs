//! MySQL, `MariaDB` and `OceanBase`'s seekdb: what real ones say in their states, and what is made of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "these are tests")]

#[path = "../common/mod.rs"]
mod common;

mod bootstrap;
mod faults;
mod login;
mod schema;
mod seekdb;
mod settings;
mod tls;

use std::path::Path;

use common::{Seen, result, tool};
use testbed::Tool;
use testbed::mysql::{Mysql, Product};

/// `check --for database`.
pub(crate) const DATABASE: [&str; 3] = ["check", "--for", "database"];

/// Proves a row of MySQL and the one of MariaDB that says the same.
#[macro_export]
macro_rules! prove_both {
    ($product:expr, $mysql:literal, $mariadb:literal, $seen:expr) => {
        match $product {
            testbed::mysql::Product::Mysql => testbed::prove!($mysql, $seen),
            testbed::mysql::Product::MariaDb => testbed::prove!($mariadb, $seen),
        }
    };
}

/// A call with a database and an image, in JSON.
pub(crate) fn call(server: &Mysql, image: &Path, arguments: &[&str]) -> Tool {
    tool()
        .args(["--output", "json"])
        .args(arguments.iter().copied())
        .envs(server.env())
        .env("PREFLIGHT_MIGRATIONS", image.display())
}

/// The same, to its end.
pub(crate) fn look(server: &Mysql, image: &Path, arguments: &[&str]) -> Seen {
    result(&call(server, image, arguments).run())
}

/// One look at the database with some variables changed.
pub(crate) fn database(server: &Mysql, variables: &[(&str, &str)]) -> Seen {
    let variables = variables.iter().map(|(name, value)| (*name, (*value).to_owned()));
    result(&call(server, Path::new("/none"), &DATABASE).envs(variables).run())
}

/// Both servers, one after the other.
pub(crate) fn each(test: impl Fn(&Mysql)) {
    for product in Product::ALL {
        test(&Mysql::start(product));
    }
}
