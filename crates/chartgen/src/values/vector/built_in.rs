//! Vector stores that the chart brings along.

use schemars::JsonSchema;
use serde::Serialize;

use crate::values::pod::{Persistence, Pod};

/// The built-in Weaviate.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Weaviate {
    /// Whether to run it and to use it as vector store. Its API key is made, unless externalWeaviate.apiKey gives one.
    pub enabled: bool,
    /// Its volume; kept when the release is removed.
    pub persistence: Persistence,
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub pod: Pod,
}

impl Default for Weaviate {
    fn default() -> Self {
        Self {
            enabled: false,
            persistence: Persistence::sized("8Gi"),
            pod: Pod::sized("50m", "256Mi", "1Gi"),
        }
    }
}

/// The built-in Qdrant.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Qdrant {
    /// Whether to run it and to use it as vector store. Its API key is made, unless externalQdrant.apiKey gives one.
    pub enabled: bool,
    /// Its volume; kept when the release is removed.
    pub persistence: Persistence,
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub pod: Pod,
}

impl Default for Qdrant {
    fn default() -> Self {
        Self {
            enabled: false,
            persistence: Persistence::sized("8Gi"),
            pod: Pod::sized("50m", "128Mi", "1Gi"),
        }
    }
}
