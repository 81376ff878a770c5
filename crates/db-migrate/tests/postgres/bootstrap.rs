//! Creating what is missing.

use testbed::postgres::Postgres;
use testbed::prove;

use crate::common::{Seen, result, tool};

fn done(server: &Postgres, variables: &[(&str, &str)]) -> Seen {
    let variables = variables.iter().map(|(name, value)| (*name, (*value).to_owned()));
    let call = tool().args(["--output", "json", "--grace", "0s", "bootstrap"]);
    result(&call.envs(server.env()).envs(variables).run())
}

const ADMIN: (&str, &str) = ("PREFLIGHT_ADMIN_DB_USERNAME", "postgres");
const PASSWORD: (&str, &str) = ("PREFLIGHT_ADMIN_DB_PASSWORD", "admin");

#[test]
fn what_is_created() {
    let server = Postgres::start();
    let _ = server.sql("postgres", "CREATE ROLE boss LOGIN PASSWORD 'secret'");
    let fresh = [
        ("DB_USERNAME", "fresh"),
        ("DB_PASSWORD", "fresh-password"),
        ("DB_DATABASE", "fresh"),
        ("DB_PLUGIN_DATABASE", "fresh_plugin"),
    ];
    let with = |admin: &[(&'static str, &'static str)]| -> Vec<(&str, &str)> {
        fresh.iter().chain(admin).copied().collect()
    };
    prove!("bootstrap/no-createdb", &done(&server, &[]));
    prove!("bootstrap/no-createrole", &done(&server, &with(&[(ADMIN.0, "boss"), (PASSWORD.0, "secret")])));
    prove!("bootstrap/admin-password", &done(&server, &with(&[ADMIN, (PASSWORD.0, "not-the-one")])));
    prove!("bootstrap/admin-without-name", &done(&server, &with(&[PASSWORD])));
    prove!("bootstrap/created", &done(&server, &with(&[ADMIN, PASSWORD])));
    prove!("bootstrap/nothing-missing", &done(&server, &with(&[ADMIN, PASSWORD])));
    let other =
        [("DB_USERNAME", "fresh"), ("DB_PASSWORD", "another"), ("DB_DATABASE", "fresh"), ADMIN, PASSWORD];
    prove!("bootstrap/role-has-another-password", &done(&server, &other));
}
