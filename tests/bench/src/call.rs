//! A command line with its environment, run plainly or as the first process of a container would be.

use std::path::{Path, PathBuf};

use testbed::Tool;

/// What is to be run.
#[derive(Clone)]
pub(crate) struct Call {
    words: Vec<String>,
    variables: Vec<(&'static str, String)>,
}

impl Call {
    pub(crate) fn new(program: &Path) -> Self {
        Self::of(vec![program.display().to_string()])
    }

    /// A program that has to be called with several words.
    pub(crate) fn of(words: Vec<String>) -> Self {
        Self { words, variables: Vec::new() }
    }

    pub(crate) fn args<'a>(mut self, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        self.words.extend(arguments.into_iter().map(str::to_owned));
        self
    }

    /// Sets a variable; the last value counts.
    #[allow(clippy::needless_pass_by_value, reason = "a port and a text are given in the same way")]
    pub(crate) fn env(mut self, name: &'static str, value: impl ToString) -> Self {
        self.variables.push((name, value.to_string()));
        self
    }

    /// Sets several.
    pub(crate) fn envs(mut self, variables: Vec<(&'static str, String)>) -> Self {
        self.variables.extend(variables);
        self
    }

    /// Called by other words, which take this call as theirs.
    pub(crate) fn behind(mut self, mut words: Vec<String>) -> Self {
        words.append(&mut self.words);
        Self { words, ..self }
    }

    /// As it is.
    pub(crate) fn tool(&self) -> Tool {
        with(&self.words, &self.variables)
    }

    /// As process 1 of a process namespace of its own: the kernel gives that one no signal which it does not handle.
    /// Its parent ends with its exit code, and takes it along.
    pub(crate) fn as_process_one(&self) -> Option<Tool> {
        let unshare = on_path("unshare")?.display().to_string();
        let prefix = [&unshare, "--pid", "--fork", "--kill-child", "--"].map(str::to_owned);
        Some(with(&[&prefix, self.words.as_slice()].concat(), &self.variables))
    }
}

fn with(words: &[String], variables: &[(&'static str, String)]) -> Tool {
    let (program, arguments) =
        words.split_first().map_or(("", words), |(first, rest)| (first.as_str(), rest));
    Tool::new(program).args(arguments.iter().map(String::as_str)).envs(variables.iter().cloned())
}

/// Where a program is.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
