//! Real PostgreSQL servers.
//!
//! A cluster is initialised once and copied for every server. It holds the superuser `postgres` (password `admin`),
//! the role `dify` (password `secret`) and the database `dify`, which that role owns.

use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::peer;
use crate::process::{Process, free_port, peers_root, repository};

/// How long a server may take to start or stop on a busy machine.
const START_LIMIT: Duration = Duration::from_mins(1);
/// The user of the peers root that runs it.
const USER: &str = "postgres";
/// Everything that a test server does not need: it loses nothing but the test's own data.
const QUICK: [&str; 5] =
    ["fsync=off", "full_page_writes=off", "shared_buffers=16MB", "autovacuum=off", "log_connections=on"];

/// Which PostgreSQL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Release {
    /// 15, which Dify's own Compose file runs.
    V15,
    /// 17, of the peers root.
    #[default]
    V17,
}

impl Release {
    fn root(self) -> PathBuf {
        match self {
            Self::V15 => peer("bookworm"),
            Self::V17 => peers_root().to_owned(),
        }
    }

    /// The id of [`USER`] in that root.
    fn user_id(self) -> u32 {
        match self {
            Self::V15 => 100,
            Self::V17 => 999,
        }
    }

    fn program(self, name: &str) -> String {
        let number = match self {
            Self::V15 => 15,
            Self::V17 => 17,
        };
        format!("/usr/lib/postgresql/{number}/bin/{name}")
    }
}

/// A server that is not started yet; its port is known already.
pub struct PostgresPlan {
    release: Release,
    folder: TempDir,
    /// Where it will listen on 127.0.0.1.
    pub port: u16,
    settings: Vec<String>,
}

impl Default for PostgresPlan {
    fn default() -> Self {
        Self::new()
    }
}

impl PostgresPlan {
    /// A server with passwords, without TLS.
    ///
    /// # Panics
    /// If no folder or port can be had.
    #[must_use]
    pub fn new() -> Self {
        Self::of(Release::default())
    }

    /// The same of another release.
    ///
    /// # Panics
    /// If no folder or port can be had.
    #[must_use]
    pub fn of(release: Release) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let copied = Command::new("cp")
            .args(["-a", "--reflink=auto"])
            .arg(template(release).join("data"))
            .arg(folder.path())
            .status();
        assert!(copied.is_ok_and(|status| status.success()), "cannot copy the template");
        Self { release, folder, port: free_port(), settings: Vec::new() }
    }

    /// Adds a line of `postgresql.conf`, such as `max_connections=5`.
    #[must_use]
    pub fn set(mut self, setting: &str) -> Self {
        self.settings.push(setting.to_owned());
        self
    }

    /// Replaces `pg_hba.conf`.
    ///
    /// # Panics
    /// If it cannot be written.
    #[must_use]
    pub fn hba(self, lines: &[&str]) -> Self {
        let text = format!("local all all scram-sha-256\n{}\n", lines.join("\n"));
        std::fs::write(self.folder.path().join("data/pg_hba.conf"), text).expect("a file");
        self
    }

    /// Offers TLS with these PEM texts; `ca` is what clients' certificates must be signed by.
    ///
    /// # Panics
    /// If they cannot be written.
    #[must_use]
    pub fn tls(self, certificate: &str, key: &str, ca: &str) -> Self {
        for (name, text) in [("server.crt", certificate), ("server.key", key), ("ca.crt", ca)] {
            let path = self.folder.path().join("data").join(name);
            std::fs::write(&path, text).expect("a file");
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("its mode");
            chown(&path, Some(self.release.user_id()), None).expect("its owner");
        }
        self.set("ssl=on").set("ssl_ca_file=ca.crt")
    }

    /// Makes it a standby that never gets anything from a primary.
    ///
    /// # Panics
    /// If the sign cannot be written.
    #[must_use]
    pub fn standby(self) -> Self {
        std::fs::write(self.folder.path().join("data/standby.signal"), "").expect("a file");
        self
    }

    /// Starts it and waits until it takes logins.
    #[must_use]
    pub fn start(self) -> Postgres {
        let server = self.start_alone();
        server.wait_until_ready();
        server
    }

    /// The same without waiting: it may be starting, or never get further.
    #[must_use]
    pub fn start_alone(self) -> Postgres {
        let process = launch(self.release, self.folder.path(), self.port, &self.settings);
        Postgres { process, plan: self }
    }
}

fn launch(release: Release, folder: &Path, port: u16, settings: &[String]) -> Process {
    let (port, program) = (port.to_string(), release.program("postgres"));
    let mut command =
        vec![program.as_str(), "-D", "/srv/work/data", "-p", &port, "-h", "127.0.0.1", "-k", "/srv/work"];
    for setting in QUICK.into_iter().chain(settings.iter().map(String::as_str)) {
        command.extend(["-c", setting]);
    }
    let mut enter = entering(release, folder);
    enter.args(command);
    Process::spawn(USER, folder, enter)
}

/// A running server.
pub struct Postgres {
    /// The postmaster, for signals.
    pub process: Process,
    plan: PostgresPlan,
}

impl Postgres {
    /// Starts a server.
    #[must_use]
    pub fn start() -> Self {
        PostgresPlan::new().start()
    }

    /// Where it listens on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.plan.port
    }

    /// Dify's variables for the role and database that every server has.
    #[must_use]
    pub fn env(&self) -> Vec<(&'static str, String)> {
        vec![
            ("DB_HOST", "127.0.0.1".to_owned()),
            ("DB_PORT", self.plan.port.to_string()),
            ("DB_USERNAME", "dify".to_owned()),
            ("DB_PASSWORD", "secret".to_owned()),
            ("DB_DATABASE", "dify".to_owned()),
        ]
    }

    /// Runs SQL as the superuser; rows as lines, columns parted by `|`.
    ///
    /// # Panics
    /// If it fails.
    #[must_use]
    pub fn sql(&self, database: &str, sql: &str) -> String {
        psql(self.plan.release, self.plan.folder.path(), self.plan.port, database, sql)
    }

    /// A line of shell that runs SQL as `dify` in its database: what a migration does, in a test.
    #[must_use]
    pub fn shell(&self, sql: &str) -> String {
        let words = [
            repository().join("tests/peers/enter.sh").display().to_string(),
            self.plan.release.root().display().to_string(),
            USER.to_owned(),
            self.plan.folder.path().display().to_string(),
            "env".to_owned(),
            "PGPASSWORD=secret".to_owned(),
            self.plan.release.program("psql"),
            format!("host=127.0.0.1 port={} user=dify dbname=dify", self.plan.port),
            "-XqAt".to_owned(),
            "-vON_ERROR_STOP=1".to_owned(),
            "-c".to_owned(),
            sql.to_owned(),
        ];
        let quoted: Vec<String> =
            words.iter().map(|word| format!("'{}'", word.replace('\'', "'\\''"))).collect();
        quoted.join(" ")
    }

    /// Whether it takes logins, by its own word.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        let file = self.plan.folder.path().join("data/postmaster.pid");
        std::fs::read_to_string(file)
            .is_ok_and(|text| text.lines().nth(7).is_some_and(|line| line.trim() == "ready"))
    }

    /// Waits for that.
    ///
    /// # Panics
    /// If it takes too long.
    pub fn wait_until_ready(&self) {
        let start = Instant::now();
        while !self.is_ready() {
            let log =
                || std::fs::read_to_string(self.plan.folder.path().join("postgres.log")).unwrap_or_default();
            assert!(start.elapsed() < START_LIMIT, "PostgreSQL does not get ready:\n{}", log());
            sleep(Duration::from_millis(20));
        }
    }

    /// What it has logged.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.plan.folder.path().join("postgres.log")).unwrap_or_default()
    }

    /// Stops it and starts it again on the same port and folder.
    ///
    /// # Panics
    /// If it does not stop.
    pub fn restart(&mut self) {
        stop(&mut self.process, self.plan.folder.path());
        self.process =
            launch(self.plan.release, self.plan.folder.path(), self.plan.port, &self.plan.settings);
        self.wait_until_ready();
    }
}

impl Drop for Postgres {
    /// Its backends end by themselves when the postmaster is gone; a shutdown in good order takes longer.
    fn drop(&mut self) {
        self.process.signal("CONT");
        self.process.signal("QUIT");
        let file = self.plan.folder.path().join("data/postmaster.pid");
        let start = Instant::now();
        while file.exists() && start.elapsed() < Duration::from_secs(5) {
            sleep(Duration::from_millis(10));
        }
    }
}

/// Ends a server in good order, so that its files can be used again.
fn stop(process: &mut Process, folder: &Path) {
    process.signal("INT");
    let start = Instant::now();
    while folder.join("data/postmaster.pid").exists() {
        assert!(start.elapsed() < START_LIMIT, "PostgreSQL does not stop");
        sleep(Duration::from_millis(20));
    }
    process.kill();
}

fn psql(release: Release, folder: &Path, port: u16, database: &str, sql: &str) -> String {
    let target = format!("host=/srv/work port={port} user=postgres dbname={database}");
    let program = release.program("psql");
    let output = enter(
        release,
        folder,
        &["env", "PGPASSWORD=admin", &program, &target, "-XqAt", "-vON_ERROR_STOP=1", "-c", sql],
    );
    let stdout = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
    assert!(output.status.success(), "{sql} failed:\n{stdout}{}", String::from_utf8_lossy(&output.stderr));
    stdout
}

fn enter(release: Release, folder: &Path, arguments: &[&str]) -> Output {
    entering(release, folder).args(arguments).output().expect("a shell")
}

fn entering(release: Release, folder: &Path) -> Command {
    let mut command = Command::new(repository().join("tests/peers/enter.sh"));
    command.arg(release.root()).arg(USER).arg(folder);
    command
}

/// The folder of an initialised cluster, kept beside the build's own results. Whoever comes first makes it; of two that
/// make it at once, one is kept.
fn template(release: Release) -> PathBuf {
    let root = release.root();
    let root = root.ancestors().find_map(|folder| {
        let name = folder.file_name()?.to_string_lossy().into_owned();
        name.starts_with("peer").then_some(name)
    });
    let home = repository().join("target/testbed");
    let kept = home.join(format!("postgres-{}", root.unwrap_or_default()));
    if kept.join("data").is_dir() {
        return kept;
    }
    std::fs::create_dir_all(&home).expect("a folder");
    let draft = tempfile::tempdir_in(&home).expect("a folder");
    let folder = draft.path();
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).expect("its mode");
    let initdb = release.program("initdb");
    let made = enter(
        release,
        folder,
        &[
            "sh",
            "-c",
            &format!(
                "echo admin >/tmp/pw && {initdb} -D /srv/work/data -U postgres -A scram-sha-256 --pwfile=/tmp/pw --no-sync \
         --wal-segsize=1 -E UTF8 --locale=C.UTF-8"
            ),
        ],
    );
    assert!(made.status.success(), "initdb failed: {}", String::from_utf8_lossy(&made.stderr));
    let port = free_port();
    let mut process = launch(release, folder, port, &[]);
    process.wait_for_port(port);
    let file = folder.join("data/postmaster.pid");
    while !std::fs::read_to_string(&file).is_ok_and(|text| text.contains("ready")) {
        sleep(Duration::from_millis(20));
    }
    let _ = psql(release, folder, port, "postgres", "CREATE ROLE dify LOGIN PASSWORD 'secret'");
    let _ = psql(release, folder, port, "postgres", "CREATE DATABASE dify OWNER dify");
    stop(&mut process, folder);
    let _ = std::fs::rename(folder, &kept);
    kept
}
