//! Servers that misbehave, and secrets that must not be seen: the stores behind SQL, and those of vendors.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;

use std::time::Duration;

use common::{check, tool};
use testbed::proxy::{Fault, Proxy};
use testbed::recorded::{Answer, RecordedHttp};
use testbed::recorded_mysql::{self, RecordedMysql};
use testbed::recorded_postgres::RecordedPostgres;

type Variables = Vec<(&'static str, String)>;

/// A store behind SQL: its name, what its variables begin with, and the last words of user and password.
const SQL: [(&str, [&str; 5]); 10] = [
    ("relyt", ["RELYT_HOST", "RELYT_PORT", "RELYT_USER", "RELYT_PASSWORD", "RELYT_DATABASE"]),
    (
        "opengauss",
        ["OPENGAUSS_HOST", "OPENGAUSS_PORT", "OPENGAUSS_USER", "OPENGAUSS_PASSWORD", "OPENGAUSS_DATABASE"],
    ),
    (
        "vastbase",
        ["VASTBASE_HOST", "VASTBASE_PORT", "VASTBASE_USER", "VASTBASE_PASSWORD", "VASTBASE_DATABASE"],
    ),
    (
        "pgvecto-rs",
        [
            "PGVECTO_RS_HOST",
            "PGVECTO_RS_PORT",
            "PGVECTO_RS_USER",
            "PGVECTO_RS_PASSWORD",
            "PGVECTO_RS_DATABASE",
        ],
    ),
    (
        "hologres",
        [
            "HOLOGRES_HOST",
            "HOLOGRES_PORT",
            "HOLOGRES_ACCESS_KEY_ID",
            "HOLOGRES_ACCESS_KEY_SECRET",
            "HOLOGRES_DATABASE",
        ],
    ),
    ("seekdb", OCEANBASE),
    ("oceanbase", OCEANBASE),
    (
        "tidb_vector",
        [
            "TIDB_VECTOR_HOST",
            "TIDB_VECTOR_PORT",
            "TIDB_VECTOR_USER",
            "TIDB_VECTOR_PASSWORD",
            "TIDB_VECTOR_DATABASE",
        ],
    ),
    (
        "matrixone",
        ["MATRIXONE_HOST", "MATRIXONE_PORT", "MATRIXONE_USER", "MATRIXONE_PASSWORD", "MATRIXONE_DATABASE"],
    ),
    (
        "alibabacloud_mysql",
        [
            "ALIBABACLOUD_MYSQL_HOST",
            "ALIBABACLOUD_MYSQL_PORT",
            "ALIBABACLOUD_MYSQL_USER",
            "ALIBABACLOUD_MYSQL_PASSWORD",
            "ALIBABACLOUD_MYSQL_DATABASE",
        ],
    ),
];
const OCEANBASE: [&str; 5] = [
    "OCEANBASE_VECTOR_HOST",
    "OCEANBASE_VECTOR_PORT",
    "OCEANBASE_VECTOR_USER",
    "OCEANBASE_VECTOR_PASSWORD",
    "OCEANBASE_VECTOR_DATABASE",
];

/// The variables of each store at a port. `quoted` is the same secret as it is written into a URL by hand.
fn stores(port: u16, secret: &str, quoted: &str) -> Vec<Variables> {
    let in_url = ["relyt", "pgvecto-rs", "tidb_vector", "matrixone"];
    let mut all: Vec<Variables> = SQL
        .into_iter()
        .map(|(name, [host, port_key, user, password, database])| {
            let secret = if in_url.contains(&name) { quoted } else { secret };
            vec![
                ("VECTOR_STORE", name.to_owned()),
                (host, "localhost".to_owned()),
                (port_key, port.to_string()),
                (user, "dify".to_owned()),
                (password, secret.to_owned()),
                (database, "dify".to_owned()),
            ]
        })
        .collect();
    let (address, secret) = (format!("localhost:{port}"), secret.to_owned());
    let url = format!("http://{address}");
    all.push(vec![
        ("VECTOR_STORE", "tidb_on_qdrant".to_owned()),
        ("TIDB_ON_QDRANT_URL", url.clone()),
        ("TIDB_ON_QDRANT_API_KEY", secret.clone()),
        ("TIDB_API_URL", url.clone()),
        ("TIDB_PUBLIC_KEY", secret.clone()),
        ("TIDB_PRIVATE_KEY", secret.clone()),
    ]);
    all.push(vec![
        ("VECTOR_STORE", "oracle".to_owned()),
        ("ORACLE_USER", "dify".to_owned()),
        ("ORACLE_PASSWORD", secret.clone()),
        ("ORACLE_DSN", format!("{address}/freepdb1")),
    ]);
    all.push(vec![
        ("VECTOR_STORE", "vikingdb".to_owned()),
        ("VIKINGDB_HOST", address.clone()),
        ("VIKINGDB_ACCESS_KEY", secret.clone()),
        ("VIKINGDB_SECRET_KEY", secret.clone()),
    ]);
    all.push(vec![
        ("VECTOR_STORE", "tablestore".to_owned()),
        ("TABLESTORE_ENDPOINT", url),
        ("TABLESTORE_INSTANCE_NAME", "dify".to_owned()),
        ("TABLESTORE_ACCESS_KEY_ID", secret.clone()),
        ("TABLESTORE_ACCESS_KEY_SECRET", secret.clone()),
    ]);
    all.push(vec![
        ("VECTOR_STORE", "clickzetta".to_owned()),
        ("CLICKZETTA_SERVICE", address),
        ("CLICKZETTA_INSTANCE", "inst".to_owned()),
        ("CLICKZETTA_USERNAME", "dify".to_owned()),
        ("CLICKZETTA_PASSWORD", secret),
    ]);
    all
}

/// The one that only the port is known of.
fn iris(port: u16, secret: &str) -> Variables {
    vec![
        ("VECTOR_STORE", "iris".to_owned()),
        ("IRIS_HOST", "localhost".to_owned()),
        ("IRIS_SUPER_SERVER_PORT", port.to_string()),
        ("IRIS_PASSWORD", secret.to_owned()),
    ]
}

fn borrowed<'a>(variables: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    variables.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// One store for each protocol: `PostgreSQL`'s, `MySQL`'s, Oracle's, HTTP, HTTPS.
fn one_each(port: u16) -> impl Iterator<Item = Variables> {
    let names = ["opengauss", "matrixone", "oracle", "tablestore", "clickzetta"];
    stores(port, "some-key", "some-key").into_iter().filter(move |all| names.contains(&all[0].1.as_str()))
}

#[test]
fn nothing_there_and_a_server_that_hangs_are_waited_for() {
    let silent = testbed::free_port();
    for variables in stores(silent, "some-key", "some-key").into_iter().chain([iris(silent, "some-key")]) {
        let seen = check(&borrowed(&variables));
        seen.expect(75, "not_yet", "tcp", Some("ECONNREFUSED"), &[]);
    }
    let hanging = Proxy::start(1, Fault::Hang);
    for variables in one_each(hanging.port) {
        let run = tool().args(["wait", "--deadline", "1s"]).envs(variables).run();
        run.expect(75, &["ETIMEDOUT"]);
        assert!(run.time < Duration::from_secs(10), "{:?}", run.time);
    }
}

#[test]
fn a_server_of_another_kind_is_never_taken_for_a_store() {
    let long = vec![b'x'; 1 << 20];
    for garbage in
        [&b"-ERR unknown command\r\n"[..], b"\x00\x01\x02", b"", b"\xff\xff\xff\xff\xff\xff\xff\xff", &long]
    {
        let proxy = Proxy::start(1, Fault::Garbage(garbage.to_vec()));
        for variables in one_each(proxy.port) {
            let seen = check(&borrowed(&variables));
            assert!(matches!(seen.exit, 69 | 75), "{seen:?}");
            assert_ne!(seen.class, "ready", "{seen:?}");
        }
    }
}

/// With characters that are written differently in JSON, in a quoted text, in base64 and in a URL.
const CANARY: &str = "Kanarie\"7f3a\\@/+ x";
const QUOTED: &str = "Kanarie\"7f3a\\%40/+ x";
const TRACES: [&str; 2] = ["Kanarie", "7f3a"];

#[test]
fn a_secret_is_in_no_output() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    // Servers that say back what they were told, or what they could have been told.
    let echo = RecordedHttp::start(|request| Answer::new(401, &format!("{request:?}")));
    let broken = RecordedHttp::start(|request| Answer::new(500, &format!("{request:?}")));
    let babble = Proxy::start(1, Fault::Garbage(CANARY.as_bytes().to_vec()));
    let postgres = RecordedPostgres::refusing("XX000", CANARY);
    let mysql = RecordedMysql::start(CANARY, |_| recorded_mysql::Answer::refused(1105, CANARY));
    let version = RecordedMysql::start("8.0", |_| recorded_mysql::Answer::row(&[CANARY]));
    let said = |variables: &Variables, more: [&str; 3]| {
        let run = tool()
            .args(["check", "--termination-log", log.to_str().unwrap()])
            .args(more)
            .envs(variables.iter().cloned())
            .run();
        let kept = std::fs::read_to_string(&log).unwrap_or_default();
        let said = format!("{}{kept}", run.output());
        for trace in TRACES {
            assert!(!said.contains(trace), "{trace} after {variables:?}:\n{said}");
        }
    };
    let closed = testbed::free_port();
    for variables in stores(closed, CANARY, QUOTED).into_iter().chain([iris(closed, CANARY)]) {
        said(&variables, ["--output", "text", "--print-config"]);
        said(&variables, ["--output", "json", "-v"]);
    }
    // Each is asked in its own protocol: of another one, some would wait for more.
    for (ports, names) in [
        (vec![echo.port, broken.port], &["tidb_on_qdrant", "vikingdb", "tablestore"][..]),
        (vec![babble.port], &["oracle", "clickzetta", "hologres", "matrixone"]),
        (vec![postgres.port], &["relyt", "opengauss", "vastbase", "pgvecto-rs", "hologres"]),
        (
            vec![mysql.port, version.port],
            &["seekdb", "oceanbase", "tidb_vector", "matrixone", "alibabacloud_mysql"],
        ),
    ] {
        for port in ports {
            for variables in stores(port, CANARY, QUOTED) {
                if names.contains(&variables[0].1.as_str()) {
                    said(&variables, ["--output", "json", "-v"]);
                    said(&variables, ["--output", "text", "-v"]);
                }
            }
        }
    }
}

/// A connect string with a password in it is refused before anything is shown.
#[test]
fn a_password_in_a_connect_string_is_in_no_output() {
    let variables = [
        ("VECTOR_STORE", "oracle"),
        ("ORACLE_USER", "dify"),
        ("ORACLE_PASSWORD", "other"),
        ("ORACLE_DSN", "dify/Kanarie7f3a@db:1521/x"),
    ];
    for more in ["-v", "--print-config"] {
        let owned = variables.map(|(name, value)| (name, value.to_owned()));
        let run = tool().args(["check", more]).envs(owned).run();
        assert!(!run.output().contains("7f3a"), "{}", run.output());
    }
}
