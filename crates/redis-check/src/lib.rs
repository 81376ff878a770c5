//! redis-check proves that the Redis servers that Dify is configured for can do what Dify does with them.
//!
//! Dify uses several: the application's own (cache, locks), the Celery broker and its results, the event bus, the plugin
//! daemon's and the agent backend's. Each is a *target*. For each, one look goes these steps and names the one that failed:
//!
//! 1. the name resolves, the port accepts, TLS shakes hands (`open`),
//! 2. in Sentinel mode: a majority of the Sentinels names one living master (`sentinel`),
//! 3. the server accepts the login and is neither too old, nor a Sentinel, nor a cluster node (`open`),
//!    A Cluster is asked for its state, and each of its masters all of this (`cluster`),
//! 4. it answers `PING`, has the database, takes a write and is the master (`proof`).
//!
//! Which reply of a server means what is one table, in `refusal`. Which variables are read is in `config`.

mod check;
mod cli;
mod cluster;
mod config;
mod connection;
mod endpoint;
mod information;
mod open;
mod proof;
mod refusal;
mod sentinel;
mod server;
mod variables;

pub use cli::Cli;
#[doc(hidden)]
pub use connection::parse_reply;
pub use variables::VARIABLES;
