//! The stores that speak MySQL's protocol: against real servers as far as there are any, and recorded answers of the
//! products that cannot be had.

mod common;
#[path = "common/pem.rs"]
mod pem;

use common::{Seen, check};
use pem::Signed;
use testbed::mysql::{Mysql, MysqlPlan, Product};
use testbed::recorded_mysql::{Answer, RecordedMysql};
use testbed::{free_port, prove};

/// The name in `VECTOR_STORE`, and what the variables begin with.
type Store = (&'static str, &'static str);

const ALIBABA: Store = ("alibabacloud_mysql", "ALIBABACLOUD_MYSQL");
const TIDB: Store = ("tidb_vector", "TIDB_VECTOR");
const MATRIXONE: Store = ("matrixone", "MATRIXONE");
const OCEANBASE: Store = ("oceanbase", "OCEANBASE_VECTOR");

const DIFY: (&str, &str, &str) = ("dify", "secret", "dify");

fn look(store: Store, port: u16, login: (&str, &str, &str), more: &[(&str, &str)]) -> Seen {
    let ((name, prefix), (user, password, database)) = (store, login);
    let named = |name: &str| format!("{prefix}_{name}");
    let port = port.to_string();
    let own = [
        (named("HOST"), "localhost"),
        (named("PORT"), &port),
        (named("USER"), user),
        (named("PASSWORD"), password),
        (named("DATABASE"), database),
    ];
    let mut variables = vec![("VECTOR_STORE", name)];
    variables.extend(own.iter().map(|(name, value)| (name.as_str(), *value)));
    variables.extend_from_slice(more);
    check(&variables)
}

#[test]
fn each_state_of_alibabacloud_mysql_is_told_apart() {
    // MariaDB has the same function for vectors as AliSQL.
    let server = Mysql::start(Product::MariaDb);
    let port = server.port();
    for statement in [
        "CREATE USER guest IDENTIFIED BY 'guest-pw'",
        "GRANT SELECT ON dify.* TO guest",
        "CREATE USER locked IDENTIFIED BY 'locked-pw' ACCOUNT LOCK",
        "CREATE USER full_up IDENTIFIED BY 'full-pw' WITH MAX_CONNECTIONS_PER_HOUR 1",
        "GRANT SELECT ON dify.* TO full_up",
    ] {
        drop(server.sql(statement));
    }
    prove!("alibabacloud-mysql/ready", &look(ALIBABA, port, DIFY, &[]));
    prove!("alibabacloud-mysql/wrong-password", &look(ALIBABA, port, ("dify", "no", "dify"), &[]));
    prove!("alibabacloud-mysql/no-database", &look(ALIBABA, port, ("dify", "secret", "nosuch"), &[]));
    prove!("alibabacloud-mysql/no-create", &look(ALIBABA, port, ("guest", "guest-pw", "dify"), &[]));
    prove!("alibabacloud-mysql/locked", &look(ALIBABA, port, ("locked", "locked-pw", "dify"), &[]));
    look(ALIBABA, port, ("full_up", "full-pw", "dify"), &[]);
    prove!("alibabacloud-mysql/full", &look(ALIBABA, port, ("full_up", "full-pw", "dify"), &[]));
    drop(server.sql("SET GLOBAL read_only = ON"));
    prove!("alibabacloud-mysql/read-only", &look(ALIBABA, port, DIFY, &[]));
    prove!("alibabacloud-mysql/refused", &look(ALIBABA, free_port(), DIFY, &[]));
    prove!(
        "alibabacloud-mysql/pool",
        &look(ALIBABA, port, DIFY, &[("ALIBABACLOUD_MYSQL_MAX_CONNECTION", "64")])
    );
}

#[test]
fn a_mysql_is_no_store_of_another_name() {
    // TiDB's certificate must be signed by somebody who is trusted, and for the name.
    let signed = Signed::new("elsewhere");
    let plan = MysqlPlan::new(Product::Mysql).tls(&signed.certificate, &signed.key, &signed.ca);
    let server = plan.start();
    let port = server.port();
    prove!("alibabacloud-mysql/no-vectors", &look(ALIBABA, port, DIFY, &[]));
    prove!("matrixone/stranger", &look(MATRIXONE, port, DIFY, &[]));
    prove!("oceanbase/stranger", &look(OCEANBASE, port, DIFY, &[]));
    prove!("tidb/unknown-ca", &look(TIDB, port, DIFY, &[]));
    prove!("tidb/wrong-name", &look(TIDB, port, DIFY, &[("SSL_CERT_FILE", signed.file())]));
    // Only who may see all databases is told that one is missing.
    drop(server.sql("CREATE USER boss IDENTIFIED BY 'boss-pw'"));
    drop(server.sql("GRANT ALL ON *.* TO boss"));
    prove!("oceanbase/no-database", &look(OCEANBASE, port, ("boss", "boss-pw", "nosuch"), &[]));
    prove!("matrixone/unquoted-user", &look(MATRIXONE, port, ("sys:dump", "secret", "dify"), &[]));
    prove!("tidb/unquoted-password", &look(TIDB, port, ("dify", "p@ss", "dify"), &[]));
}

#[test]
fn without_tls_tidb_is_asked_as_dify_does() {
    let server = MysqlPlan::new(Product::Mysql).set("--tls-version=").start();
    prove!("tidb/stranger", &look(TIDB, server.port(), DIFY, &[]));
    prove!("tidb/wrong-password", &look(TIDB, server.port(), ("dify", "no", "dify"), &[]));
}

/// The answers of one product: the first whose beginning fits.
fn recorded(version: &'static str, answers: Vec<(&'static str, Answer)>) -> RecordedMysql {
    RecordedMysql::start(version, move |question| {
        if question == "SELECT version()" {
            return Answer::row(&[version]);
        }
        if question.starts_with("CREATE TABLE") && !answers.iter().any(|(start, _)| *start == "CREATE TABLE")
        {
            return Answer::refused(1146, "Table 'dify.preflight_is_not_there' doesn't exist");
        }
        let found = answers.iter().find(|(start, _)| question.starts_with(start));
        found.map_or_else(|| Answer::row(&["1"]), |(_, answer)| answer.clone())
    })
}

const TIDB_8_5: &str = "8.0.11-TiDB-v8.5.2";

#[test]
fn recorded_states_of_tidb_are_told_apart() {
    let look = |version, answers| look(TIDB, recorded(version, answers).port, DIFY, &[]);
    prove!("tidb/ready-without-tls", &look(TIDB_8_5, vec![("SELECT count(*)", Answer::row(&["2"]))]));
    prove!("tidb/too-old", &look("5.7.25-TiDB-v7.5.1", vec![]));
    prove!("tidb/no-tiflash", &look(TIDB_8_5, vec![("SELECT count(*)", Answer::row(&["0"]))]));
    let denied =
        Answer::refused(1142, "CREATE command denied to user 'dify'@'%' for table 'preflight_asks_only'");
    prove!("tidb/no-create", &look(TIDB_8_5, vec![("CREATE TABLE", denied)]));
    let missing = Answer::refused(1305, "FUNCTION dify.VEC_FROM_TEXT does not exist");
    prove!("tidb/no-vectors", &look(TIDB_8_5, vec![("SELECT VEC_FROM_TEXT", missing)]));
    // A user who may not see the nodes is not told that there are none.
    let hidden = Answer::refused(1227, "Access denied; you need (at least one of) the PROCESS privilege(s)");
    look(TIDB_8_5, vec![("SELECT count(*)", hidden)]).expect_ready(&["TiDB 8.5.2"]);
}

#[test]
fn recorded_states_of_matrixone_are_told_apart() {
    let look = |version, answers| look(MATRIXONE, recorded(version, answers).port, DIFY, &[]);
    prove!("matrixone/ready", &look("8.0.30-MatrixOne-v2.1.0", vec![]));
    let odd = Answer::refused(20101, "internal error: cannot copy");
    prove!("matrixone/create-not-told", &look("8.0.30-MatrixOne-v2.1.0", vec![("CREATE TABLE", odd)]));
    let syntax = Answer::refused(1064, "SQL parser error: You have an error in your SQL syntax");
    prove!("matrixone/no-vectors", &look("8.0.30-MatrixOne-v1.0.0", vec![("SELECT CAST", syntax)]));
    let denied = Answer::refused(1045, "Access denied for user dump. internal error: check password failed");
    prove!("matrixone/wrong-password", &look("8.0.30-MatrixOne-v2.1.0", vec![("SELECT", denied)]));
}

const OB_4_3_5: &str = "5.7.25-OceanBase_CE-v4.3.5.1";

/// A line of SHOW PARAMETERS of a cluster.
fn memory(value: &str) -> (&'static str, Answer) {
    let name = "ob_vector_memory_limit_percentage";
    (
        "SHOW PARAMETERS",
        Answer::row(&["zone1", "observer", "10.0.0.1", "2882", name, "INT", value, "", "OBSERVER", "TENANT"]),
    )
}

fn grants(grant: &str) -> (&'static str, Answer) {
    ("SHOW GRANTS", Answer::row(&[grant]))
}

#[test]
fn recorded_states_of_oceanbase_are_told_apart() {
    let with = |version, answers, more: &[(&str, &str)]| {
        look(OCEANBASE, recorded(version, answers).port, ("root@test", "", "dify"), more)
    };
    prove!("oceanbase/ready", &with(OB_4_3_5, vec![memory("30")], &[]));
    prove!("oceanbase/too-old", &with("5.7.25-OceanBase_CE-v4.2.1.8", vec![memory("30")], &[]));
    let all = || grants("GRANT ALL PRIVILEGES ON *.* TO 'root' WITH GRANT OPTION");
    with(OB_4_3_5, vec![memory("0"), all()], &[]).expect_ready(&["OceanBase_CE 4.3.5.1"]);
    let own = || grants("GRANT ALL PRIVILEGES ON `dify`.* TO 'dify'");
    prove!("oceanbase/no-memory", &with(OB_4_3_5, vec![memory("0"), own()], &[]));
    prove!("oceanbase/no-parameter", &with(OB_4_3_5, vec![("SHOW PARAMETERS", Answer::Rows(vec![]))], &[]));
    let hybrid = [("OCEANBASE_ENABLE_HYBRID_SEARCH", "true")];
    prove!("oceanbase/no-hybrid", &with("5.7.25-OceanBase_CE-v4.3.3.0", vec![memory("30")], &hybrid));
    let missing = Answer::refused(1305, "FUNCTION l2_distance does not exist");
    prove!("oceanbase/no-vectors", &with(OB_4_3_5, vec![("SELECT l2_distance", missing)], &[]));
    let leader = Answer::refused(4038, "Not master");
    prove!("oceanbase/no-leader", &with(OB_4_3_5, vec![("SELECT l2_distance", leader)], &[]));
}
