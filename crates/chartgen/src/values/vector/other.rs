//! Any other vector store that Dify knows.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use topology::OTHER_STORES;

/// A vector store that has no section of its own.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalVectorStore {
    /// Whether to use it.
    pub enabled: bool,
    /// Its name, as Dify spells it.
    #[serde(rename = "type")]
    pub kind: StoreName,
    /// Variables of Dify and what they are, such as VASTBASE_HOST: vastbase.example.com. A name that Dify does not read for
    /// this store is refused.
    pub settings: BTreeMap<String, Plain>,
    /// The secret ones of these variables, each with a value or an existingSecret of name and key.
    pub secrets: BTreeMap<String, StoreSecret>,
}

/// The name of a store, or nothing.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(transparent)]
pub struct StoreName(String);

impl JsonSchema for StoreName {
    fn schema_name() -> Cow<'static, str> {
        "StoreName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<&str> =
            std::iter::once("").chain(OTHER_STORES.iter().map(|store| store.name)).collect();
        json_schema!({ "type": "string", "enum": names })
    }
}

/// What an environment variable may be given as.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Plain(String);

impl JsonSchema for Plain {
    fn schema_name() -> Cow<'static, str> {
        "Plain".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        // Helm would print larger numbers as 1e+06.
        json_schema!({ "type": ["string", "integer", "boolean"], "maximum": 999_999 })
    }
}

/// A secret variable.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoreSecret {
    /// The secret itself; it ends up in the release's history, so prefer existingSecret.
    #[schemars(default)]
    pub value: String,
    /// Where it is kept.
    #[schemars(default)]
    pub existing_secret: StoreSecretKey,
}

/// A key of a Secret that exists.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoreSecretKey {
    /// The Secret's name.
    #[schemars(default)]
    pub name: String,
    /// The key in it; empty means the name of the environment variable.
    #[schemars(default)]
    pub key: String,
}
