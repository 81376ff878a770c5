#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot start its server has failed")]
//! Real servers for integration tests.
//!
//! Each server comes from the Debian root that `tests/peers/root.sh` builds, runs on 127.0.0.1 at a free
//! port in a folder of its own, and dies with the value that started it. Tests may run side by side.

pub mod azurite;
pub mod certificates;
pub mod chroma;
pub mod clickhouse;
pub mod dns;
pub mod fake_gcs;
pub mod isolated;
pub mod milvus;
pub mod minio;
pub mod mysql;
pub mod mysql_stranger;
pub mod opensearch;
pub mod peer;
pub mod pgbouncer;
pub mod postgres;
pub mod process;
pub mod proxy;
pub mod recorded;
pub mod recorded_mysql;
pub mod recorded_postgres;
mod recorded_signature;
pub mod recorded_store;
pub mod redis;
pub mod s3;
pub mod seekdb;
pub mod seen;
pub mod states;
pub mod tool;
pub mod variables;
pub mod weaviate;

pub use isolated::Isolated;
pub use peer::peer;
pub use process::{Process, free_port, peers_root};
pub use seen::Seen;
pub use tool::{Run, Running, Tool};
