//! The plugin daemon's database, alone and beside the api's.

use std::path::Path;

use testbed::postgres::Postgres;
use testbed::{Tool, prove};

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

/// Shell that makes tables as the daemon does: by its own user, in its own database.
fn making(server: &Postgres, tables: &[&str]) -> String {
    let sql: Vec<String> =
        tables.iter().map(|table| format!("CREATE TABLE IF NOT EXISTS {table} (id int);")).collect();
    server.shell(&sql.join(" ")).replace("dbname=dify", "dbname=dify_plugin")
}

/// A migration of the daemon's tables by this shell.
fn migrate(server: &Postgres, more: &[&str], shell: &str) -> Tool {
    let arguments: Vec<&str> =
        more.iter().chain(&["run", "--target", "daemon", "--", "sh", "-c", shell]).copied().collect();
    // It has no revision files.
    call(server, Path::new("/no/such/folder"), &arguments).envs([("DB_DATABASE", "dify_plugin".to_owned())])
}

#[test]
fn how_a_run_for_the_daemon_ends() {
    let server = Postgres::start();
    let _ = server.sql("postgres", "ALTER ROLE dify CREATEDB");
    let look = |more: &[&str], shell: &str| result(&migrate(&server, more, shell).run());
    prove!(
        "run/daemon-failed",
        &look(&["--grace", "0s"], "echo 'permission denied for schema public' >&2; exit 1")
    );
    let half = making(&server, &TABLES[..5]);
    prove!("run/daemon-half", &look(&["--deadline", "4s"], &half));
    let all = making(&server, &TABLES);
    prove!("run/daemon-made", &look(&[], &all));
    // Columns are added without a trace in the list of tables: it runs again, and its failure counts.
    prove!(
        "run/daemon-failed",
        &look(&["--grace", "0s"], "echo 'permission denied for schema public' >&2; exit 1")
    );
}

/// Two daemons of a first installation: each would make the same tables, and one of them fail.
#[test]
fn two_daemons_migrate_one_after_the_other() {
    let (server, folder) = (Postgres::start(), tempfile::tempdir().unwrap());
    let _ = server.sql("postgres", "ALTER ROLE dify CREATEDB");
    let busy = folder.path().join("busy");
    let shell = format!("mkdir {0} && sleep 1 && {1} && rmdir {0}", busy.display(), making(&server, &TABLES));
    // A second try would hide that they met.
    let both = [(); 2].map(|()| migrate(&server, &["--grace", "0s"], &shell).spawn());
    for one in both {
        let run = one.wait();
        assert_eq!(run.code, 0, "{run:?}");
    }
}
