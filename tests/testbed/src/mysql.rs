//! Real MySQL and MariaDB servers.
//!
//! A data folder is initialised once for each and copied for every server. It holds the administrator `admin` (password
//! `admin`), the user `dify` (password `secret`), and the database `dify`, which that user has.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::peer;
use crate::process::{Process, free_port, repository};

/// How long a server may take to start on a busy machine.
const START_LIMIT: Duration = Duration::from_mins(2);
/// The user id that it runs as.
const USER: &str = "997";
/// What both need to be small, quick and alone.
const QUICK: [&str; 8] = [
    "--no-defaults",
    "--datadir=/srv/work/data",
    "--socket=/srv/work/socket",
    "--pid-file=/srv/work/pid",
    "--bind-address=127.0.0.1",
    "--skip-name-resolve",
    "--innodb-buffer-pool-size=16M",
    "--innodb-flush-log-at-trx-commit=0",
];

/// Which server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// MySQL 9.7.
    Mysql,
    /// MariaDB 11.8.
    MariaDb,
}

impl Product {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Mysql, Self::MariaDb];

    fn recipe(self) -> &'static str {
        match self {
            Self::Mysql => "mysql-9.7",
            Self::MariaDb => "mariadb",
        }
    }

    fn server(self) -> &'static str {
        match self {
            Self::Mysql => "mysqld",
            Self::MariaDb => "mariadbd",
        }
    }

    fn client(self) -> &'static str {
        match self {
            Self::Mysql => "mysql",
            Self::MariaDb => "mariadb",
        }
    }

    fn options(self) -> &'static [&'static str] {
        match self {
            Self::Mysql => {
                &["--mysqlx=0", "--secure-file-priv=", "--skip-log-bin", "--innodb-redo-log-capacity=8M"]
            }
            Self::MariaDb => &["--innodb-log-file-size=8M"],
        }
    }

    fn initialize(self) -> &'static [&'static str] {
        match self {
            Self::Mysql => &[
                "mysqld",
                "--no-defaults",
                "--initialize-insecure",
                "--datadir=/srv/work/data",
                "--innodb-redo-log-capacity=8M",
            ],
            Self::MariaDb => &[
                "mariadb-install-db",
                "--no-defaults",
                "--datadir=/srv/work/data",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                "--force",
                "--innodb-log-file-size=8M",
            ],
        }
    }
}

/// A server that is not started yet; its port is known already.
pub struct MysqlPlan {
    product: Product,
    folder: TempDir,
    /// Where it will listen on 127.0.0.1.
    pub port: u16,
    options: Vec<String>,
}

impl MysqlPlan {
    /// A server as it is made by default.
    ///
    /// # Panics
    /// If no folder or port can be had.
    #[must_use]
    pub fn new(product: Product) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let copied = Command::new("cp")
            .args(["-a", "--reflink=auto"])
            .arg(template(product).join("data"))
            .arg(folder.path())
            .status();
        assert!(copied.is_ok_and(|status| status.success()), "cannot copy the template");
        Self { product, folder, port: free_port(), options: Vec::new() }
    }

    /// Adds an option, such as `--read-only`.
    #[must_use]
    pub fn set(mut self, option: &str) -> Self {
        self.options.push(option.to_owned());
        self
    }

    /// Offers TLS with these PEM texts; `ca` is what clients' certificates must be signed by.
    ///
    /// # Panics
    /// If they cannot be written.
    #[must_use]
    pub fn tls(self, certificate: &str, key: &str, ca: &str) -> Self {
        self.write_tls(certificate, key, ca);
        self.set("--ssl-cert=/srv/work/server.crt")
            .set("--ssl-key=/srv/work/server.key")
            .set("--ssl-ca=/srv/work/ca.crt")
    }

    fn write_tls(&self, certificate: &str, key: &str, ca: &str) {
        for (name, text) in [("server.crt", certificate), ("server.key", key), ("ca.crt", ca)] {
            let path = self.folder.path().join(name);
            std::fs::write(&path, text).expect("a file");
            let id = USER.parse().ok();
            std::os::unix::fs::chown(&path, id, id).expect("its owner");
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("its mode");
        }
    }

    /// Starts it and waits until it takes logins.
    #[must_use]
    pub fn start(self) -> Mysql {
        let process = launch(self.product, self.folder.path(), self.port, &self.options);
        let mut server = Mysql { process, plan: self };
        server.process.wait_for_port(server.plan.port);
        server
    }
}

fn launch(product: Product, folder: &Path, port: u16, options: &[String]) -> Process {
    let port = format!("--port={port}");
    let mut command = vec![product.server()];
    command.extend(QUICK);
    command.push(&port);
    command.extend(product.options());
    command.extend(options.iter().map(String::as_str));
    let enter = enter(product, folder, &command);
    Process::spawn(product.server(), folder, enter)
}

/// A running server.
pub struct Mysql {
    /// The server, for signals.
    pub process: Process,
    plan: MysqlPlan,
}

impl Mysql {
    /// Starts a server.
    #[must_use]
    pub fn start(product: Product) -> Self {
        MysqlPlan::new(product).start()
    }

    /// Which one it is.
    #[must_use]
    pub fn product(&self) -> Product {
        self.plan.product
    }

    /// Where it listens on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.plan.port
    }

    /// Dify's variables for the user and database that every server has.
    #[must_use]
    pub fn env(&self) -> Vec<(&'static str, String)> {
        vec![
            ("DB_TYPE", "mysql".to_owned()),
            ("DB_HOST", "127.0.0.1".to_owned()),
            ("DB_PORT", self.plan.port.to_string()),
            ("DB_USERNAME", "dify".to_owned()),
            ("DB_PASSWORD", "secret".to_owned()),
            ("DB_DATABASE", "dify".to_owned()),
        ]
    }

    /// Runs SQL as the administrator; rows as lines, columns parted by tabs.
    ///
    /// # Panics
    /// If it fails.
    #[must_use]
    pub fn sql(&self, sql: &str) -> String {
        execute(self.plan.product, self.plan.folder.path(), sql)
    }

    /// A line of shell that runs SQL as `dify` in its database: what a migration does, in a test.
    #[must_use]
    pub fn shell(&self, sql: &str) -> String {
        let words = [
            repository().join("tests/peers/enter.sh").display().to_string(),
            peer(self.plan.product.recipe()).display().to_string(),
            USER.to_owned(),
            self.plan.folder.path().display().to_string(),
            "env".to_owned(),
            "MYSQL_PWD=secret".to_owned(),
            self.plan.product.client().to_owned(),
            "--no-defaults".to_owned(),
            "--socket=/srv/work/socket".to_owned(),
            "--user=dify".to_owned(),
            "--database=dify".to_owned(),
            "--batch".to_owned(),
            format!("--execute={sql}"),
        ];
        let quoted: Vec<String> =
            words.iter().map(|word| format!("'{}'", word.replace('\'', "'\\''"))).collect();
        quoted.join(" ")
    }

    /// Offers TLS with other files from now on.
    ///
    /// # Panics
    /// If it does not take them.
    pub fn tls(&self, certificate: &str, key: &str, ca: &str) {
        self.plan.write_tls(certificate, key, ca);
        let _ = self.sql(match self.plan.product {
            Product::Mysql => "ALTER INSTANCE RELOAD TLS",
            Product::MariaDb => "FLUSH SSL",
        });
    }

    /// What it has logged.
    #[must_use]
    pub fn log(&self) -> String {
        let file = format!("{}.log", self.plan.product.server());
        std::fs::read_to_string(self.plan.folder.path().join(file)).unwrap_or_default()
    }

    /// Stops it and starts it again on the same port and folder.
    ///
    /// # Panics
    /// If it does not stop.
    pub fn restart(&mut self) {
        self.stop();
        self.process = launch(self.plan.product, self.plan.folder.path(), self.plan.port, &self.plan.options);
        self.process.wait_for_port(self.plan.port);
    }

    /// Stops it in good order.
    ///
    /// # Panics
    /// If it does not stop.
    pub fn stop(&mut self) {
        stop(&mut self.process, self.plan.folder.path());
    }
}

impl Drop for Mysql {
    /// Its data are thrown away, so it may be killed as it is.
    fn drop(&mut self) {
        self.process.kill();
    }
}

fn stop(process: &mut Process, folder: &Path) {
    process.signal("TERM");
    let start = Instant::now();
    while folder.join("pid").exists() {
        assert!(start.elapsed() < START_LIMIT, "the server does not stop");
        sleep(Duration::from_millis(20));
    }
    process.wait_until_gone();
}

fn execute(product: Product, folder: &Path, sql: &str) -> String {
    let statement = format!("--execute={sql}");
    let command = [
        product.client(),
        "--no-defaults",
        "--socket=/srv/work/socket",
        "--user=root",
        "--batch",
        "--skip-column-names",
        &statement,
    ];
    let output = run(product, folder, &command);
    let stdout = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
    assert!(output.status.success(), "{sql} failed:\n{stdout}{}", String::from_utf8_lossy(&output.stderr));
    stdout
}

fn enter(product: Product, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(repository().join("tests/peers/enter.sh"));
    command.arg(peer(product.recipe())).arg(USER).arg(folder).args(arguments);
    command
}

fn run(product: Product, folder: &Path, arguments: &[&str]) -> Output {
    enter(product, folder, arguments).output().expect("a shell")
}

/// The folder with initialised data, kept beside the build's own results. Whoever comes first makes it; of two that make
/// it at once, one is kept.
fn template(product: Product) -> PathBuf {
    let root = peer(product.recipe());
    let home = repository().join("target/testbed");
    let kept = home.join(root.file_name().unwrap_or_default());
    if kept.join("data").is_dir() {
        return kept;
    }
    std::fs::create_dir_all(&home).expect("a folder");
    let draft = tempfile::tempdir_in(&home).expect("a folder");
    let folder = draft.path();
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).expect("its mode");
    let made = run(product, folder, product.initialize());
    assert!(
        made.status.success(),
        "no data folder: {}{}",
        String::from_utf8_lossy(&made.stdout),
        String::from_utf8_lossy(&made.stderr)
    );
    let port = free_port();
    let mut process = launch(product, folder, port, &[]);
    process.wait_for_port(port);
    for sql in [
        "CREATE DATABASE dify CHARACTER SET utf8mb4",
        "CREATE USER 'dify'@'%' IDENTIFIED BY 'secret'",
        "GRANT ALL ON dify.* TO 'dify'@'%'",
        "CREATE USER 'admin'@'%' IDENTIFIED BY 'admin'",
        "GRANT ALL ON *.* TO 'admin'@'%' WITH GRANT OPTION",
    ] {
        execute(product, folder, sql);
    }
    stop(&mut process, folder);
    let _ = std::fs::rename(folder, &kept);
    kept
}
