//! What holds for all components.

use schemars::JsonSchema;
use serde::Serialize;

use super::pod::Fragments;

/// What holds for all components.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Global {
    /// Takes the place of every image's own registry.
    pub image_registry: String,
    /// Secrets that hold the login of the registry, as Kubernetes spells it: a list of {name: ...}.
    pub image_pull_secrets: Fragments,
    /// Public address of the console's API, as in https://dify.example.com. Empty means the address in the browser.
    pub console_api_domain: String,
    /// Public address of the console.
    pub console_web_domain: String,
    /// Public address of the service API.
    pub service_api_domain: String,
    /// Public address of the apps' API.
    pub app_api_domain: String,
    /// Public address of published apps.
    pub app_web_domain: String,
    /// Public address of links to files.
    pub files_domain: String,
    /// Public address of webhooks.
    pub trigger_domain: String,
    /// Which edition the pages show.
    pub edition: String,
    /// Where plugins are fetched from.
    pub marketplace: Marketplace,
}

impl Default for Global {
    fn default() -> Self {
        Self {
            image_registry: String::new(),
            image_pull_secrets: Fragments::default(),
            console_api_domain: String::new(),
            console_web_domain: String::new(),
            service_api_domain: String::new(),
            app_api_domain: String::new(),
            app_web_domain: String::new(),
            files_domain: String::new(),
            trigger_domain: String::new(),
            edition: "SELF_HOSTED".to_owned(),
            marketplace: Marketplace::default(),
        }
    }
}

/// Where plugins are fetched from.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Marketplace {
    /// Whether the console offers the marketplace.
    pub enabled: bool,
    /// Its pages.
    pub url: String,
    /// Its API.
    pub api_url: String,
}

impl Default for Marketplace {
    fn default() -> Self {
        Self {
            enabled: true,
            url: "https://marketplace.dify.ai".to_owned(),
            api_url: "https://marketplace.dify.ai".to_owned(),
        }
    }
}
