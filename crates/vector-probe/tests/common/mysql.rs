//! Real servers that speak MySQL's protocol, each with a database `dify`, its owner `dify` (password `secret`), a `guest`
//! (`guest-pw`) who may only read, and `full_up` (`full-pw`) who may have one connection an hour.
#![allow(unreachable_pub, clippy::unwrap_used, reason = "these are tests")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use testbed::process::repository;
use testbed::{Process, free_port, peer};

/// What both kinds have in common to set up.
const SETUP: &str = "CREATE DATABASE dify; CREATE USER dify IDENTIFIED BY 'secret'; GRANT ALL ON dify.* TO dify; \
    CREATE USER guest IDENTIFIED BY 'guest-pw'; GRANT SELECT ON dify.* TO guest; \
    CREATE USER full_up IDENTIFIED BY 'full-pw' WITH MAX_CONNECTIONS_PER_HOUR 1; GRANT SELECT ON dify.* TO full_up; \
    CREATE USER locked IDENTIFIED BY 'locked-pw' ACCOUNT LOCK; GRANT SELECT ON dify.* TO locked";

/// A running server.
pub struct Server {
    /// Where it listens on 127.0.0.1.
    pub port: u16,
    recipe: &'static str,
    client: &'static str,
    folder: TempDir,
    _process: Process,
}

impl Server {
    /// `MySQL` 9.7.
    pub fn mysql(options: &[&str]) -> Self {
        let initialize = ["mysqld", "--no-defaults", "--initialize-insecure", "--datadir=/srv/work/data"];
        let mut start = vec!["mysqld", "--no-defaults", "--mysqlx=OFF", "--secure-file-priv="];
        start.extend_from_slice(options);
        Self::start("mysql-9.7", "mysql", &initialize, &start)
    }

    /// `MariaDB` 11.8.
    pub fn mariadb(options: &[&str]) -> Self {
        let initialize = [
            "mariadb-install-db",
            "--no-defaults",
            "--datadir=/srv/work/data",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--force",
        ];
        let mut start = vec!["mariadbd", "--no-defaults"];
        start.extend_from_slice(options);
        Self::start("mariadb", "mariadb", &initialize, &start)
    }

    fn start(recipe: &'static str, client: &'static str, initialize: &[&str], start: &[&str]) -> Self {
        let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
        let made = enter(recipe, folder.path(), initialize).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let named = format!("--port={port}");
        let mut command: Vec<&str> = start.to_vec();
        command.extend([
            "--datadir=/srv/work/data",
            "--socket=/srv/work/socket",
            "--bind-address=127.0.0.1",
            "--innodb-buffer-pool-size=32M",
            &named,
        ]);
        let process = Process::spawn(client, folder.path(), enter(recipe, folder.path(), &command));
        let server = Self { port, recipe, client, folder, _process: process };
        let begun = Instant::now();
        while !server.asked("SELECT 1").0 {
            let log = || {
                std::fs::read_to_string(server.folder.path().join(format!("{client}.log")))
                    .unwrap_or_default()
            };
            assert!(begun.elapsed() < Duration::from_mins(1), "{recipe} does not get ready:\n{}", log());
            sleep(Duration::from_millis(100));
        }
        server.sql(SETUP);
        server
    }

    /// Runs SQL as the superuser.
    pub fn sql(&self, sql: &str) {
        let (is_good, said) = self.asked(sql);
        assert!(is_good, "{sql}: {said}");
    }

    fn asked(&self, sql: &str) -> (bool, String) {
        let command = [self.client, "--no-defaults", "--user=root", "--socket=/srv/work/socket", "-e", sql];
        let output = enter(self.recipe, self.folder.path(), &command).stdin(Stdio::null()).output().unwrap();
        let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
        let _ = write!(said, "{}", String::from_utf8_lossy(&output.stderr));
        (output.status.success(), said)
    }

    /// The certificate that signed the server's own, where it makes them itself.
    pub fn authority(&self) -> String {
        self.folder.path().join("data/ca.pem").display().to_string()
    }
}

/// A command inside the root of a recipe; `folder` is its `/srv/work`.
fn enter(recipe: &str, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(repository().join("tests/peers/enter.sh"));
    command.arg(peer(recipe)).arg("999").arg(folder).args(arguments);
    command
}
