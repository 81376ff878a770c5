//! Several hosts, and which of them will do: libpq's `target_session_attrs`.

use crate::address::Address;
use crate::env::ConfigError;

/// Further hosts, tried in this order, and which will do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hosts {
    /// All but the first.
    pub others: Vec<Address>,
    /// Which of them will do.
    pub want: Want,
}

/// libpq's `target_session_attrs`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Want {
    /// The first that lets us in.
    #[default]
    Any,
    /// One that takes writes by default.
    ReadWrite,
    /// One that takes none.
    ReadOnly,
    /// One that is not in recovery.
    Primary,
    /// One that is.
    Standby,
    /// One that is, or any if there is none.
    PreferStandby,
}

impl Want {
    /// Reads libpq's word.
    pub fn parse(key: &str, word: &str) -> Result<Self, ConfigError> {
        Ok(match word {
            "any" => Self::Any,
            "read-write" => Self::ReadWrite,
            "read-only" => Self::ReadOnly,
            "primary" => Self::Primary,
            "standby" => Self::Standby,
            "prefer-standby" => Self::PreferStandby,
            _ => {
                return Err(ConfigError::new(key, format!("has the unknown target_session_attrs {word:?}"))
                    .hint("use any, read-write, read-only, primary, standby or prefer-standby"));
            }
        })
    }

    /// libpq's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::ReadWrite => "read-write",
            Self::ReadOnly => "read-only",
            Self::Primary => "primary",
            Self::Standby => "standby",
            Self::PreferStandby => "prefer-standby",
        }
    }

    /// Whether a server will do, and how it is called if not.
    pub(super) fn refuses(self, takes_writes: bool, is_standby: bool) -> Option<&'static str> {
        match self {
            Self::Any | Self::PreferStandby => None,
            Self::ReadWrite => (!takes_writes).then_some("read-only"),
            Self::ReadOnly => takes_writes.then_some("writable"),
            Self::Primary => is_standby.then_some("a standby"),
            Self::Standby => (!is_standby).then_some("a primary"),
        }
    }

    /// What is asked for in one round over the hosts after the other.
    pub(super) fn rounds(self) -> &'static [Self] {
        match self {
            Self::Any => &[Self::Any],
            Self::ReadWrite => &[Self::ReadWrite],
            Self::ReadOnly => &[Self::ReadOnly],
            Self::Primary => &[Self::Primary],
            Self::Standby => &[Self::Standby],
            Self::PreferStandby => &[Self::Standby, Self::Any],
        }
    }
}
