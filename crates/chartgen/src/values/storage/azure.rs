//! Azure Blob Storage.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::secrets::Secret;

/// A container at Azure.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalAzureBlobStorage {
    /// Whether to keep files there in place of volumes.
    pub enabled: bool,
    /// Address of the storage account, as in https://myaccount.blob.core.windows.net.
    #[schemars(regex(pattern = r"^(https?://.+)?$"))]
    pub url: String,
    /// Name of the storage account.
    pub account: String,
    /// A key of the storage account, for the api.
    pub key: Secret,
    /// The connection string, for the plugin daemon; the portal shows it beside the key. Where the key is a literal value,
    /// it is put together from that.
    pub connection_string: Secret,
    /// The container, for api and plugin daemon alike; it is made if the key may.
    #[schemars(length(min = 1))]
    pub container: String,
    /// Whether the identity of the pods is used in place of keys; see serviceAccount.
    pub use_managed_identity: bool,
}

impl Default for ExternalAzureBlobStorage {
    fn default() -> Self {
        Self {
            enabled: false,
            url: String::new(),
            account: String::new(),
            key: Secret::default(),
            connection_string: Secret::default(),
            container: "dify".to_owned(),
            use_managed_identity: false,
        }
    }
}
