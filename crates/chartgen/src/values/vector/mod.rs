//! Vector stores: those that the chart brings, and those of your own.

mod built_in;
mod cloud;
mod external;
mod other;
mod search;

pub use built_in::{Qdrant, Weaviate};
pub use cloud::{ExternalMyScaleDb, ExternalTableStore, ExternalTencentVectorDb};
pub use external::{ExternalChroma, ExternalMilvus, ExternalPgvector, ExternalQdrant, ExternalWeaviate};
pub use other::ExternalVectorStore;
pub use search::{ExternalElasticsearch, ExternalOpenSearch};
