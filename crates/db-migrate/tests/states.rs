//! What a real PostgreSQL says in its states, and what is made of it.

mod common;

use std::net::TcpListener;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use common::{Seen, call, image, look, result, stamped, tool};
use testbed::dns::{Answer, NameServer};
use testbed::postgres::{Postgres, PostgresPlan};
use testbed::proxy::{Fault, Proxy};

const DATABASE: [&str; 3] = ["check", "--for", "database"];

fn database(server: &Postgres, variables: &[(&str, &str)]) -> Seen {
    let variables = variables.iter().map(|(name, value)| (*name, (*value).to_owned()));
    result(&call(server, Path::new("/none"), &DATABASE).envs(variables).run())
}

#[test]
fn ready() {
    let server = Postgres::start();
    database(&server, &[])
        .expect_ready(&["may write and create tables in schema \"public\"", "PostgreSQL 17"]);
}

#[test]
fn nothing_listens() {
    let port = testbed::free_port();
    let run = tool()
        .args(["--output", "json"])
        .args(DATABASE)
        .env("DB_HOST", "127.0.0.1")
        .env("DB_PORT", port)
        .run();
    result(&run).expect(75, "not_yet", "tcp", Some("ECONNREFUSED"), &["connection refused"]);
}

#[test]
fn a_name_that_does_not_resolve() {
    let names = NameServer::start(Answer::NoName);
    let asking = names.asked_by(Path::new(env!("CARGO_BIN_EXE_db-migrate")), "");
    let run = asking.args(["--output", "json"]).args(DATABASE).env("DB_HOST", "postgres.invalid").run();
    result(&run).expect(75, "not_yet", "dns", Some("EAI_NONAME"), &["postgres.invalid"]);
}

#[test]
fn wrong_password_unknown_role_and_missing_database() {
    let server = Postgres::start();
    let texts = ["wrong password for user", "DB_USERNAME and DB_PASSWORD"];
    database(&server, &[("DB_PASSWORD", "not-the-one")]).expect(69, "suspect", "auth", Some("28P01"), &texts);
    database(&server, &[("DB_PASSWORD", "")]).expect(69, "suspect", "auth", Some("28P01"), &texts);
    database(&server, &[("DB_USERNAME", "nobody")]).expect(69, "suspect", "auth", Some("28P01"), &texts);
    database(&server, &[("DB_DATABASE", "none")]).expect(
        69,
        "suspect",
        "state",
        Some("3D000"),
        &["\"none\" does not exist", "bootstrap"],
    );
}

#[test]
fn a_wrong_password_is_retried_for_the_grace_and_heals() {
    let server = Postgres::start();
    let wrong = ["--grace", "1s", "wait", "--for", "database"];
    let run = call(&server, Path::new("/none"), &wrong).env("DB_PASSWORD", "wrong").run();
    assert!(run.time >= Duration::from_secs(1), "{:?}", run.time);
    let seen = result(&run);
    seen.expect(69, "suspect", "auth", Some("28P01"), &[]);
    assert!(seen.tries > 1, "{seen:?}");

    let waiting =
        call(&server, Path::new("/none"), &["wait", "--for", "database"]).env("DB_PASSWORD", "later").spawn();
    sleep(Duration::from_millis(500));
    let _ = server.sql("postgres", "ALTER ROLE dify PASSWORD 'later'");
    result(&waiting.wait()).expect_ready(&[]);
}

#[test]
fn no_line_in_pg_hba() {
    let server = PostgresPlan::new().hba(&["host postgres postgres 127.0.0.1/32 scram-sha-256"]).start();
    database(&server, &[]).expect(69, "suspect", "auth", Some("28000"), &["pg_hba.conf"]);
}

#[test]
fn starting_up() {
    // A standby that is to read from nowhere and takes no sessions meanwhile stays in recovery.
    let server = PostgresPlan::new().standby().set("hot_standby=off").start_alone();
    let mut seen = database(&server, &[]);
    while seen.code.as_deref() == Some("ECONNREFUSED") {
        sleep(Duration::from_millis(50));
        seen = database(&server, &[]);
    }
    seen.expect(75, "not_yet", "state", Some("57P03"), &["the database system is"]);
}

#[test]
fn a_standby_and_a_read_only_server_are_waited_for() {
    let image = image("aaa");
    let standby = PostgresPlan::new().standby().start_alone();
    let mut seen = look(&standby, image.path(), &DATABASE);
    while seen.code.as_deref() != Some("25006") {
        assert!(matches!(seen.code.as_deref(), Some("ECONNREFUSED" | "57P03")), "{seen:?}");
        sleep(Duration::from_millis(50));
        seen = look(&standby, image.path(), &DATABASE);
    }
    seen.expect(75, "not_yet", "state", Some("25006"), &["read-only", "primary"]);
    look(&standby, image.path(), &["check"]).expect(75, "not_yet", "state", Some("25006"), &[]);

    let server = PostgresPlan::new().set("default_transaction_read_only=on").start();
    look(&server, image.path(), &DATABASE).expect(75, "not_yet", "state", Some("25006"), &[]);
}

#[test]
fn no_privilege_to_create_tables() {
    let server = Postgres::start();
    let _ = server
        .sql("postgres", "CREATE ROLE guest LOGIN PASSWORD 'secret'; GRANT ALL ON DATABASE dify TO guest");
    let repair = "GRANT CREATE ON SCHEMA \"public\" TO \"guest\"";
    let guest = [("DB_USERNAME", "guest")];
    database(&server, &guest).expect(69, "suspect", "permission", Some("42501"), &[repair]);
    let image = image("aaa");
    let run = call(&server, image.path(), &["--grace", "0s", "run", "--", "true"])
        .env("DB_USERNAME", "guest")
        .run();
    result(&run).expect(69, "suspect", "permission", Some("42501"), &[repair]);
    let _ = server.sql("dify", repair);
    database(&server, &guest).expect_ready(&[]);
}

#[test]
fn no_schema_that_can_be_used() {
    let server = Postgres::start();
    let extras = [("DB_EXTRAS", "options=-c%20search_path%3Dnone")];
    database(&server, &extras).expect(69, "suspect", "permission", Some("3F000"), &["search path"]);
}

#[test]
fn no_extension_and_no_privilege_to_create_it() {
    let server = Postgres::start();
    let _ = server.sql(
        "dify",
        "CREATE ROLE guest LOGIN PASSWORD 'secret'; GRANT CREATE ON SCHEMA public TO guest; REVOKE CREATE ON DATABASE dify FROM PUBLIC",
    );
    let guest = [("DB_USERNAME", "guest")];
    database(&server, &guest).expect_ready(&["uuid-ossp"]);
    let image = image("aaa");
    let run = call(&server, image.path(), &["--grace", "0s", "run", "--", "true"])
        .env("DB_USERNAME", "guest")
        .run();
    result(&run).expect(69, "suspect", "permission", Some("42501"), &["uuid-ossp"]);
}

#[test]
fn all_connections_in_use() {
    let server = PostgresPlan::new().set("max_connections=4").set("superuser_reserved_connections=3").start();
    // The one ordinary connection is held by a wait.
    let image = image("aaa");
    let waiting = call(&server, image.path(), &["wait"]).spawn();
    let mut seen = database(&server, &[]);
    while seen.exit == 0 {
        sleep(Duration::from_millis(50));
        seen = database(&server, &[]);
    }
    waiting.signal("TERM");
    assert_eq!(waiting.wait().code, 143);
    seen.expect(75, "not_yet", "state", Some("53300"), &["max_connections"]);
}

#[test]
fn a_server_that_stands_still_holds_no_deadline() {
    let server = Postgres::start();
    server.process.signal("STOP");
    let run = call(&server, Path::new("/none"), &["--deadline", "2s", "wait", "--for", "database"]).run();
    result(&run).expect(75, "not_yet", "tcp", Some("ETIMEDOUT"), &["no answer"]);
    assert!(run.time < Duration::from_secs(4), "{:?}", run.time);
}

#[test]
fn what_is_no_postgresql() {
    let run = |fault: Fault| {
        let proxy = Proxy::start(testbed::free_port(), fault);
        let port = proxy.port;
        result(
            &tool()
                .args(["--output", "json"])
                .args(DATABASE)
                .env("DB_HOST", "127.0.0.1")
                .env("DB_PORT", port)
                .run(),
        )
    };
    run(Fault::Garbage(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())).expect(
        69,
        "suspect",
        "tcp",
        None,
        &["PostgreSQL's protocol"],
    );
    let closed = run(Fault::Close);
    assert_eq!(
        (closed.exit, closed.class.as_str(), closed.hop.as_str()),
        (75, "not_yet", "tcp"),
        "{closed:?}"
    );
}

/// A server that disappears and comes back is waited for on the same call.
#[test]
fn a_restart_in_the_middle_of_a_wait() {
    let mut server = Postgres::start();
    let image = image("aaa");
    let waiting = call(&server, image.path(), &["wait"]).spawn();
    sleep(Duration::from_millis(700));
    server.restart();
    stamped(&server, "aaa");
    result(&waiting.wait()).expect_ready(&["aaa"]);
}

/// One login, however long the schema takes.
#[test]
fn the_connection_is_kept_between_looks() {
    let server = Postgres::start();
    let image = image("aaa");
    let waiting = call(&server, image.path(), &["wait"]).spawn();
    sleep(Duration::from_secs(3));
    stamped(&server, "aaa");
    let seen = result(&waiting.wait());
    seen.expect_ready(&[]);
    assert!(seen.tries > 2, "{seen:?}");
    let logins =
        server.log().lines().filter(|line| line.contains("connection authorized: user=dify")).count();
    assert_eq!(logins, 1, "{}", server.log());
}

/// The database appears after the wait began.
#[test]
fn a_late_server() {
    let plan = PostgresPlan::new();
    let port = plan.port;
    let waiting = tool()
        .args(["--output", "json", "wait", "--for", "database"])
        .envs([
            ("DB_HOST", "127.0.0.1".to_owned()),
            ("DB_USERNAME", "dify".to_owned()),
            ("DB_PASSWORD", "secret".to_owned()),
        ])
        .env("DB_PORT", port)
        .spawn();
    sleep(Duration::from_secs(1));
    assert!(TcpListener::bind(("127.0.0.1", port)).is_ok());
    let _server = plan.start();
    result(&waiting.wait()).expect_ready(&[]);
}

#[test]
fn a_password_of_every_printable_character() {
    let password: String = (b'!'..=b'~').map(char::from).collect();
    let server = Postgres::start();
    let _ = server.sql("postgres", &format!("ALTER ROLE dify PASSWORD '{}'", password.replace('\'', "''")));
    let seen = database(&server, &[("DB_PASSWORD", &password)]);
    seen.expect_ready(&[]);
    assert!(!seen.output.contains("#$%&"), "{}", seen.output);
    let spaced = format!("{password} ");
    let refused = database(&server, &[("DB_PASSWORD", &spaced)]);
    refused.expect(69, "never", "config", None, &["DB_PASSWORD: holds a space", "as a plus sign"]);
    assert!(!refused.output.contains("#$%&"), "{}", refused.output);
    let md5 = PostgresPlan::new().hba(&["host all all 127.0.0.1/32 md5"]).start();
    let _ = md5.sql("postgres", "SET password_encryption = 'md5'; ALTER ROLE dify PASSWORD 'a+b%40@:/?#'");
    database(&md5, &[("DB_PASSWORD", "a+b%40@:/?#")]).expect_ready(&[]);
}
