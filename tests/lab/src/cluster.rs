//! Calling `kubectl` and `helm` on one cluster.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A command that failed, with what it said.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command could not be started.
    #[error("cannot run {0}: {1}")]
    Start(String, std::io::Error),
    /// It ended with an error.
    #[error("{0} failed: {1}")]
    Failed(String, String),
    /// It printed something that is not what was asked for.
    #[error("{0} printed something unexpected: {1}")]
    Output(String, String),
}

/// One cluster: a kubeconfig file and a context in it.
#[derive(Clone, Debug, Default)]
pub struct Cluster {
    /// `--kubeconfig`; the usual places if not given.
    pub kubeconfig: Option<PathBuf>,
    /// `--context`; the current one if not given.
    pub context: Option<String>,
}

impl Cluster {
    /// Runs `kubectl` and returns what it printed.
    pub fn kubectl(&self, arguments: &[&str]) -> Result<String, Error> {
        run(self.with_cluster("kubectl", "--context", arguments), None)
    }

    /// Runs `kubectl` with a manifest on its standard input.
    pub fn kubectl_with(&self, arguments: &[&str], manifest: &str) -> Result<String, Error> {
        run(self.with_cluster("kubectl", "--context", arguments), Some(manifest))
    }

    /// Runs `kubectl ... -o json`.
    pub fn json(&self, arguments: &[&str]) -> Result<Value, Error> {
        let text = self.kubectl(&[arguments, &["-o", "json"]].concat())?;
        serde_json::from_str(&text).map_err(|error| Error::Output("kubectl".to_owned(), error.to_string()))
    }

    /// Runs `helm` and returns what it printed.
    pub fn helm(&self, arguments: &[&str]) -> Result<String, Error> {
        run(self.with_cluster("helm", "--kube-context", arguments), None)
    }

    fn with_cluster(&self, program: &str, context_flag: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        if let Some(kubeconfig) = &self.kubeconfig {
            command.arg("--kubeconfig").arg(kubeconfig);
        }
        if let Some(context) = &self.context {
            command.arg(context_flag).arg(context);
        }
        command.args(arguments);
        command
    }
}

fn run(mut command: Command, input: Option<&str>) -> Result<String, Error> {
    let shown = shown(&command);
    let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
    let output = command
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .and_then(|mut child| {
            if let (Some(text), Some(mut pipe)) = (input, child.stdin.take()) {
                pipe.write_all(text.as_bytes())?;
            }
            child.wait_with_output()
        })
        .map_err(|error| Error::Start(shown.clone(), error))?;
    text(output).map_err(|message| Error::Failed(shown, message))
}

fn text(output: Output) -> Result<String, String> {
    if output.status.success() {
        return String::from_utf8(output.stdout).map_err(|error| error.to_string());
    }
    Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
