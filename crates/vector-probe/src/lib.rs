//! vector-probe proves that the vector store that Dify is configured for is there and usable.
//!
//! Dify itself looks at the store only when the first document is indexed, so a wrong address or key is found by the
//! user who uploads it. Each store is one file in `stores`, behind the trait [`preflight::Check`]; which names there
//! are, and which of them can be probed, is the table in `stores`.

mod cli;
mod stores;

pub use cli::Cli;
