//! What a variable of the environment means; the pages in `docs/` are made from these.

/// One variable that a tool reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it means, in one sentence without a full stop.
    pub meaning: &'static str,
    /// What holds where it is not set; empty if nothing does.
    pub default: &'static str,
    /// Whether its value is kept out of all output.
    pub secret: bool,
}

impl Variable {
    /// A variable whose value may be seen.
    #[must_use]
    pub const fn plain(name: &'static str, default: &'static str, meaning: &'static str) -> Self {
        Self { name, meaning, default, secret: false }
    }

    /// A variable whose value is kept out of all output.
    #[must_use]
    pub const fn secret(name: &'static str, meaning: &'static str) -> Self {
        Self { name, meaning, default: "", secret: true }
    }
}
