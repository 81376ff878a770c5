//! `OceanBase`'s small server, in a network of its own.

use std::path::Path;

use testbed::prove;
use testbed::seekdb::Seekdb;

use crate::DATABASE;
use crate::common::{Seen, image, result, stamp, tool};
use crate::schema::until;

fn variables(server: &Seekdb) -> Vec<(&'static str, String)> {
    vec![
        ("DB_TYPE", "seekdb".to_owned()),
        ("DB_HOST", "127.0.0.1".to_owned()),
        ("DB_PORT", server.port().to_string()),
        ("DB_USERNAME", "dify".to_owned()),
        ("DB_PASSWORD", "secret".to_owned()),
    ]
}

fn call(server: &Seekdb, image: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Seen {
    let variables = variables.iter().map(|(name, value)| (*name, (*value).to_owned()));
    let run = tool()
        .args(["--output", "json"])
        .args(arguments.iter().copied())
        .envs(self::variables(server))
        .env("PREFLIGHT_MIGRATIONS", image.display())
        .envs(variables)
        .run();
    result(&run)
}

/// One server for all: it takes a gigabyte and a while.
#[test]
fn from_nothing_to_migrated() {
    let server = Seekdb::start();
    let none = Path::new("/none");
    let look = |variables: &[(&str, &str)]| call(&server, none, &DATABASE, variables);
    prove!("seekdb/wrong-password", &look(&[]));
    let root = [("PREFLIGHT_ADMIN_DB_USERNAME", "root")];
    let bootstrap = ["--grace", "0s", "bootstrap"];
    prove!("seekdb/bootstrapped", &call(&server, none, &bootstrap, &root));
    prove!("seekdb/nothing-missing", &call(&server, none, &bootstrap, &root));
    prove!("seekdb/ready", &look(&[]));
    prove!("seekdb/no-tenant", &look(&[("DB_USERNAME", "dify@nosuch")]));
    prove!("seekdb/no-right-in-database", &look(&[("DB_DATABASE", "nosuch")]));
    prove!(
        "seekdb/no-database",
        &look(&[("DB_USERNAME", "root"), ("DB_PASSWORD", ""), ("DB_DATABASE", "nosuch")])
    );
    prove!("seekdb/no-tls-offered", &look(&[("DB_EXTRAS", "ssl_check_hostname=false")]));
    server.sql(&["CREATE USER guest@'%' IDENTIFIED BY 'secret'", "GRANT SELECT ON dify.* TO guest@'%'"]);
    prove!("seekdb/privilege-missing", &look(&[("DB_USERNAME", "guest")]));

    let image = image("aaa bbb:aaa");
    let check = || call(&server, image.path(), &["check"], &[]);
    prove!("seekdb/empty", &check());
    let stamped = |revisions: &str| {
        let sql = stamp(revisions);
        let statements: Vec<&str> = ["USE dify"].into_iter().chain(sql.split(';').map(str::trim)).collect();
        let statements: Vec<&str> =
            statements.into_iter().filter(|text| !text.is_empty()).chain(["COMMIT"]).collect();
        server.sql(&statements);
    };
    stamped("aaa");
    prove!("seekdb/behind", &check());
    let run = |deadline: &str, shell: &str| {
        call(&server, image.path(), &["--deadline", deadline, "run", "--", "sh", "-c", shell], &[])
    };
    prove!("seekdb/not-migrated", &run("3s", "true"));

    // One that migrates, and is killed: the lock of GET_LOCK would stay, the row's does not.
    let folder = tempfile::tempdir().unwrap();
    let begun = folder.path().join("begun");
    let shell = format!("touch {}; exec sleep 60", begun.display());
    let first = tool()
        .args(["run", "--", "sh", "-c", &shell])
        .envs(variables(&server))
        .env("PREFLIGHT_MIGRATIONS", image.path().display())
        .spawn();
    until(&begun);
    prove!("seekdb/locked", &run("4s", "true"));
    prove!("seekdb/migrating", &check());
    first.signal("KILL");
    let _ = first.wait();
    stamped("bbb");
    prove!("seekdb/at-head", &check());
    run("20s", "false").expect_ready(&["the schema is at bbb"]);
    stamped("zzz");
    prove!("seekdb/unknown-revision", &check());
}
