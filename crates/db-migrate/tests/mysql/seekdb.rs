//! `OceanBase`'s small server, in a network of its own.

use std::path::Path;

use testbed::prove;
use testbed::seekdb::Seekdb;

use crate::DATABASE;
use crate::common::{Seen, image, result, stamp, tool};

fn call(server: &Seekdb, image: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Seen {
    let variables = variables.iter().map(|(name, value)| (*name, (*value).to_owned()));
    let run = tool()
        .args(["--output", "json"])
        .args(arguments.iter().copied())
        .env("DB_TYPE", "seekdb")
        .env("DB_HOST", "127.0.0.1")
        .env("DB_PORT", server.port())
        .env("DB_USERNAME", "dify")
        .env("DB_PASSWORD", "secret")
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
    stamped("bbb");
    check().expect_ready(&["the schema is at bbb"]);
}
