//! Exit codes, the same for every binary.

use std::process::ExitCode;

use crate::finding::Class;

/// How a program ended. The numbers follow `sysexits.h` where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: everything asked for was proven.
    Ready,
    /// 1: our own bug.
    Internal,
    /// 2: the command line is wrong.
    Usage,
    /// 69: permanent; only a changed configuration helps (`EX_UNAVAILABLE`).
    Permanent,
    /// 75: the deadline passed, or a single `check` found something not ready yet (`EX_TEMPFAIL`).
    Deadline,
    /// 130: SIGINT.
    Interrupted,
    /// 143: SIGTERM.
    Terminated,
}

impl Exit {
    /// The number that the operating system is given.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Ready => 0,
            Self::Internal => 1,
            Self::Usage => 2,
            Self::Permanent => 69,
            Self::Deadline => 75,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }

    /// The exit of a program that looked once and found `class`.
    #[must_use]
    pub fn of_class(class: Class) -> Self {
        match class {
            Class::Ready => Self::Ready,
            Class::NotYet => Self::Deadline,
            Class::Suspect | Class::Never => Self::Permanent,
        }
    }

    /// The worse of two, for a program that proves several things: a permanent fault is worth more than a late one.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        fn rank(exit: Exit) -> u8 {
            match exit {
                Exit::Ready => 0,
                Exit::Deadline => 1,
                Exit::Permanent => 2,
                Exit::Usage => 3,
                Exit::Internal => 4,
                Exit::Interrupted | Exit::Terminated => 5,
            }
        }
        if rank(other) > rank(self) { other } else { self }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permanent_fault_outranks_a_late_one() {
        assert_eq!(Exit::Deadline.worse(Exit::Permanent), Exit::Permanent);
        assert_eq!(Exit::Permanent.worse(Exit::Ready), Exit::Permanent);
    }
}
