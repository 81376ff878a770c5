//! Real Redis servers and Sentinels.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::process::{Process, free_port};

/// How long a state such as "the replica is in step" may take on a busy machine.
const SETTLE_LIMIT: Duration = Duration::from_mins(1);

/// A Redis that is not started yet; its port is known already.
pub struct RedisPlan {
    folder: TempDir,
    /// Where it will listen on 127.0.0.1.
    pub port: u16,
    arguments: Vec<String>,
}

impl Default for RedisPlan {
    fn default() -> Self {
        Self::new()
    }
}

impl RedisPlan {
    /// A Redis without a password that keeps nothing on disk unless told to.
    ///
    /// # Panics
    /// If no folder or port can be had.
    #[must_use]
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let arguments = ["--bind", "127.0.0.1", "--save", "", "--repl-diskless-sync-delay", "0"];
        Self { folder, port: free_port(), arguments: arguments.map(str::to_owned).to_vec() }
    }

    /// Adds a setting, such as `requirepass` and its value.
    #[must_use]
    pub fn set(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.arguments.push(format!("--{name}"));
        self.arguments.push(value.to_string());
        self
    }

    /// Puts a file beside the server; its path as the server sees it is `/srv/work/NAME`.
    ///
    /// # Panics
    /// If it cannot be written.
    #[must_use]
    pub fn file(self, name: &str, content: &str) -> Self {
        std::fs::write(self.folder.path().join(name), content).expect("a file");
        self
    }

    /// Listens for TLS only. The files are PEM; clients need a certificate of the same CA if `client_certificates`.
    #[must_use]
    pub fn tls(self, certificate: &str, key: &str, ca: &str, client_certificates: bool) -> Self {
        let port = self.port;
        self.file("server.pem", certificate)
            .file("server.key", key)
            .file("ca.pem", ca)
            .set("tls-port", port)
            // The server changes its folder before it reads these.
            .set("tls-cert-file", "/srv/work/server.pem")
            .set("tls-key-file", "/srv/work/server.key")
            .set("tls-ca-cert-file", "/srv/work/ca.pem")
            .set("tls-auth-clients", if client_certificates { "yes" } else { "no" })
            .set("port", 0)
    }

    /// Starts it and waits until it listens.
    #[must_use]
    pub fn start(self) -> Redis {
        let process = launch(self.folder.path(), self.port, &self.arguments, &[]);
        Redis { process, plan: self }
    }
}

fn launch(folder: &Path, port: u16, arguments: &[String], more: &[&str]) -> Process {
    let port_text = port.to_string();
    let mut command = vec!["redis-server", "--port", &port_text];
    command.extend(arguments.iter().map(String::as_str));
    command.extend(more);
    let mut process = Process::start("redis", "redis", folder, &command);
    process.wait_for_port(port);
    process
}

/// A running Redis.
pub struct Redis {
    /// The server's process, for signals.
    pub process: Process,
    plan: RedisPlan,
}

impl Redis {
    /// Starts a Redis without a password.
    #[must_use]
    pub fn start() -> Self {
        RedisPlan::new().start()
    }

    /// Where it listens on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.plan.port
    }

    /// Runs commands one after the other on one plain connection; the last reply as one line.
    ///
    /// # Panics
    /// If the server cannot be talked to.
    #[must_use]
    pub fn ask(&self, commands: &[&[&str]]) -> String {
        ask(self.plan.port, commands)
    }

    /// Kills it and starts it again on the same port and folder, with more settings.
    pub fn restart(&mut self, more: &[&str]) {
        self.process.kill();
        self.process = launch(self.plan.folder.path(), self.plan.port, &self.plan.arguments, more);
    }
}

/// Sentinels that watch one master.
pub struct Sentinels {
    /// Where they listen on 127.0.0.1.
    pub ports: Vec<u16>,
    /// Their processes.
    pub processes: Vec<Process>,
    folders: Vec<TempDir>,
}

impl Sentinels {
    /// Starts three that call the Redis at `master` by the name `service`, and waits until they know each other.
    /// `settings` are lines of `sentinel.conf`.
    #[must_use]
    pub fn start(service: &str, master: u16, settings: &[&str]) -> Self {
        let started = Self::start_alone(service, master, settings);
        let login: Vec<&str> = settings.iter().filter_map(|line| line.strip_prefix("requirepass ")).collect();
        for port in &started.ports {
            until(|| {
                let mut commands: Vec<Vec<&str>> =
                    login.iter().map(|password| vec!["AUTH", *password]).collect();
                commands.push(vec!["SENTINEL", "CKQUORUM", service]);
                let commands: Vec<&[&str]> = commands.iter().map(Vec::as_slice).collect();
                ask(*port, &commands).starts_with("+OK 3 usable")
            });
        }
        started
    }

    /// The same without waiting.
    ///
    /// # Panics
    /// If they cannot be started.
    #[must_use]
    pub fn start_alone(service: &str, master: u16, settings: &[&str]) -> Self {
        let mut sentinels = Self { ports: Vec::new(), processes: Vec::new(), folders: Vec::new() };
        for _ in 0..3 {
            let (folder, port) = (tempfile::tempdir().expect("a folder"), free_port());
            let mut lines = vec![
                format!("port {port}"),
                "bind 127.0.0.1".to_owned(),
                "dir /srv/work".to_owned(),
                format!("sentinel monitor {service} 127.0.0.1 {master} 2"),
                format!("sentinel down-after-milliseconds {service} 1000"),
                format!("sentinel failover-timeout {service} 3000"),
            ];
            lines.extend(settings.iter().map(|line| (*line).to_owned()));
            let file = folder.path().join("sentinel.conf");
            std::fs::write(&file, lines.join("\n")).expect("a file");
            // A Sentinel writes what it learns into its own configuration.
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o666)).expect("its mode");
            let command = ["redis-sentinel", "/srv/work/sentinel.conf"];
            let mut process = Process::start("sentinel", "redis", folder.path(), &command);
            process.wait_for_port(port);
            sentinels.ports.push(port);
            sentinels.processes.push(process);
            sentinels.folders.push(folder);
        }
        sentinels
    }

    /// What a Sentinel wrote into its own configuration.
    ///
    /// # Panics
    /// If it cannot be read.
    #[must_use]
    pub fn configuration(&self, index: usize) -> String {
        std::fs::read_to_string(self.folders[index].path().join("sentinel.conf")).expect("a file")
    }

    /// `127.0.0.1:PORT,...`
    #[must_use]
    pub fn addresses(&self) -> String {
        self.ports.iter().map(|port| format!("127.0.0.1:{port}")).collect::<Vec<_>>().join(",")
    }
}

/// Waits until something is so.
///
/// # Panics
/// If it takes too long.
pub fn until(mut so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !so() {
        assert!(start.elapsed() < SETTLE_LIMIT, "it does not come to that");
        sleep(Duration::from_millis(50));
    }
}

/// Runs commands one after the other on one plain connection to a port of 127.0.0.1; the last reply as one line.
///
/// # Panics
/// If the server cannot be talked to.
#[must_use]
pub fn ask(port: u16, commands: &[&[&str]]) -> String {
    let mut stream = BufReader::new(TcpStream::connect(("127.0.0.1", port)).expect("a connection"));
    let mut reply = String::new();
    for command in commands {
        let mut request = format!("*{}\r\n", command.len());
        for word in *command {
            request.push_str(&format!("${}\r\n{word}\r\n", word.len()));
        }
        stream.get_mut().write_all(request.as_bytes()).expect("sent");
        reply = read(&mut stream);
    }
    reply
}

fn read(stream: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    stream.read_line(&mut line).expect("a reply");
    let line = line.trim_end().to_owned();
    let count = || line.get(1..).and_then(|count| count.parse::<i64>().ok()).unwrap_or(-1);
    match line.as_bytes().first() {
        Some(b'$') => {
            let Ok(length) = usize::try_from(count()) else { return String::new() };
            let mut bytes = vec![0; length + 2];
            stream.read_exact(&mut bytes).expect("the text");
            String::from_utf8_lossy(&bytes[..length]).into_owned()
        }
        Some(b'*') => (0..count()).map(|_| read(stream)).collect::<Vec<_>>().join(" "),
        _ => line,
    }
}
