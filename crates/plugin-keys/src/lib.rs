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
//! | `holder` | whose variables are looked at: the own environment, or files of several components |
//! | `check` | those keys and URLs, one by one and beside each other |
//! | `live` | the running components, asked with those keys |
//! | `make` | new values |
//! | `generate` | a Secret manifest |
//! | `ensure` | the Secret in the cluster, missing keys only |
//! | `rotate` | new values in that Secret |
//! | `pods` | who must be restarted for them |
//! | `secret` | that Secret: read, changed if nobody else wrote, refused |
//! | `kube` | the Kubernetes API, as little of it as that takes |

pub mod cli;

mod check;
mod ensure;
mod generate;
mod holder;
mod keys;
mod kube;
mod live;
mod make;
mod pods;
mod rotate;
mod secret;
mod variables;

pub use cli::Cli;
#[doc(hidden)]
pub use holder::{parse_env_file, parse_manifest};
pub use keys::published::{DOMAIN, PUBLISHED, is_published};
pub use keys::value::SHORT;
pub use variables::VARIABLES;
