//! Proves that Dify's file storage is usable: that an object can be written, read and deleted with the very
//! settings that Dify reads; and makes a missing bucket or folder.
//!
//! | module | one idea |
//! |---|---|
//! | [`cli`] | the verbs |
//! | `api`, `daemon` | which variables the api (with worker and beat) and the plugin daemon read |
//! | `stores` | one file for each kind of storage |
//! | `tenant` | workspaces, whose private keys must be in the store |
//! | `variables` | every variable that is read |

pub mod cli;

mod api;
mod daemon;
mod scratch;
mod stores;
mod tenant;
mod variables;

pub use cli::Cli;
#[doc(hidden)]
pub use stores::read_any_reply;
pub use variables::VARIABLES;
