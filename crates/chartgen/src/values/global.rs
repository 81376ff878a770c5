//! What holds for all components.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::pod::{Fragment, Fragments};

/// What holds for all components.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Global {
    /// Takes the place of every image's own registry.
    #[schemars(regex(pattern = r"^[A-Za-z0-9./:_-]*$"))]
    pub image_registry: String,
    /// Secrets that hold the login of the registry, as Kubernetes spells it: a list of {name: ...}.
    pub image_pull_secrets: Fragments,
    /// CAs that sign certificates of your stores, for everything that calls one. Where it is given it takes the place of the
    /// images' own CAs, plugins included: it must hold the public CAs too, if public addresses are called.
    pub ca_bundle: CaBundle,
    /// More environment variables of every Dify container; those of the component win.
    pub extra_env: Fragments,
    /// On which nodes all pods run; a component adds to it, or changes it, key by key.
    pub node_selector: BTreeMap<String, String>,
    /// Which taints all pods tolerate, beside those of the component.
    pub tolerations: Fragments,
    /// Near or far from what all pods run; a component's own takes its place.
    pub affinity: Fragment,
    /// How the pods of each component spread over nodes and zones; a component's own takes its place.
    pub topology_spread_constraints: Fragments,
    /// Which pods all pods may push aside on a full node; a component's own takes its place.
    pub priority_class_name: String,
    /// Another scheduler than the cluster's own; a component's own takes its place.
    pub scheduler_name: String,
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
    /// Nothing asks the internet for anything: no marketplace, templates from the image, no public mirrors of packages.
    pub offline: bool,
    /// Where plugins are fetched from.
    pub marketplace: Marketplace,
}

impl Default for Global {
    fn default() -> Self {
        Self {
            image_registry: String::new(),
            image_pull_secrets: Fragments::default(),
            ca_bundle: CaBundle::default(),
            extra_env: Fragments::default(),
            node_selector: BTreeMap::from([("kubernetes.io/os".to_owned(), "linux".to_owned())]),
            tolerations: Fragments::default(),
            affinity: Fragment::default(),
            topology_spread_constraints: Fragments::default(),
            priority_class_name: String::new(),
            scheduler_name: String::new(),
            console_api_domain: String::new(),
            console_web_domain: String::new(),
            service_api_domain: String::new(),
            app_api_domain: String::new(),
            app_web_domain: String::new(),
            files_domain: String::new(),
            trigger_domain: String::new(),
            edition: "SELF_HOSTED".to_owned(),
            offline: false,
            marketplace: Marketplace::default(),
        }
    }
}

/// A file of CAs in PEM form, in a ConfigMap or a Secret of yours.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaBundle {
    /// The ConfigMap's name.
    #[schemars(regex(pattern = r"^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$"))]
    pub existing_config_map: String,
    /// The Secret's name, in place of a ConfigMap.
    #[schemars(regex(pattern = r"^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$"))]
    pub existing_secret: String,
    /// The key in it.
    #[schemars(regex(pattern = r"^[A-Za-z0-9._-]+$"))]
    pub key: String,
}

impl Default for CaBundle {
    fn default() -> Self {
        Self { existing_config_map: String::new(), existing_secret: String::new(), key: "ca.crt".to_owned() }
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
    #[schemars(regex(pattern = r"^https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?$"))]
    pub api_url: String,
    /// Whether browsers ask the marketplace by way of nginx, at /marketplace: for people who reach the installation and not the
    /// internet. Nothing of what a browser sends with its questions goes along.
    pub proxy: bool,
}

impl Default for Marketplace {
    fn default() -> Self {
        Self {
            enabled: true,
            url: "https://marketplace.dify.ai".to_owned(),
            api_url: "https://marketplace.dify.ai".to_owned(),
            proxy: false,
        }
    }
}
