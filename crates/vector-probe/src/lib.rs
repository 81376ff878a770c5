//! vector-probe proves that the vector store that Dify is configured for is there and usable.
//!
//! Dify itself looks at the store only when the first document is indexed, so a wrong address or key is found by the
//! user who uploads it. Each store is one file in `stores`, behind one trait; which names there are is the table in
//! `stores`. What a server's version must be for a release of Dify is the table in `needs`.

mod cli;
mod needs;
mod stores;
mod variables;

/// Reads bytes as each kind of reply that some store may give, without any network.
#[doc(hidden)]
pub fn read_replies(data: &[u8]) {
    stores::read_all(data);
}

pub use cli::Cli;
#[doc(hidden)]
pub use stores::untrusted;
pub use variables::VARIABLES;
