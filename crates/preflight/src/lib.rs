//! The runtime that every binary of dify-preflight stands on.
//!
//! A binary describes *what* it proves as a [`Check`]; this crate knows everything that is the same
//! for all of them:
//!
//! | module | one idea |
//! |---|---|
//! | [`finding`] | what one look at a dependency found: class, hop, code, sentence, hint |
//! | [`check`] | the trait behind which one probed system lives |
//! | [`wait`] | the loop: until ready, until hopeless, or until the deadline |
//! | [`backoff`] | how long to pause between two tries (the only user of the `backoff` crate) |
//! | [`env`] | input: the variables that Dify itself reads, `NAME_FILE`, a folder of files, overrides |
//! | [`secret`], [`redact`] | values that must not be seen, and the last sieve before any output |
//! | [`address`], [`net`], [`tls`] | reaching a server, and naming the hop where it failed |
//! | `http` | the same for HTTP (feature `http`) |
//! | `postgres` | a session with PostgreSQL and what its error codes mean (feature `postgres`) |
//! | `mysql` | the same for MySQL and what speaks its protocol (feature `mysql`) |
//! | [`surroundings`] | what the pod around us says about a fault of the network: mesh, name servers |
//! | [`report`] | output: terminal, text, JSON, and the termination log of Kubernetes |
//! | [`variable`] | what a variable of the environment means, for the docs |
//! | [`program`] | the frame of a `main`: parse, run, exit code, signals |

pub mod address;
pub mod args;
pub mod backoff;
pub mod check;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod driver;
pub mod env;
pub mod exit;
pub mod finding;
#[cfg(feature = "http")]
pub mod http;
mod log;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod login;
mod memory;
#[cfg(feature = "mysql")]
pub mod mysql;
pub mod net;
#[cfg(feature = "postgres")]
pub mod postgres;
pub mod program;
pub mod redact;
pub mod report;
pub mod secret;
pub mod signal;
pub mod surroundings;
pub mod tls;
pub mod variable;
pub mod wait;

pub use address::Address;
pub use args::CommonArgs;
pub use check::{Check, ProbeFuture};
pub use env::{ConfigError, Env};
pub use exit::Exit;
pub use finding::{Class, Finding, Hop, Proof};
pub use program::{Context, Program};
pub use secret::Secret;
pub use variable::Variable;
