//! The states of a real PostgreSQL with pgvector.
#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

mod common;

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use common::{Seen, check, tool};
use tempfile::TempDir;
use testbed::{Process, free_port, prove};

/// A PostgreSQL with a role `dify` that owns a database `dify`, and what can go wrong around it.
struct Server {
    process: Process,
    folder: TempDir,
    port: u16,
}

const SETUP: &str = "
CREATE ROLE dify LOGIN PASSWORD 'dify-pw';
CREATE ROLE guest LOGIN PASSWORD 'guest-pw';
CREATE ROLE boss LOGIN SUPERUSER PASSWORD 'boss-pw';
CREATE DATABASE dify OWNER dify;
CREATE DATABASE empty OWNER dify;
";

impl Server {
    fn start() -> Self {
        let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
        std::fs::write(folder.path().join("pw"), "boss-of-all").unwrap();
        let init = ["initdb", "-D", "/srv/work/data", "-U", "postgres", "-A", "scram-sha-256", "--no-sync"];
        let init: Vec<_> = init.into_iter().chain(["--pwfile", "/srv/work/pw"]).collect();
        let _ = Process::run("postgres", folder.path(), &init);
        let process = launch(folder.path(), port);
        let server = Self { process, folder, port };
        server.until_up();
        server.sql("postgres", SETUP);
        server.sql("dify", "CREATE EXTENSION vector");
        server
    }

    /// The same data, as a standby whose primary is out of reach.
    fn turn_into_standby(&mut self) {
        self.process.kill();
        std::fs::write(self.folder.path().join("data/standby.signal"), "").unwrap();
        self.process = launch(self.folder.path(), self.port);
        self.until_up();
    }

    fn until_up(&self) {
        for _ in 0..600 {
            let seen = self.check_as("postgres", "boss-of-all", "postgres");
            if seen.code.as_deref() != Some("57P03") {
                return;
            }
            sleep(Duration::from_millis(100));
        }
        panic!("the server does not come up");
    }

    fn sql(&self, database: &str, statements: &str) {
        run_sql(self.folder.path(), self.port, database, statements);
    }

    fn variables(&self, user: &str, password: &str, database: &str) -> Vec<(&'static str, String)> {
        vec![
            ("VECTOR_STORE", "pgvector".to_owned()),
            ("PGVECTOR_HOST", "127.0.0.1".to_owned()),
            ("PGVECTOR_PORT", self.port.to_string()),
            ("PGVECTOR_USER", user.to_owned()),
            ("PGVECTOR_PASSWORD", password.to_owned()),
            ("PGVECTOR_DATABASE", database.to_owned()),
        ]
    }

    fn check_as(&self, user: &str, password: &str, database: &str) -> Seen {
        let variables = self.variables(user, password, database);
        check(&variables.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>())
    }
}

fn launch(folder: &Path, port: u16) -> Process {
    let text = port.to_string();
    let command =
        ["postgres", "-F", "-D", "/srv/work/data", "-h", "127.0.0.1", "-k", "/srv/work", "-p", &text];
    let mut process = Process::start("postgres", "postgres", folder, &command);
    process.wait_for_port(port);
    process
}

fn run_sql(folder: &Path, port: u16, database: &str, statements: &str) {
    let url = format!("postgresql://postgres:boss-of-all@127.0.0.1:{port}/{database}");
    let mut command = vec!["psql", "-v", "ON_ERROR_STOP=1", "-d", &url];
    for statement in statements.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
        command.extend(["-c", statement]);
    }
    let _ = Process::run("postgres", folder, &command);
}

#[test]
fn each_state_of_the_extension_and_the_role_is_told_apart() {
    let server = Server::start();
    prove!("pgvector/ready", &server.check_as("dify", "dify-pw", "dify"));
    prove!("pgvector/wrong-password", &server.check_as("dify", "not-the-pw", "dify"));
    prove!("pgvector/wrong-password", &server.check_as("nobody", "not-the-pw", "dify"));
    prove!("pgvector/no-database", &server.check_as("dify", "dify-pw", "nosuch"));
    // The extension is on the server, but not in this database.
    prove!("pgvector/no-extension", &server.check_as("dify", "dify-pw", "empty"));
    prove!("pgvector/creatable", &server.check_as("boss", "boss-pw", "empty"));
    // Logs in, but may not create a table.
    prove!("pgvector/no-create", &server.check_as("guest", "guest-pw", "dify"));
    // A second extension, where Dify is told to use it.
    let mut variables = server.variables("dify", "dify-pw", "dify");
    variables.push(("PGVECTOR_PG_BIGM", "true".to_owned()));
    let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    prove!("pgvector/no-bigm", &check(&variables));
}

#[test]
fn an_extension_that_somebody_creates_meanwhile_is_waited_for() {
    let server = Server::start();
    let variables = server.variables("dify", "dify-pw", "empty");
    let run = tool().args(["wait", "--output", "json", "--deadline", "60s"]).envs(variables).spawn();
    sleep(Duration::from_millis(700));
    server.sql("empty", "CREATE EXTENSION vector");
    run.wait().expect(0, &["42704", "\"class\":\"ready\""]);
}

#[test]
fn a_full_server_and_a_standby_are_waited_for() {
    let mut server = Server::start();
    server.sql("postgres", "ALTER ROLE dify CONNECTION LIMIT 0");
    prove!("pgvector/full", &server.check_as("dify", "dify-pw", "dify"));
    server.sql("postgres", "ALTER ROLE dify CONNECTION LIMIT -1");
    server.turn_into_standby();
    prove!("pgvector/standby", &server.check_as("dify", "dify-pw", "dify"));
}
