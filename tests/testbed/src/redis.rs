//! Real Redis servers and Sentinels.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::peer;
use crate::process::{Process, free_port, peers_root, repository};

/// How long a state such as "the replica is in step" may take on a busy machine.
const SETTLE_LIMIT: Duration = Duration::from_mins(1);

/// Which server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Product {
    /// Redis 8.
    #[default]
    Redis,
    /// Redis 7.0.
    Redis7,
    /// Valkey 8.1.
    Valkey,
}

impl Product {
    /// Starts its server in a folder, with these arguments.
    fn start(self, folder: &Path, arguments: &[&str]) -> Process {
        let (root, user, server) = match self {
            Self::Redis => (peers_root().to_owned(), "redis", "redis-server"),
            Self::Redis7 => (peer("redis-7"), "redis", "redis-server"),
            Self::Valkey => (peer("valkey"), "valkey", "valkey-server"),
        };
        let mut command = Command::new(repository().join("tests/peers/enter.sh"));
        command.arg(root).arg(user).arg(folder).arg(server).args(arguments);
        Process::spawn("redis", folder, command)
    }
}

/// A Redis that is not started yet; its port is known already.
pub struct RedisPlan {
    product: Product,
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
        Self::of(Product::default())
    }

    /// The same of another make.
    ///
    /// # Panics
    /// If no folder or port can be had.
    #[must_use]
    pub fn of(product: Product) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let arguments = ["--bind", "127.0.0.1", "--save", "", "--repl-diskless-sync-delay", "0"];
        Self { product, folder, port: free_port(), arguments: arguments.map(str::to_owned).to_vec() }
    }

    /// A node of a cluster that is not made yet.
    #[must_use]
    pub fn node(self) -> Self {
        let bus = free_port();
        self.set("cluster-enabled", "yes")
            .set("cluster-port", bus)
            .set("cluster-node-timeout", 1500)
            .set("dir", "/srv/work")
    }

    /// Adds a setting, such as `requirepass` and its value.
    #[must_use]
    pub fn set(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.arguments.push(format!("--{name}"));
        self.arguments.push(value.to_string());
        self
    }

    /// Adds one more value to the setting before.
    #[must_use]
    pub fn and(mut self, value: impl std::fmt::Display) -> Self {
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
        let process = self.launch(&[]);
        Redis { process, plan: self }
    }

    fn launch(&self, more: &[&str]) -> Process {
        let port = self.port.to_string();
        let mut arguments = vec!["--port", &port];
        arguments.extend(self.arguments.iter().map(String::as_str));
        arguments.extend(more);
        let mut process = self.product.start(self.folder.path(), &arguments);
        process.wait_for_port(self.port);
        process
    }
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

    /// Puts a folder where it will want to write a file, in `/srv/work`.
    ///
    /// # Panics
    /// If it cannot be made.
    pub fn occupy(&self, name: &str) {
        let folder = self.plan.folder.path().join(name);
        std::fs::create_dir(&folder).expect("a folder");
        std::fs::write(folder.join("full"), "").expect("a file");
    }

    /// Kills it and starts it again on the same port and folder, with more settings.
    pub fn restart(&mut self, more: &[&str]) {
        self.process.kill();
        self.process = self.plan.launch(more);
    }
}

/// A cluster of three masters with a replica each.
pub struct Cluster {
    /// Its nodes; which of them are masters, the cluster decides.
    pub nodes: Vec<Redis>,
    password: String,
}

impl Cluster {
    /// Starts one that wants a password, and waits until all its nodes say that it is whole.
    ///
    /// # Panics
    /// If it cannot be made.
    #[must_use]
    pub fn start(password: &str) -> Self {
        let plan = || RedisPlan::new().node().set("requirepass", password).set("masterauth", password);
        let nodes: Vec<Redis> = (0..6).map(|_| plan().start()).collect();
        let cluster = Self { nodes, password: password.to_owned() };
        let addresses: Vec<String> =
            cluster.nodes.iter().map(|node| format!("127.0.0.1:{}", node.port())).collect();
        let mut command = vec!["redis-cli", "-a", password, "--cluster", "create"];
        command.extend(addresses.iter().map(String::as_str));
        command.extend(["--cluster-replicas", "1", "--cluster-yes"]);
        let folder = tempfile::tempdir().expect("a folder");
        let _ = Process::run("redis", folder.path(), &command);
        for node in 0..cluster.nodes.len() {
            until(|| cluster.ask(node, &["CLUSTER", "INFO"]).contains("cluster_state:ok"));
            until(|| !cluster.is_replica(node) || cluster.ask(node, &["ROLE"]).contains("connected"));
        }
        // A replica that has been told nothing yet is in no table of slots.
        for master in cluster.masters() {
            assert_eq!(cluster.ask(master, &["FLUSHALL"]), "+OK");
        }
        for node in 0..cluster.nodes.len() {
            until(|| cluster.ask(node, &["CLUSTER", "SLOTS"]).matches("127.0.0.1").count() == 6);
        }
        cluster
    }

    /// One command at one node; its reply as one line.
    #[must_use]
    pub fn ask(&self, node: usize, command: &[&str]) -> String {
        self.nodes[node].ask(&[&["AUTH", &self.password], command])
    }

    /// Whether a node follows another.
    #[must_use]
    pub fn is_replica(&self, node: usize) -> bool {
        self.ask(node, &["ROLE"]).starts_with("slave")
    }

    /// The nodes that are masters now.
    #[must_use]
    pub fn masters(&self) -> Vec<usize> {
        (0..self.nodes.len()).filter(|node| !self.is_replica(*node)).collect()
    }

    /// The replicas of a master.
    #[must_use]
    pub fn replicas_of(&self, master: usize) -> Vec<usize> {
        let port = self.nodes[master].port().to_string();
        let follows =
            |node: &usize| self.ask(*node, &["ROLE"]).starts_with(&format!("slave 127.0.0.1 :{port} "));
        (0..self.nodes.len()).filter(follows).collect()
    }

    /// `127.0.0.1:PORT,...`
    #[must_use]
    pub fn addresses(&self) -> String {
        self.nodes.iter().map(|node| format!("127.0.0.1:{}", node.port())).collect::<Vec<_>>().join(",")
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
    #[must_use]
    pub fn start_alone(service: &str, master: u16, settings: &[&str]) -> Self {
        Self::start_with(service, master, settings, &[])
    }

    /// The same with files beside each; their paths as the Sentinels see them are `/srv/work/NAME`. `PORT` in a line is
    /// the Sentinel's own port.
    ///
    /// # Panics
    /// If they cannot be started.
    #[must_use]
    pub fn start_with(service: &str, master: u16, settings: &[&str], files: &[(&str, &str)]) -> Self {
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
            lines.extend(settings.iter().map(|line| line.replace("PORT", &port.to_string())));
            for (name, content) in files {
                std::fs::write(folder.path().join(name), content).expect("a file");
            }
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
