//! The components that hold keys.

use std::fmt;

/// A component, as far as its keys go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    Api,
    Worker,
    Daemon,
    Sandbox,
    Agent,
    LocalSandbox,
    Weaviate,
}

/// The words for `--holder`; the first of each is the name of the component.
const WORDS: &[(Role, &[&str])] = &[
    (Role::Api, &["api", "api-websocket", "ws", "migration"]),
    (Role::Worker, &["worker", "beat"]),
    (Role::Daemon, &["plugin-daemon", "daemon"]),
    (Role::Sandbox, &["sandbox"]),
    (Role::Agent, &["agent-backend", "agent"]),
    (Role::LocalSandbox, &["local-sandbox"]),
    (Role::Weaviate, &["weaviate"]),
];

impl Role {
    /// The component that a word of `--holder` names.
    pub(crate) fn parse(word: &str) -> Result<Self, String> {
        let found = WORDS.iter().find(|(_, words)| words.contains(&word));
        found.map(|(role, _)| *role).ok_or_else(|| {
            let known: Vec<&str> = WORDS.iter().flat_map(|(_, words)| words.iter().copied()).collect();
            format!("{word:?} is no component; use one of {}", known.join(", "))
        })
    }

    /// What it is called in sentences.
    pub(crate) fn as_str(self) -> &'static str {
        WORDS.iter().find(|(role, _)| *role == self).map_or("", |(_, words)| words[0])
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
