//! What Dify itself would stumble over, said before it does.

use testbed::prove;

use crate::DATABASE;
use crate::common::{Seen, result, tool};

fn refused(name: &str, value: &str) -> Seen {
    let run = tool()
        .args(["--output", "json"])
        .args(DATABASE)
        .env("DB_TYPE", "mysql")
        .env("DB_HOST", "127.0.0.1")
        .env("DB_PORT", 1)
        .env("DB_USERNAME", "dify")
        .env("DB_PASSWORD", "secret")
        .env(name, value);
    let seen = result(&run.run());
    assert_eq!(seen.hop, "config", "{seen:?}");
    seen
}

fn daemon(name: &str, value: &str) -> Seen {
    let run = tool()
        .args(["--output", "json"])
        .args(DATABASE)
        .env("DB_TYPE", "mysql")
        .env("DB_SSL_MODE", "disable");
    let run = run.env("DB_PASSWORD", "secret").env(name, value);
    result(&run.run())
}

#[test]
fn settings_that_stop_dify() {
    prove!("mysql-settings/charset", &refused("DB_CHARSET", "utf8mb4"));
    prove!("mysql-settings/hosts", &refused("DB_HOST", "a,b"));
    prove!("mysql-settings/space-in-password", &refused("DB_PASSWORD", "a b"));
    prove!("mysql-settings/umlaut-in-password", &refused("DB_PASSWORD", "größe"));
    prove!("mysql-settings/sslmode", &refused("DB_EXTRAS", "sslmode=require"));
    prove!("mysql-settings/unknown-argument", &refused("DB_EXTRAS", "tls=true"));
    prove!("mysql-settings/twice", &refused("DB_EXTRAS", "charset=utf8mb4&charset=utf8mb4"));
    prove!("mysql-settings/unknown-charset", &refused("DB_EXTRAS", "charset=utf-8"));
    prove!("mysql-settings/no-number", &refused("DB_EXTRAS", "connect_timeout=5s"));
    prove!(
        "mysql-settings/neither-true-nor-false",
        &refused("DB_EXTRAS", "ssl_ca=/ca.crt&ssl_check_hostname=maybe")
    );
    prove!("mysql-settings/own-variable", &refused("DB_EXTRAS", "host=elsewhere"));
    prove!("mysql-settings/socket", &refused("DB_EXTRAS", "unix_socket=/run/mysqld.sock"));
    prove!("mysql-settings/daemon-mode", &daemon("DB_SSL_MODE", "verify-full"));
    prove!("mysql-settings/daemon-no-password", &daemon("DB_PASSWORD", ""));
    prove!("mysql-settings/daemon-colon", &daemon("DB_USERNAME", "a:b"));
    prove!("mysql-settings/daemon-database", &daemon("DB_DATABASE", "a/b"));
}

/// What is said of `PyMySQL` is what it does.
#[test]
fn pymysql_is_as_it_is_described() {
    let script = "
import sys, pymysql
def opened(**words):
    try: return pymysql.Connection(defer_connect=True, **words)
    except Exception as error: return type(error).__name__
print(opened(client_encoding='utf8mb4'), opened(sslmode='require'), opened(charset='utf-8'))
print(opened(password='€'), opened(connect_timeout='5s'), opened(compress='1'))
for words in [dict(ssl_verify_cert='true'), dict(ssl_verify_identity='true'), dict(ssl={'check_hostname': True})]:
    made = opened(**words).ctx
    print(made.check_hostname, made.verify_mode.name)
print(opened(ssl={'check_hostname': True}, ssl_disabled='false').ssl)
";
    let mut command = std::process::Command::new("python3");
    command.args(["-c", script]).env("PYTHONPATH", testbed::peer("pymysql"));
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let expected = "TypeError TypeError AttributeError\nUnicodeEncodeError TypeError NotImplementedError\n\
        False CERT_REQUIRED\nFalse CERT_NONE\nFalse CERT_NONE\nFalse\n";
    assert_eq!(said, expected, "{}", String::from_utf8_lossy(&output.stderr));
}
