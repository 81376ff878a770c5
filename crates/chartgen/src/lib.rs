//! Writes the Helm chart of Dify from typed values and from what `topology` knows.
//!
//! The way of a line of the chart: a value is a field in [`values`]; `wiring` turns what a component needs into init
//! containers and environment; a file of `resources` turns that into one Kubernetes object; `template` prints it; `lint`
//! reads the result as Helm would and refuses what is unknown, unused or too new.

// The comments of the values are the comments of values.yaml, and Kubernetes' kinds are plain words everywhere here.
#![allow(clippy::doc_markdown)]

pub mod cli;
mod explain;
mod generate;
pub mod graph;
mod lint;
mod migrate;
mod packaging;
mod reference;
mod registry;
mod release;
mod resources;
mod schema;
mod template;
mod tree;
pub mod values;
mod values_yaml;
mod wiring;

/// The release of Dify that the chart installs.
pub const RELEASE: &str = "1.16.1";

/// Why no chart was written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The defaults cannot be written as JSON; a field's type is at fault.
    #[error("values: {0}")]
    Values(#[from] serde_json::Error),
    /// What the generator asked for is not in the release's data.
    #[error("{0} is not in the topology of {RELEASE}")]
    Unknown(String),
    /// The templates break a rule; each line names the file and the rule.
    #[error("the chart breaks its own rules:\n{}", .0.join("\n"))]
    Lint(Vec<String>),
    /// The chart on disk is not what the generator writes.
    #[error("out of date, run `chartgen generate`:\n{}", .0.join("\n"))]
    Drift(Vec<String>),
    /// A file to migrate is not what it should be.
    #[error("{path}: {fault}")]
    Input {
        /// The file.
        path: String,
        /// What is wrong with it.
        fault: String,
    },
    /// A release of Dify has what our data do not, or the other way round.
    #[error("{0}")]
    Release(String),
    /// No value of that name.
    #[error("no value `{key}`; {nearest}")]
    NoSuchValue {
        /// What was asked for.
        key: String,
        /// What may have been meant.
        nearest: String,
    },
}
