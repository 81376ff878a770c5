//! Azure Blob Storage. Its buckets are called containers; both sides share one.

use super::{Constant, DAEMON_TYPE_DOC, Key, STORAGE_TYPE_DOC, Setting, Variable, api, daemon};

const S: &str = "externalAzureBlobStorage";

/// The group's variables.
pub(super) const VARIABLES: &[Variable] = &[
    api(S, "STORAGE_TYPE", Constant("azure-blob"), STORAGE_TYPE_DOC),
    api(
        S,
        "AZURE_BLOB_ACCOUNT_URL",
        Setting("externalAzureBlobStorage.url"),
        "The address of the storage account.",
    ),
    api(
        S,
        "AZURE_BLOB_ACCOUNT_NAME",
        Setting("externalAzureBlobStorage.account"),
        "The name of the storage account; the identity of the pod needs none.",
    )
    .optional(),
    api(S, "AZURE_BLOB_CONTAINER_NAME", Setting("externalAzureBlobStorage.container"), "The container."),
    api(
        S,
        "AZURE_BLOB_ACCOUNT_KEY",
        Constant("managedidentity"),
        "This word in place of a key means the identity of the pod.",
    )
    .optional(),
    daemon(S, "PLUGIN_STORAGE_TYPE", Constant("azure_blob"), DAEMON_TYPE_DOC),
    daemon(
        S,
        "AZURE_BLOB_STORAGE_CONTAINER_NAME",
        Setting("externalAzureBlobStorage.container"),
        "The container, for the daemon.",
    ),
    daemon(
        S,
        "AZURE_BLOB_STORAGE_USE_MANAGED_IDENTITY",
        Setting("externalAzureBlobStorage.useManagedIdentity"),
        "The identity of the pod in place of the connection string.",
    )
    .since("1.16.1"),
    daemon(
        S,
        "AZURE_BLOB_STORAGE_ACCOUNT_URL",
        Setting("externalAzureBlobStorage.url"),
        "The address of the storage account, which only the identity of the pod needs.",
    )
    .since("1.16.1"),
    api(S, "AZURE_BLOB_ACCOUNT_KEY", Key("AZURE_BLOB_ACCOUNT_KEY"), "A key of the storage account."),
    daemon(
        S,
        "AZURE_BLOB_STORAGE_CONNECTION_STRING",
        Key("AZURE_BLOB_STORAGE_CONNECTION_STRING"),
        "Address, name and key of the storage account in one text.",
    ),
];
