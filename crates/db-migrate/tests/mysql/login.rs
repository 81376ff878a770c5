//! Who is let in, and what may be done then.

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use testbed::mysql::{Mysql, MysqlPlan, Product};
use testbed::mysql_stranger::Stranger;
use testbed::prove;
use testbed::proxy::{Fault, Proxy};

use crate::common::{Seen, image, result, tool};
use crate::{DATABASE, call, database, each, look, prove_both};

#[test]
fn ready_and_who_is_not_let_in() {
    each(|server| {
        let product = server.product();
        let sql = |sql: &str| drop(server.sql(sql));
        prove_both!(product, "mysql/ready", "mariadb/ready", &database(server, &[]));
        let wrong = database(server, &[("DB_PASSWORD", "not-the-one")]);
        prove_both!(product, "mysql/wrong-password", "mariadb/wrong-password", &wrong);
        let nobody = database(server, &[("DB_USERNAME", "nobody")]);
        prove_both!(product, "mysql/wrong-password", "mariadb/wrong-password", &nobody);
        let none = database(server, &[("DB_PASSWORD", "")]);
        prove_both!(product, "mysql/wrong-password", "mariadb/wrong-password", &none);

        let missing = database(server, &[("DB_DATABASE", "nosuch")]);
        prove_both!(product, "mysql/no-right-in-database", "mariadb/no-right-in-database", &missing);
        let root = [("DB_USERNAME", "admin"), ("DB_PASSWORD", "admin"), ("DB_DATABASE", "nosuch")];
        prove_both!(product, "mysql/no-database", "mariadb/no-database", &database(server, &root));

        sql("ALTER USER 'dify'@'%' ACCOUNT LOCK");
        prove_both!(product, "mysql/locked-account", "mariadb/locked-account", &database(server, &[]));
        sql("ALTER USER 'dify'@'%' ACCOUNT UNLOCK");
        sql("ALTER USER 'dify'@'%' PASSWORD EXPIRE");
        prove_both!(product, "mysql/expired-password", "mariadb/expired-password", &database(server, &[]));
        sql("ALTER USER 'dify'@'%' IDENTIFIED BY 'secret' PASSWORD EXPIRE NEVER");

        sql("ALTER USER 'dify'@'%' REQUIRE SSL");
        prove_both!(product, "mysql/wrong-password", "mariadb/wrong-password", &database(server, &[]));
        let with_tls = [("DB_EXTRAS", "ssl_check_hostname=false")];
        let seen = database(server, &with_tls);
        prove_both!(product, "mysql/tls-unverified", "mariadb/tls-unverified", &seen);
        sql("ALTER USER 'dify'@'%' REQUIRE NONE");
        sql("SET GLOBAL require_secure_transport = ON");
        prove_both!(product, "mysql/tls-demanded", "mariadb/tls-demanded", &database(server, &[]));
        sql("SET GLOBAL require_secure_transport = OFF");
    });
}

#[test]
fn what_a_user_may_do() {
    each(|server| {
        let product = server.product();
        let sql = |sql: &str| drop(server.sql(sql));
        sql("CREATE USER 'guest'@'%' IDENTIFIED BY 'secret'");
        sql("GRANT SELECT, INSERT, UPDATE, DELETE ON dify.* TO 'guest'@'%'");
        let guest = [("DB_USERNAME", "guest")];
        prove_both!(
            product,
            "mysql/privilege-missing",
            "mariadb/privilege-missing",
            &database(server, &guest)
        );
        let image = image("aaa");
        let run =
            call(server, image.path(), &["--grace", "0s", "run", "--", "true"]).env("DB_USERNAME", "guest");
        prove_both!(product, "mysql/privilege-missing", "mariadb/privilege-missing", &result(&run.run()));
        // A right to look is all that a waiter needs.
        let waiter = call(server, image.path(), &["check"]).env("DB_USERNAME", "guest").run();
        result(&waiter).expect(75, "not_yet", "state", Some("empty"), &[]);

        sql("CREATE ROLE app");
        sql("GRANT ALL ON dify.* TO app");
        sql("GRANT app TO 'guest'@'%'");
        prove_both!(
            product,
            "mysql/role-not-in-force",
            "mariadb/role-not-in-force",
            &database(server, &guest)
        );
        sql(match product {
            Product::Mysql => "SET DEFAULT ROLE ALL TO 'guest'@'%'",
            Product::MariaDb => "SET DEFAULT ROLE app FOR 'guest'@'%'",
        });
        prove_both!(product, "mysql/ready", "mariadb/ready", &database(server, &guest));
    });
}

/// Seen from an address that is not the server's own.
#[test]
fn hosts_that_are_not_let_in() {
    for product in Product::ALL {
        let server =
            MysqlPlan::new(product).set("--max-connect-errors=1").set("--skip-name-resolve=OFF").start();
        let stranger = Stranger::start(server.port());
        let port = stranger.port.to_string();
        let from_afar = [("DB_PORT", port.as_str())];
        database(&server, &from_afar).expect_ready(&[]);
        if product == Product::MariaDb {
            // MySQL counts only hosts whose name it could look up.
            stranger.break_off();
            stranger.break_off();
            prove!("mariadb/host-blocked", &database(&server, &from_afar));
            let _ = server.sql("FLUSH HOSTS");
        }
        let _ = server.sql("DROP USER 'dify'@'%', 'admin'@'%'; FLUSH PRIVILEGES");
        let seen = database(&server, &from_afar);
        prove_both!(product, "mysql/host-not-allowed", "mariadb/host-not-allowed", &seen);
    }
}

#[test]
fn authentication_that_the_client_or_the_server_lacks() {
    let server = Mysql::start(Product::Mysql);
    let _ = server
        .sql("UPDATE mysql.user SET plugin = 'mysql_native_password' WHERE user = 'dify'; FLUSH PRIVILEGES");
    prove!("mysql/plugin-not-loaded", &database(&server, &[]));

    // The greeting of a MariaDB whose accounts are made with ed25519 by default.
    let proxy = Proxy::start(server.port(), Fault::Speak(greeting("client_ed25519")));
    let port = proxy.port.to_string();
    prove!("mariadb/plugin-unknown-to-client", &database(&server, &[("DB_PORT", &port)]));
}

/// Protocol 10, a version, a thread, a challenge in two parts, the usual capabilities and a plugin.
pub(crate) fn greeting(plugin: &str) -> Vec<u8> {
    let body = [
        b"\x0a5.5.5-11.8.9-MariaDB\0\x01\0\0\0abcdefgh\0\xfe\xff\x2d\x02\0\xff\x81\x15\0\0\0\0\0\0\0\0\0\0ijklmnopqrst\0",
        plugin.as_bytes(),
        b"\0",
    ]
    .concat();
    let length = u8::try_from(body.len()).unwrap();
    [&[length, 0, 0, 0], &body[..]].concat()
}

/// A password in the form of MySQL's default is sent without TLS too: encrypted with the server's own key.
#[test]
fn a_password_is_encrypted_where_there_is_no_tls() {
    let server = MysqlPlan::new(Product::Mysql).set("--tls-version=").start();
    prove!("mysql/ready", &database(&server, &[]));
    let extras = [("DB_EXTRAS", "ssl_check_hostname=false")];
    prove!("mysql/no-tls-offered", &database(&server, &extras));
    let server = MysqlPlan::new(Product::Mysql)
        .set("--tls-version=")
        .set("--caching-sha2-password-auto-generate-rsa-keys=OFF");
    let server = server.set("--caching-sha2-password-public-key-path=none").start();
    prove!("mysql/no-rsa-key", &database(&server, &[]));
}

/// A wait that keeps the one connection that there is.
fn while_held(server: &Mysql, test: impl Fn() -> Seen) -> Seen {
    let image = image("aaa");
    let waiting = call(server, image.path(), &["wait"]).spawn();
    let mut seen = test();
    while seen.exit == 0 {
        sleep(Duration::from_millis(50));
        seen = test();
    }
    waiting.signal("TERM");
    assert_eq!(waiting.wait().code, 143);
    seen
}

#[test]
fn connections_are_all_in_use() {
    each(|server| {
        let product = server.product();
        let _ = server.sql("ALTER USER 'dify'@'%' WITH MAX_USER_CONNECTIONS 1");
        let seen = while_held(server, || database(server, &[]));
        prove_both!(product, "mysql/user-connections-used", "mariadb/user-connections-used", &seen);
        let _ = server.sql("ALTER USER 'dify'@'%' WITH MAX_USER_CONNECTIONS 0");
        let _ = server.sql("SET GLOBAL max_connections = 10");
        let seen = {
            let image = image("aaa");
            let waiting: Vec<_> = (0..11).map(|_| call(server, image.path(), &["wait"]).spawn()).collect();
            let mut seen = database(server, &[]);
            while seen.exit == 0 {
                sleep(Duration::from_millis(50));
                seen = database(server, &[]);
            }
            for waiting in waiting {
                waiting.signal("TERM");
                let _ = waiting.wait();
            }
            seen
        };
        prove_both!(product, "mysql/connections-used", "mariadb/connections-used", &seen);
    });
}

#[test]
fn servers_that_take_no_writes() {
    each(|server| {
        let product = server.product();
        let sql = |sql: &str| drop(server.sql(sql));
        let image = image("aaa");
        sql("SET GLOBAL read_only = ON");
        prove_both!(product, "mysql/read-only", "mariadb/read-only", &database(server, &[]));
        prove_both!(product, "mysql/read-only", "mariadb/read-only", &look(server, image.path(), &["check"]));
        sql("SET GLOBAL read_only = OFF");
        if product == Product::Mysql {
            sql("SET GLOBAL super_read_only = ON");
            prove!("mysql/super-read-only", &database(server, &[]));
            sql("SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF");
            sql("SET GLOBAL offline_mode = ON");
            prove!("mysql/offline", &database(server, &[]));
            sql("SET GLOBAL offline_mode = OFF");
            sql("SET GLOBAL transaction_read_only = ON");
            prove!("mysql/read-only-transactions", &database(server, &[]));
        } else {
            sql("SET GLOBAL tx_read_only = ON");
            prove!("mariadb/read-only-transactions", &database(server, &[]));
        }
    });
}

#[test]
fn what_will_be_felt_later() {
    each(|server| {
        let product = server.product();
        let sql = |sql: &str| drop(server.sql(sql));
        sql("ALTER DATABASE dify CHARACTER SET latin1");
        prove_both!(product, "mysql/charset", "mariadb/charset", &database(server, &[]));
        sql("ALTER DATABASE dify CHARACTER SET utf8mb4");
        sql("SET GLOBAL max_allowed_packet = 1048576");
        prove_both!(product, "mysql/small-packet", "mariadb/small-packet", &database(server, &[]));
        sql("SET GLOBAL max_allowed_packet = 67108864");
        sql("SET GLOBAL sql_mode = 'ANSI_QUOTES,STRICT_TRANS_TABLES'");
        prove_both!(product, "mysql/sql-mode", "mariadb/sql-mode", &database(server, &[]));
        sql("SET GLOBAL sql_mode = ''");
        prove_both!(product, "mysql/not-strict", "mariadb/not-strict", &database(server, &[]));
        sql("SET GLOBAL sql_mode = 'STRICT_TRANS_TABLES'");
        if product == Product::Mysql {
            sql("SET GLOBAL sql_require_primary_key = ON");
            prove!("mysql/primary-key-required", &database(server, &[]));
        }
    });
}

#[test]
fn a_late_server_and_one_that_comes_back() {
    for product in Product::ALL {
        let plan = MysqlPlan::new(product);
        let env = |what: &[&str]| {
            tool()
                .args(["--output", "json"])
                .args(what.iter().copied())
                .env("DB_TYPE", "mysql")
                .env("DB_HOST", "127.0.0.1")
                .env("DB_PORT", plan.port)
                .env("DB_USERNAME", "dify")
                .env("DB_PASSWORD", "secret")
        };
        prove_both!(product, "mysql/refused", "mariadb/refused", &result(&env(&DATABASE).run()));
        let waiting = env(&["wait", "--for", "database"]).spawn();
        sleep(Duration::from_millis(500));
        let mut server = plan.start();
        result(&waiting.wait()).expect_ready(&[]);
        let image = image("aaa");
        let waiting = call(&server, image.path(), &["wait"]).spawn();
        sleep(Duration::from_millis(500));
        server.restart();
        let _ = server.sql("CREATE TABLE dify.alembic_version (version_num varchar(32)); INSERT INTO dify.alembic_version VALUES ('aaa')");
        result(&waiting.wait()).expect_ready(&["aaa"]);
    }
}

#[test]
fn a_server_that_stands_still_holds_no_deadline() {
    let server = Mysql::start(Product::MariaDb);
    server.process.signal("STOP");
    let run = call(&server, Path::new("/none"), &["--deadline", "2s", "wait", "--for", "database"]).run();
    prove!("mariadb/silent", &result(&run));
    assert!(run.time < Duration::from_secs(4), "{:?}", run.time);
}
