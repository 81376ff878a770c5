//! The states of a real seekdb.

mod common;

use common::{Seen, check};
use testbed::prove;
use testbed::seekdb::Seekdb;

fn look(store: &str, port: u16, login: (&str, &str, &str)) -> Seen {
    let (user, password, database) = login;
    check(&[
        ("VECTOR_STORE", store),
        ("OCEANBASE_VECTOR_HOST", "127.0.0.1"),
        ("OCEANBASE_VECTOR_PORT", &port.to_string()),
        ("OCEANBASE_VECTOR_USER", user),
        ("OCEANBASE_VECTOR_PASSWORD", password),
        ("OCEANBASE_VECTOR_DATABASE", database),
    ])
}

#[test]
fn each_state_of_seekdb_is_told_apart() {
    let server = Seekdb::start();
    let port = server.port();
    server.sql(&[
        "CREATE DATABASE dify",
        "CREATE USER dify IDENTIFIED BY 'secret'",
        "GRANT ALL ON dify.* TO dify",
        "CREATE USER guest IDENTIFIED BY 'guest-pw'",
        "GRANT SELECT ON dify.* TO guest",
        "CREATE USER locked IDENTIFIED BY 'locked-pw'",
        "ALTER USER locked ACCOUNT LOCK",
    ]);
    let dify = ("dify", "secret", "dify");
    prove!("seekdb/unreadable", &look("seekdb", port, dify));
    // To Dify both names are the same.
    look("oceanbase", port, dify).holds(&["Dify cannot read ob_vector_memory_limit_percentage"]);
    prove!("seekdb/wrong-password", &look("seekdb", port, ("dify", "no", "dify")));
    prove!("seekdb/tenant", &look("seekdb", port, ("root@test", "", "dify")));
    prove!("seekdb/no-database", &look("seekdb", port, ("root", "", "nosuch")));
    prove!("seekdb/no-right", &look("seekdb", port, ("dify", "secret", "nosuch")));
    prove!("seekdb/no-create", &look("seekdb", port, ("guest", "guest-pw", "dify")));
    prove!("seekdb/locked", &look("seekdb", port, ("locked", "locked-pw", "dify")));
    server.sql(&["SET GLOBAL read_only = 1"]);
    prove!("seekdb/read-only", &look("seekdb", port, dify));
}
