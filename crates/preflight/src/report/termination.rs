//! The message that `kubectl describe pod` shows for an ended container.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::text;
use crate::env::ConfigError;
use crate::wait::{Outcome, seconds};

/// Kubernetes' default for `terminationMessagePath`.
const DEFAULT: &str = "/dev/termination-log";
/// The kubelet keeps no more of it.
const LIMIT: usize = 4096;

/// Where the final message goes, if anywhere.
pub struct Termination(Option<PathBuf>);

impl Termination {
    /// Opens the file that was asked for, or the default where Kubernetes has put it.
    /// A file that was asked for and cannot be written is an error now, not when it is needed.
    pub fn open(asked: Option<&Path>) -> Result<Self, ConfigError> {
        if let Some(path) = asked {
            OpenOptions::new().create(true).append(true).open(path).map_err(|error| {
                ConfigError::new(
                    "--termination-log (PREFLIGHT_TERMINATION_LOG)",
                    format!("cannot write {}: {error}", path.display()),
                )
            })?;
            return Ok(Self(Some(path.to_owned())));
        }
        let default = Path::new(DEFAULT);
        Ok(Self(default.exists().then(|| default.to_owned())))
    }

    /// Keeps nothing.
    #[must_use]
    pub fn nowhere() -> Self {
        Self(None)
    }

    /// Replaces the message. Failing to write it must not change how the program ends.
    pub fn write(&self, message: &str) {
        let Some(path) = &self.0 else { return };
        let mut end = message.len().min(LIMIT);
        while !message.is_char_boundary(end) {
            end -= 1;
        }
        if let Ok(mut file) = OpenOptions::new().create(true).write(true).truncate(true).open(path) {
            let _ = file.write_all(&message.as_bytes()[..end]);
        }
    }
}

/// What stopped us, or, if nothing did, what took long.
pub(super) fn message(tool: &str, outcomes: &[Outcome]) -> String {
    let failed: Vec<String> = outcomes
        .iter()
        .filter(|outcome| !outcome.finding.is_ready())
        .map(|outcome| format!("{tool}: {}", text::outcome(outcome)))
        .collect();
    if !failed.is_empty() {
        return failed.join("\n");
    }
    outcomes.iter().map(|outcome| format!("{tool}: {}", ready(outcome))).collect::<Vec<_>>().join("\n")
}

fn ready(outcome: &Outcome) -> String {
    let mut text = text::subject(&outcome.check, &outcome.target);
    text.push_str(&format!(": {} after {}", outcome.finding.verdict(), seconds(outcome.elapsed)));
    if let Some(waited) = &outcome.waited {
        text.push_str(&format!(", waited {}: {}", seconds(waited.time), waited.finding.message));
    }
    for warning in &outcome.finding.warnings {
        text.push_str("; warning: ");
        text.push_str(warning);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        Termination::open(Some(&path)).unwrap().write(&"ä".repeat(4000));
        let written = std::fs::read_to_string(&path).unwrap();
        assert_eq!(written.len(), LIMIT);
    }

    #[test]
    fn a_file_that_cannot_be_written_is_named_at_once() {
        let error = Termination::open(Some(Path::new("/proc/none/log"))).err().unwrap();
        assert!(error.key.contains("PREFLIGHT_TERMINATION_LOG"));
    }
}
