//! Keys and passwords.

use schemars::JsonSchema;
use serde::Serialize;

/// One secret: a literal, or a key of a Secret that exists.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Secret {
    /// The secret itself; it ends up in the release's history, so prefer existingSecret.
    pub value: String,
    /// Where it is kept.
    pub existing_secret: ExistingSecret,
}

/// A key of a Secret that exists.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExistingSecret {
    /// The Secret's name.
    #[schemars(regex(pattern = r"^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$"))]
    pub name: String,
    /// The key in it; empty means the name of the environment variable.
    #[schemars(regex(pattern = r"^[A-Za-z0-9._-]*$"))]
    pub key: String,
}

/// Keys that components share.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Secrets {
    /// A Secret of yours that holds every key that would otherwise be made: SECRET_KEY, PLUGIN_DAEMON_KEY,
    /// INNER_API_KEY_FOR_PLUGIN, CODE_EXECUTION_API_KEY, and for the built-in stores DB_PASSWORD, REDIS_PASSWORD,
    /// WEAVIATE_API_KEY and QDRANT_API_KEY.
    #[schemars(regex(pattern = r"^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$"))]
    pub existing_secret: String,
    /// Signs sessions and encrypts credentials of tools. Must never change.
    pub secret_key: Secret,
    /// Whether the checks let a SECRET_KEY pass that is a published default or short, as a live installation may have begun with.
    /// Everybody can forge a login with it.
    pub accept_published_secret_key: bool,
    /// With it the api calls the plugin daemon.
    pub plugin_daemon_key: Secret,
    /// With it the plugin daemon calls the api.
    pub inner_api_key: Secret,
    /// With it api and worker call the sandbox.
    pub code_execution_api_key: Secret,
    /// With it the api calls the agent backend.
    pub agent_backend_api_token: Secret,
    /// Signs the agent backend's own tokens: 32 bytes as base64url without padding.
    pub agent_server_secret_key: Secret,
    /// With it the agent backend calls the local sandbox.
    pub shellctl_auth_token: Secret,
}
