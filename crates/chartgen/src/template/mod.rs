//! The small printer of Helm templates.

mod expr;
mod yaml;

pub(crate) use expr::{is_set, plain, quoted};
pub(crate) use yaml::Yaml;

/// One file of the chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    /// Below the chart's folder.
    pub(crate) path: String,
    /// What it says.
    pub(crate) text: String,
}
