//! What one look at a dependency found.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How a finding bears on waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The dependency was asked and is usable.
    Ready,
    /// It is not usable yet, and time alone may cure that: waited for until the deadline.
    NotYet,
    /// Time alone seldom cures it, but a Secret or a role may still be on its way: waited for during the grace period.
    Suspect,
    /// Nothing but a changed configuration cures it: ends at once.
    Never,
}

impl Class {
    /// The word used in text and JSON output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::NotYet => "not_yet",
            Self::Suspect => "suspect",
            Self::Never => "never",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The step on the way to a usable dependency at which a try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Hop {
    /// Our own input: a variable, a file, a flag.
    Config,
    /// Turning a name into an address.
    Dns,
    /// Reaching the address and getting bytes back.
    Tcp,
    /// The TLS handshake or a certificate.
    Tls,
    /// Something in between that answers for the server (PgBouncer, Sentinel, an HTTP proxy).
    Proxy,
    /// The server does not accept the credential.
    Auth,
    /// The credential is accepted but may not do what Dify does.
    Permission,
    /// The server answers and lets us in, but is not in the state that Dify needs.
    State,
}

impl Hop {
    /// The word used in text and JSON output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Dns => "dns",
            Self::Tcp => "tcp",
            Self::Tls => "tls",
            Self::Proxy => "proxy",
            Self::Auth => "auth",
            Self::Permission => "permission",
            Self::State => "state",
        }
    }
}

impl fmt::Display for Hop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How much a ready finding proves, where that is less than that the dependency is usable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// Something accepts connections there; the credential was not tried, because only the vendor's own client can.
    ReachabilityOnly,
}

impl Proof {
    /// The words used in text output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReachabilityOnly => "reachability only",
        }
    }
}

/// The result of one try: a class, the hop it ended at, the server's own code, one sentence and one hint.
///
/// The sentence says what happened and to what; the hint says the next thing to do. Neither may hold a
/// secret: whoever builds a finding uses [`crate::Secret`] for what must not be seen, and every output
/// passes through [`crate::redact`] all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// How it bears on waiting.
    pub class: Class,
    /// Where the try ended.
    pub hop: Hop,
    /// The server's (or the operating system's) own code, such as `28P01`, `NOAUTH` or `ECONNREFUSED`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// One sentence, without a full stop.
    pub message: String,
    /// The next thing to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Things that do not stop Dify now but will be felt later.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Set where ready means less than usable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
}

impl Finding {
    fn new(class: Class, hop: Hop, message: impl Into<String>) -> Self {
        Self {
            class,
            hop,
            code: None,
            message: message.into(),
            hint: None,
            warnings: Vec::new(),
            proof: None,
        }
    }

    /// The dependency is usable; the message says what was proven.
    #[must_use]
    pub fn ready(message: impl Into<String>) -> Self {
        Self::new(Class::Ready, Hop::State, message)
    }

    /// Something accepts connections; nothing more was proven.
    #[must_use]
    pub fn reachable(message: impl Into<String>) -> Self {
        Self { proof: Some(Proof::ReachabilityOnly), ..Self::ready(message) }
    }

    /// The class as a word, with how much it proves where that is less than usual.
    #[must_use]
    pub fn verdict(&self) -> String {
        let word = match self.class {
            Class::Ready => "ready",
            Class::NotYet => "not yet",
            Class::Suspect => "suspect",
            Class::Never => "failed",
        };
        self.proof.map_or_else(|| word.to_owned(), |proof| format!("{word} ({})", proof.as_str()))
    }

    /// Not usable yet.
    #[must_use]
    pub fn not_yet(hop: Hop, message: impl Into<String>) -> Self {
        Self::new(Class::NotYet, hop, message)
    }

    /// Probably a mistake, possibly still being provisioned.
    #[must_use]
    pub fn suspect(hop: Hop, message: impl Into<String>) -> Self {
        Self::new(Class::Suspect, hop, message)
    }

    /// Hopeless without a change of configuration.
    #[must_use]
    pub fn never(hop: Hop, message: impl Into<String>) -> Self {
        Self::new(Class::Never, hop, message)
    }

    /// Adds the server's own code.
    #[must_use]
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Adds the next thing to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds a warning.
    #[must_use]
    pub fn warning(mut self, warning: impl Into<String>) -> Self {
        self.warnings.push(warning.into());
        self
    }

    /// Whether the dependency is usable.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.class == Class::Ready
    }

    /// Whether both say the same for somebody who watches: a new line is worth printing only when they do not.
    #[must_use]
    pub fn same_state(&self, other: &Self) -> bool {
        self.class == other.class && self.hop == other.hop && self.code == other.code
    }
}

/// `message (CODE); hint`: the one line that a user sees.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(code) = &self.code {
            write!(f, " ({code})")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "; {hint}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_holds_message_code_and_hint() {
        let finding = Finding::suspect(Hop::Auth, "wrong password for user \"dify\" at postgres:5432")
            .code("28P01")
            .hint("check DB_PASSWORD");
        assert_eq!(
            finding.to_string(),
            "wrong password for user \"dify\" at postgres:5432 (28P01); check DB_PASSWORD"
        );
    }

    #[test]
    fn what_was_only_reached_says_so() {
        let finding = Finding::reachable("oracle:1521 accepts connections");
        assert!(finding.is_ready());
        assert_eq!(finding.verdict(), "ready (reachability only)");
        let line = serde_json::to_value(&finding).unwrap();
        assert_eq!(line["proof"], "reachability_only");
        assert!(serde_json::to_value(Finding::ready("all is well")).unwrap().get("proof").is_none());
    }

    #[test]
    fn a_new_sentence_alone_is_no_new_state() {
        let a = Finding::not_yet(Hop::Tcp, "try 1").code("ECONNREFUSED");
        let b = Finding::not_yet(Hop::Tcp, "try 2").code("ECONNREFUSED");
        assert!(a.same_state(&b));
        assert!(!a.same_state(&Finding::not_yet(Hop::Dns, "try 3")));
    }
}
