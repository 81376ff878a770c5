//! The tables of states: what a tool says of a server in a given state.
//!
//! Each tool keeps one table, `states.toml`. The integration tests bring a server into every one of these
//! states and compare; the pages in `docs/` print the same rows. So what the docs promise is what was seen.

mod pattern;

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;

pub use pattern::matches;

/// How it is known that a row is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Proof {
    /// The real server was brought into the state.
    Real,
    /// Another real server that speaks the same protocol was brought into the state in its place.
    Related,
    /// A stand-in answered as the vendor's documentation, or a recording, says.
    Recorded,
    /// No server is needed: the tool's own input decides.
    Local,
}

impl Proof {
    /// The word used in the docs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Real => "real server",
            Self::Related => "related server",
            Self::Recorded => "recorded answer",
            Self::Local => "no server needed",
        }
    }
}

/// One row: a server, the state that it is in, and what the tool then finds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// `server/state`, unique in its table.
    pub id: String,
    /// The server and the version it was proven with.
    pub server: String,
    /// The state, in words.
    pub when: String,
    /// `ready`, `not_yet`, `suspect` or `never`.
    pub class: String,
    /// Where the try ended.
    pub hop: String,
    /// The server's own code.
    pub code: Option<String>,
    /// Exit code of `check`.
    pub exit: i32,
    /// The sentence; `*` stands for what differs from case to case.
    pub says: String,
    /// The cure; `*` as above.
    pub hint: Option<String>,
    /// A warning that must be among those printed; `*` as above.
    pub warning: Option<String>,
    /// How it is known.
    pub proof: Proof,
}

/// All rows of a tool.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The day on which all of them were last seen to hold, as in 2026-11-23.
    #[serde(default)]
    pub date: String,
    /// The rows.
    #[serde(default, rename = "state")]
    pub states: Vec<State>,
}

/// Reads the table of a crate's folder, and checks that every row is sound.
///
/// # Errors
/// A sentence that names the row, for a file that cannot be read, a word that is not in the vocabulary, or an id that
/// stands twice.
pub fn read(folder: &Path) -> Result<Table, String> {
    let path = folder.join("states.toml");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let table: Table = toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut ids = BTreeSet::new();
    for state in &table.states {
        state.check().map_err(|problem| format!("{}: {}: {problem}", path.display(), state.id))?;
        if !ids.insert(&state.id) {
            return Err(format!("{}: {} stands twice", path.display(), state.id));
        }
    }
    Ok(table)
}

impl State {
    fn check(&self) -> Result<(), String> {
        let word = |text: &str| {
            !text.is_empty()
                && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c))
        };
        if !self.id.split_once('/').is_some_and(|(server, state)| word(server) && word(state)) {
            return Err("is not of the form server/state in kebab-case".to_owned());
        }
        if !["ready", "not_yet", "suspect", "never"].contains(&self.class.as_str()) {
            return Err(format!("{:?} is no class", self.class));
        }
        if !["config", "dns", "tcp", "tls", "proxy", "auth", "permission", "state"]
            .contains(&self.hop.as_str())
        {
            return Err(format!("{:?} is no hop", self.hop));
        }
        if (self.class == "ready") != (self.exit == 0) {
            return Err(format!("{} and exit code {} do not go together", self.class, self.exit));
        }
        if self.server.is_empty() || self.when.is_empty() || self.says.is_empty() {
            return Err("server, when and says must not be empty".to_owned());
        }
        // The heading says which server was had: the proof must not say more.
        if self.proof == Proof::Real && self.server.contains("in its place") {
            return Err("proof is real, but another server was in its place: say related".to_owned());
        }
        if self.says.trim() == "*" {
            return Err("says must hold words".to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Result<(), String> {
        toml::from_str::<State>(text).map_err(|error| error.to_string())?.check()
    }

    const GOOD: &str = r#"
        id = "redis/loading"
        server = "Redis 8"
        when = "it reads its dump"
        class = "not_yet"
        hop = "state"
        code = "LOADING"
        exit = 75
        says = "still loads *"
        proof = "real"
    "#;

    #[test]
    fn a_row_is_read() {
        assert_eq!(row(GOOD), Ok(()));
    }

    #[test]
    fn a_row_outside_the_vocabulary_is_refused() {
        for (from, to) in [
            ("redis/loading", "Redis loading"),
            ("not_yet", "maybe"),
            ("\"state\"", "\"network\""),
            ("exit = 75", "exit = 0"),
            ("still loads *", "*"),
            ("proof = \"real\"", "proof = \"hearsay\""),
            ("Redis 8", "KeyDB (Redis 8 in its place)"),
        ] {
            assert!(row(&GOOD.replace(from, to)).is_err(), "{to}");
        }
    }
}
