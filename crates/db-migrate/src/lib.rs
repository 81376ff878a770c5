//! Proves that Dify's database is there and its schema is what the image needs, and brings it there under a lock.
//!
//! | module | one idea |
//! |---|---|
//! | [`cli`], [`settings`] | verbs and flags; `DB_*` read as Dify reads them |
//! | [`revisions`], [`graph`] | the revision files of the image, and what follows what |
//! | [`decision`], [`stuck`] | what image and database mean together, as a pure function |
//! | [`engine`] | one session with either kind of server, and what is read over it |
//! | [`postgres`], [`mysql`] | what is asked of each kind, and how it refuses |
//! | [`schema`], [`database`] | what `wait` and `check` look at |
//! | [`run`], [`lock`], [`lineage`] | a migration under the lock, proven and recorded |
//! | [`plugin`] | the plugin daemon's database |
//! | [`status`], [`repair`], [`bootstrap`], [`install`] | the other verbs |

pub mod bootstrap;
pub mod cli;
pub mod database;
pub mod decision;
pub mod engine;
pub mod graph;
pub mod install;
pub mod lineage;
pub mod lock;
pub mod mysql;
pub mod plugin;
pub mod postgres;
pub mod repair;
pub mod revisions;
pub mod run;
mod scanner;
pub mod schema;
pub mod settings;
pub mod status;
pub mod stuck;
mod variables;

pub use cli::Cli;
pub use run::become_command;
pub use variables::VARIABLES;
