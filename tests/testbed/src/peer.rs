//! Servers that are not in the Debian root: each has a recipe in `tests/peers/recipes`.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::process::repository;

/// The folder that a recipe filled; it is made once and kept under the user's cache.
///
/// # Panics
/// If it cannot be made.
#[must_use]
pub fn peer(name: &str) -> PathBuf {
    let script = repository().join("tests/peers/get.sh");
    let output = Command::new(&script).arg(name).stderr(Stdio::inherit()).output();
    let output = output.unwrap_or_else(|error| panic!("cannot run {}: {error}", script.display()));
    assert!(output.status.success(), "{} {name} failed", script.display());
    let text = String::from_utf8_lossy(&output.stdout);
    PathBuf::from(text.lines().last().unwrap_or_default())
}
