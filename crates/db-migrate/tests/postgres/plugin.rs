//! The plugin daemon's database, alone and beside the api's.

use testbed::postgres::Postgres;
use testbed::prove;

use crate::common::{Seen, call, image, result, stamped};

const TABLES: [&str; 6] = [
    "plugins",
    "plugin_installations",
    "plugin_declarations",
    "endpoints",
    "install_tasks",
    "tenant_storages",
];

#[test]
fn the_daemon_makes_what_it_may() {
    let server = Postgres::start();
    let image = image("aaa");
    let daemon = |what: &str, more: &[(&str, &str)]| -> Seen {
        let arguments = ["check", "--target", "daemon", "--for", what];
        let own = [("DB_DATABASE", "dify_plugin")];
        let variables = own.iter().chain(more).map(|(name, value)| (*name, (*value).to_owned()));
        result(&call(&server, image.path(), &arguments).envs(variables).run())
    };
    prove!("daemon/may-not-create", &daemon("database", &[]));
    let _ = server.sql("postgres", "ALTER ROLE dify CREATEDB");
    prove!("daemon/will-create", &daemon("database", &[]));
    prove!("daemon/name-to-quote", &daemon("database", &[("DB_DATABASE", "dify-plugin")]));
    let _ = server.sql("postgres", "CREATE DATABASE dify_plugin OWNER dify");
    prove!("daemon/ready", &daemon("database", &[]));
    prove!("daemon/no-tables", &daemon("schema", &[]));
    for table in TABLES {
        let _ = server.sql("dify_plugin", &format!("SET ROLE dify; CREATE TABLE {table} (id int)"));
    }
    prove!("daemon/tables", &daemon("schema", &[]));
}

/// Both in one run, side by side, from the one environment that they share.
#[test]
fn two_targets_in_one_run() {
    let server = Postgres::start();
    let image = image("aaa");
    stamped(&server, "aaa");
    let arguments = ["check", "--target", "app", "--target", "daemon"];
    let _ = server.sql("postgres", "CREATE DATABASE dify_plugin OWNER dify");
    let all = Seen::all(&call(&server, image.path(), &arguments).run());
    let short: Vec<_> =
        all.iter().map(|seen| (seen.check.as_str(), seen.class.as_str(), seen.exit)).collect();
    assert_eq!(short, [("app", "ready", 75), ("daemon", "not_yet", 75)], "{all:?}");
}
