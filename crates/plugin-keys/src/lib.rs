//! Makes and checks the keys that Dify's components share.
//!
//! Most faults of an installation that "runs but does nothing" are two components with different keys, or
//! the published default of a compose file. This tool makes the missing ones, once, in a Secret that no
//! release history ever holds, and tells by name which are missing, malformed, published or unequal.
//!
//! | module | one idea |
//! |---|---|
//! | [`cli`] | the verbs |
//! | `keys` | which keys there are, what they must look like, who holds them |
//! | `make` | new values |
//! | `generate` | a Secret manifest |
//! | `ensure` | the Secret in the cluster, missing keys only |
//! | `check` | the keys in the environment |
//! | `kube` | the Kubernetes API, as little of it as that takes |

pub mod cli;

mod check;
mod ensure;
mod generate;
mod keys;
mod kube;
mod make;

pub use cli::Cli;
