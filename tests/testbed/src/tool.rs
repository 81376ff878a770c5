//! Running one of our binaries as a user would, in an environment that holds nothing else.

use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A call that is being put together.
pub struct Tool {
    command: Command,
}

/// How a call ended.
#[derive(Debug)]
pub struct Run {
    /// Exit code; a signal counts as 128 and its number.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// From start to end.
    pub time: Duration,
}

impl Tool {
    /// `Tool::new(env!("CARGO_BIN_EXE_redis-check"))`.
    #[must_use]
    pub fn new(binary: impl AsRef<Path>) -> Self {
        let mut command = Command::new(binary.as_ref());
        command.env_clear().stdin(Stdio::null());
        Self { command }
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<'a>(mut self, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Sets one variable.
    #[must_use]
    #[allow(clippy::needless_pass_by_value, reason = "a port and a text are given in the same way")]
    pub fn env(mut self, name: &str, value: impl ToString) -> Self {
        self.command.env(name, value.to_string());
        self
    }

    /// Sets several variables.
    #[must_use]
    pub fn envs<'a>(mut self, pairs: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        self.command.envs(pairs);
        self
    }

    /// Runs in a folder.
    #[must_use]
    pub fn current_dir(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Runs it to its end.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn run(self) -> Run {
        self.spawn().wait()
    }

    /// Starts it.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn spawn(mut self) -> Running {
        let started = Instant::now();
        let child = self.command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        Running { child: child.expect("the binary starts"), started }
    }
}

/// A call under way.
pub struct Running {
    child: Child,
    started: Instant,
}

impl Running {
    /// The process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by name.
    pub fn signal(&self, name: &str) {
        let _ = Command::new("kill").arg(format!("-{name}")).arg(self.pid().to_string()).status();
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// If its output cannot be read.
    #[must_use]
    pub fn wait(mut self) -> Run {
        use std::os::unix::process::ExitStatusExt as _;
        let mut stderr = self.child.stderr.take().expect("a pipe");
        let reader = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = stderr.read_to_string(&mut text);
            text
        });
        let mut stdout = String::new();
        let _ = self.child.stdout.take().expect("a pipe").read_to_string(&mut stdout);
        let status = self.child.wait().expect("its end");
        let time = self.started.elapsed();
        let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(-1);
        Run { code, stdout, stderr: reader.join().unwrap_or_default(), time }
    }
}

impl Run {
    /// Everything that was printed.
    #[must_use]
    pub fn output(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// Asserts the exit code and that the output holds each text.
    ///
    /// # Panics
    /// If not so.
    pub fn expect(&self, code: i32, texts: &[&str]) {
        assert_eq!(self.code, code, "{}", self.output());
        for text in texts {
            assert!(self.output().contains(text), "no {text:?} in:\n{}", self.output());
        }
    }

    /// Asserts that a secret is nowhere in the output.
    ///
    /// # Panics
    /// If it is.
    pub fn expect_no(&self, secret: &str) {
        assert!(!self.output().contains(secret), "a secret is in the output");
    }
}
