//! Starting and stopping one server of the peers root.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a server may take to accept connections on a busy machine.
const START_LIMIT: Duration = Duration::from_mins(1);

/// The repository's root folder.
#[must_use]
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).map(Path::to_owned).unwrap_or_default()
}

/// The folder with Debian's servers; built by `tests/peers/root.sh` when it is not there yet.
///
/// # Panics
/// If it cannot be built: no test of a real server can run then.
#[must_use]
pub fn peers_root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let script = repository().join("tests/peers/root.sh");
        let output = Command::new(&script).stderr(Stdio::inherit()).output();
        let output = output.unwrap_or_else(|error| panic!("cannot run {}: {error}", script.display()));
        assert!(output.status.success(), "{} failed", script.display());
        let text = String::from_utf8_lossy(&output.stdout);
        PathBuf::from(text.lines().last().unwrap_or_default())
    })
}

/// A TCP port of 127.0.0.1 that was free a moment ago.
///
/// # Panics
/// If no port is free.
#[must_use]
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}

/// A running server. Killed and reaped when dropped.
pub struct Process {
    child: Child,
    name: String,
}

impl Process {
    /// Starts `arguments` as `user` inside the peers root; `folder` is its `/srv/work`.
    /// What it prints goes to `folder/NAME.log`.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn start(name: &str, user: &str, folder: &Path, arguments: &[&str]) -> Self {
        let log = std::fs::File::create(folder.join(format!("{name}.log"))).expect("a log file");
        let child = Self::command(user, folder, arguments)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a second handle"))
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {name}: {error}"));
        Self { child, name: name.to_owned() }
    }

    /// Starts a program of a recipe, outside the peers root. What it prints goes to `folder/NAME.log`.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn spawn(name: &str, folder: &Path, mut command: Command) -> Self {
        let log = std::fs::File::create(folder.join(format!("{name}.log"))).expect("a log file");
        let command =
            command.stdin(Stdio::null()).stdout(log.try_clone().expect("a second handle")).stderr(log);
        let child = command.spawn().unwrap_or_else(|error| panic!("cannot start {name}: {error}"));
        Self { child, name: name.to_owned() }
    }

    /// Runs `arguments` inside the peers root to their end and returns what they printed.
    ///
    /// # Panics
    /// If they fail.
    #[must_use]
    pub fn run(user: &str, folder: &Path, arguments: &[&str]) -> String {
        let output = Self::command(user, folder, arguments).stdin(Stdio::null()).output().expect("a shell");
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?} failed:\n{stdout}{stderr}");
        stdout
    }

    fn command(user: &str, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(repository().join("tests/peers/enter.sh"));
        command.arg(peers_root()).arg(user).arg(folder).args(arguments);
        command
    }

    /// Waits until something accepts connections on a port.
    ///
    /// # Panics
    /// If the server ends before, or takes too long.
    pub fn wait_for_port(&mut self, port: u16) {
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if let Ok(Some(status)) = self.child.try_wait() {
                panic!("{} ended before it listened on port {port}: {status}", self.name);
            }
            assert!(start.elapsed() < START_LIMIT, "{} does not listen on port {port}", self.name);
            sleep(Duration::from_millis(20));
        }
    }

    /// The process id, for signals.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by name, such as `STOP` or `TERM`.
    ///
    /// # Panics
    /// If the process is gone.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").arg(format!("-{name}")).arg(self.pid().to_string()).status();
        assert!(status.is_ok_and(|status| status.success()), "cannot signal {}", self.name);
    }

    /// Waits for the end that a signal has asked for.
    pub fn wait_until_gone(&mut self) {
        let _ = self.child.wait();
    }

    /// Kills the server and waits until it is gone.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
