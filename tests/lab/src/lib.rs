//! A Dify release on a Kubernetes cluster, driven and judged from the API's own records.
//!
//! `just up` and the scenarios of `just e2e` stand on this crate:
//!
//! | module | one idea |
//! |---|---|
//! | [`cli`] | the command line of `just up` |
//! | [`cluster`] | calling `kubectl` and `helm` on one cluster |
//! | [`pods`] | what the API recorded of a pod and its containers |
//! | [`timeline`] | when each pod started what, and what it waited for, as a picture |
//! | [`watch`] | progress of a release until all of it is Ready |
//! | [`order`] | whether main containers started after what `topology` says they need |

pub mod cli;
pub mod cluster;
pub mod order;
pub mod pods;
pub mod table;
pub mod timeline;
pub mod watch;

pub use cluster::{Cluster, Error};
