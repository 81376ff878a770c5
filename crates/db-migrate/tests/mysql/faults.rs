//! A network, or a server, that misbehaves; and what cannot be had here, as it is documented.

use std::time::{Duration, Instant};

use testbed::mysql::{Mysql, Product};
use testbed::prove;
use testbed::proxy::{Fault, Proxy};
use testbed::recorded_mysql::{Answer, RecordedMysql};

use crate::common::{Seen, result, tool};
use crate::{DATABASE, database};

#[test]
fn between_us_and_the_server() {
    let server = Mysql::start(Product::MariaDb);
    let through = |fault: Fault, extras: &str| -> Seen {
        let proxy = Proxy::start(server.port(), fault);
        let (start, port) = (Instant::now(), proxy.port.to_string());
        let seen = database(&server, &[("DB_PORT", &port), ("DB_EXTRAS", extras)]);
        assert!(start.elapsed() < Duration::from_secs(7), "{:?}", start.elapsed());
        seen
    };
    prove!("mariadb/ready", &through(Fault::Delay(Duration::from_millis(60)), ""));
    prove!("mysql-network/too-slow", &through(Fault::Delay(Duration::from_secs(3)), ""));
    prove!("mysql-network/silent", &through(Fault::Hang, ""));
    prove!("mysql-network/closed", &through(Fault::Close, ""));
    prove!("mysql-network/cut-in-the-greeting", &through(Fault::CutAfter(20), ""));
    prove!("mysql-network/cut-in-an-answer", &through(Fault::CutAfter(200), ""));
    // Its first letters read as a length of some millions.
    let ssh = b"SSH-2.0-OpenSSH_9.2\r\n".to_vec();
    prove!("mysql-network/another-protocol", &through(Fault::Speak(ssh), ""));
    // A packet of the largest size, again and again.
    let endless = Fault::Flood(vec![0xff, 0xff, 0xff, 0, 10], vec![b'8'; 64 << 10]);
    prove!("mysql-network/endless-greeting", &through(endless, ""));
    let hangs = Fault::Speak(crate::login::greeting("mysql_native_password"));
    prove!("mysql-network/silent-in-tls", &through(hangs, "ssl_check_hostname=false"));
    let odd = b"\xff\x0f\x27#HY000\x1b[31mred\x1b[0m \x07bell";
    let length = u8::try_from(odd.len()).unwrap();
    let seen = through(Fault::Speak([&[length, 0, 0, 0], &odd[..]].concat()), "");
    assert!(!seen.output.contains('\u{1b}') && !seen.output.contains("\\u001b"), "{}", seen.output);
    prove!("mysql-network/coloured-text", &seen);
}

/// A server that answers as recorded, except for one question.
fn recorded(version: &str, part: &str, answer: Answer) -> Seen {
    let (version, part) = (version.to_owned(), part.to_owned());
    let greeting = version.clone();
    let server = RecordedMysql::start(&greeting, move |question| {
        if question.contains(&part) {
            return answer.clone();
        }
        if question.contains("VERSION()") {
            Answer::row(&[&version, "dify", "0"])
        } else if question.starts_with("SHOW VARIABLES") {
            variables(&[])
        } else if question.starts_with("SHOW GRANTS") {
            Answer::row(&["GRANT ALL PRIVILEGES ON `dify`.* TO 'dify'@'%'"])
        } else if question.contains("ENGINES") {
            Answer::row(&["1"])
        } else {
            Answer::Rows(Vec::new())
        }
    });
    let run = tool()
        .args(["--output", "json"])
        .args(DATABASE)
        .env("DB_TYPE", if greeting.contains("OceanBase") { "oceanbase" } else { "mysql" })
        .env("DB_HOST", "127.0.0.1")
        .env("DB_PORT", server.port)
        .env("DB_USERNAME", "dify")
        .env("DB_PASSWORD", "secret")
        .run();
    result(&run)
}

fn variables(more: &[(&str, &str)]) -> Answer {
    let usual = [
        ("sql_mode", "STRICT_TRANS_TABLES"),
        ("character_set_database", "utf8mb4"),
        ("max_allowed_packet", "67108864"),
    ];
    let rows = usual.iter().chain(more).map(|(name, value)| vec![(*name).to_owned(), (*value).to_owned()]);
    Answer::Rows(rows.collect())
}

#[test]
fn recorded_servers_that_cannot_be_had() {
    let nothing = Answer::Rows(Vec::new());
    prove!("mysql-recorded/too-old", &recorded("5.7.44-log", "nothing", nothing.clone()));
    prove!("mysql-recorded/old-mariadb", &recorded("5.5.5-10.3.39-MariaDB", "nothing", nothing.clone()));
    prove!("mysql-recorded/oceanbase", &recorded("5.7.25-OceanBase_CE-v4.3.5.1", "nothing", nothing.clone()));
    prove!("mysql-recorded/tidb", &recorded("8.0.11-TiDB-v8.5.0", "nothing", nothing.clone()));
    prove!("mysql-recorded/no-innodb", &recorded("8.4.3", "ENGINES", nothing));
    let galera = variables(&[("wsrep_on", "ON")]);
    prove!("mysql-recorded/galera", &recorded("11.4.2-MariaDB", "SHOW VARIABLES", galera));
    let refused = |number, text| Answer::refused(number, text);
    let oceanbase = |answer| recorded("5.7.25-OceanBase_CE-v4.3.5.1", "VERSION()", answer);
    prove!("mysql-recorded/no-leader", &oceanbase(refused(4654, "Leader does not exist")));
    prove!(
        "mysql-recorded/switching-leader",
        &oceanbase(refused(4038, "The observer or zone is not the master"))
    );
    prove!("mysql-recorded/not-initialised", &oceanbase(refused(4006, "The object is not initialized")));
    prove!(
        "mysql-recorded/out-of-memory",
        &oceanbase(refused(4013, "No memory or reach tenant memory limit"))
    );
    let mysql = |answer| recorded("8.4.3", "VERSION()", answer);
    prove!("mysql-recorded/shutting-down", &mysql(refused(1053, "Server shutdown in progress")));
    prove!("mysql-recorded/killed", &mysql(refused(1317, "Query execution was interrupted")));
    prove!(
        "mysql-recorded/disk-full",
        &mysql(refused(1021, "Disk full (/tmp/#sql); waiting for someone to free some space..."))
    );
    prove!(
        "mysql-recorded/lock-wait",
        &mysql(refused(1205, "Lock wait timeout exceeded; try restarting transaction"))
    );
    let huge = Answer::Rows(vec![vec!["x".repeat(200); 100]; 1000]);
    prove!("mysql-recorded/huge-answer", &recorded("8.4.3", "SHOW VARIABLES", huge));
}
