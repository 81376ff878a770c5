//! A command, where its program is found, and the environment it is given.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use preflight::ConfigError;

/// What all children are told.
pub(crate) struct Settings {
    pub(crate) deadline: Duration,
    pub(crate) grace: Duration,
    pub(crate) env_dir: Option<PathBuf>,
}

/// One command line.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    /// The program's name without its folder, as it is called in output.
    pub(crate) tool: String,
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<OsString>,
}

impl Command {
    /// Whether the verb is one that always ends with a result for each check.
    pub(crate) fn proves_something(&self) -> bool {
        self.arguments.first().is_some_and(|verb| verb == "wait" || verb == "check")
    }

    /// The tool with its verb, for a command that reports no check: `db-migrate install`.
    pub(crate) fn title(&self) -> String {
        match self.arguments.first().and_then(|verb| verb.to_str()) {
            Some(verb) if verb.chars().all(|c| c.is_ascii_alphabetic()) => format!("{} {verb}", self.tool),
            _ => self.tool.clone(),
        }
    }

    /// Ready to be started: output is JSON, and the one termination log is ours.
    pub(crate) fn prepare(&self, settings: &Settings) -> tokio::process::Command {
        let mut command = tokio::process::Command::new(&self.program);
        command
            .args(&self.arguments)
            .env("PREFLIGHT_OUTPUT", "json")
            .env("PREFLIGHT_TERMINATION_LOG", "/dev/null")
            .env("PREFLIGHT_DEADLINE", milliseconds(settings.deadline))
            .env("PREFLIGHT_GRACE", milliseconds(settings.grace))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        if let Some(dir) = &settings.env_dir {
            command.env("PREFLIGHT_ENV_DIR", dir);
        }
        command
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{}ms", time.as_millis())
}

/// Finds a program as a shell would, and after that beside our own executable, so that a folder with all
/// binaries works without being on `PATH`.
pub(crate) fn find(words: &[OsString], path: &str) -> Result<Command, ConfigError> {
    let Some((name, arguments)) = words.split_first() else {
        return Err(ConfigError::new("--", "a command is empty"));
    };
    let shown = name.to_string_lossy();
    let program = if shown.contains('/') {
        Some(PathBuf::from(name)).filter(|program| is_program(program))
    } else {
        std::env::split_paths(path)
            .filter(|folder| folder.is_absolute())
            .chain(std::env::current_exe().ok().and_then(|own| own.parent().map(Path::to_owned)))
            .map(|folder| folder.join(name))
            .find(|program| is_program(program))
    };
    let program = program.ok_or_else(|| {
        ConfigError::new(shown.as_ref(), "is no program that can be started")
            .hint("give its full path, or put it on PATH or beside gate")
    })?;
    let tool = Path::new(name).file_name().unwrap_or(name).to_string_lossy().into_owned();
    Ok(Command { tool, program, arguments: arguments.to_vec() })
}

fn is_program(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn a_program_is_found_on_the_path_or_by_its_path() {
        assert_eq!(find(&words("sh -c"), "/usr/bin:/bin").unwrap().tool, "sh");
        assert_eq!(find(&words("/bin/sh"), "").unwrap().tool, "sh");
        let error = find(&words("no-such-tool wait"), "/bin").unwrap_err();
        assert_eq!(error.key, "no-such-tool");
    }

    #[test]
    fn a_folder_is_no_program() {
        assert!(find(&words("/bin"), "").is_err());
    }

    #[test]
    fn a_command_is_titled_by_its_verb() {
        let command = |text| find(&words(text), "/bin").unwrap();
        assert_eq!(command("sh install /preflight").title(), "sh install");
        assert_eq!(command("sh -c").title(), "sh");
        assert!(command("sh wait").proves_something() && !command("sh install").proves_something());
    }
}
