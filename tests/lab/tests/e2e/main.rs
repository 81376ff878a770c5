//! The promises of the chart, shown on a real cluster and asserted from the API's own records.
//!
//! Run by `just e2e`, which brings the cluster up and names it through KUBECONFIG. Each scenario has a
//! namespace of its own, which is removed when it passes and kept when it fails, so that it can be looked at.

#![allow(clippy::expect_used, clippy::panic, reason = "a scenario that cannot go on has failed")]

mod examples;
mod scenario;

mod s01_cold_install;
mod s02_late_database;
mod s03_wrong_password;
mod s04_many_replicas;
mod s05_held_lock;
mod s06_same_values;
mod s07_next_image;
mod s08_killed_migrator;
mod s09_sentinel_failover;
mod s10_bucket;
mod s11_kubectl_apply;
mod s12_reinstall;
mod s13_examples;
mod s14_backup;
