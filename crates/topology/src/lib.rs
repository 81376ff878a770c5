//! What Dify is, as data: its components per release, what each needs before it may start, which environment
//! variables each reads, and which keys several of them share. Nothing here opens a file or a socket.
//!
//! The chart, the assertions of the cluster tests and the reference pages all follow from this crate:
//!
//! ```
//! let release = topology::release("1.16.1").expect("known release");
//! let api = release.component("api").expect("known component");
//! assert!(api.needs.contains(&topology::Need::Migrations));
//! for proof in topology::proofs(api) {
//!     println!("{} is proven by container {}", proof.need, proof.container);
//! }
//! ```

mod check;
mod component;
pub mod env;
mod keys;
mod link;
mod need;
mod proven;
mod queues;
mod releases;
mod route;
mod security;
mod servers;

pub use check::{
    Check, PLUGIN_MIGRATION_COMMAND, PLUGIN_MIGRATION_SINCE, Proof, gate_checks, proofs, runs_db_migrate,
};
pub use component::{Component, Health, Kind, Port};
pub use env::{
    OBJECT_STORES, OTHER_STORES, OtherStore, Source, VECTOR_STORES, Variable, Visibility, When, variables,
};
pub use keys::{Key, SHARED_KEYS, shared_key};
pub use link::{Link, links};
pub use need::Need;
pub use proven::{SetBy, proven_variables};
pub use queues::{Queue, queues};
pub use releases::{Image, RELEASES, Release, release};
pub use route::Route;
pub use security::{UNRESTRICTED, unrestricted};
pub use servers::{Minor, SERVER_RANGES, ServerRange, minor};

#[cfg(test)]
mod tests;
