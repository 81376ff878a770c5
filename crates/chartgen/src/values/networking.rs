//! How users reach nginx.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::pod::{Fragment, Fragments};

/// The Service of nginx.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// ClusterIP, NodePort or LoadBalancer.
    pub r#type: ServiceType,
    /// Its port.
    #[schemars(range(min = 1, max = 65535))]
    pub port: u16,
    /// The port on every node, if its type is NodePort; 0 lets the cluster choose.
    #[schemars(range(min = 0, max = 65535))]
    pub node_port: u16,
    /// Its annotations.
    pub annotations: BTreeMap<String, String>,
}

impl Default for Service {
    fn default() -> Self {
        Self { r#type: ServiceType::ClusterIP, port: 80, node_port: 0, annotations: BTreeMap::new() }
    }
}

/// How a Service is reached.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names are Kubernetes' own")]
pub enum ServiceType {
    ClusterIP,
    NodePort,
    LoadBalancer,
}

/// The Ingress to nginx.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ingress {
    /// Whether to make one.
    pub enabled: bool,
    /// The class of the controller; empty means the cluster's default.
    pub class_name: String,
    /// Its annotations, such as the controller's limit of the body size.
    pub annotations: BTreeMap<String, String>,
    /// The host names that lead to nginx.
    pub hosts: Vec<IngressHost>,
    /// TLS, as Kubernetes spells it.
    pub tls: Fragments,
}

impl Default for Ingress {
    fn default() -> Self {
        Self {
            enabled: false,
            class_name: String::new(),
            annotations: BTreeMap::new(),
            hosts: vec![IngressHost {
                host: "dify.example.com".to_owned(),
                paths: vec![IngressPath { path: "/".to_owned(), path_type: PathType::Prefix }],
            }],
            tls: Fragments::default(),
        }
    }
}

/// A host name.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IngressHost {
    /// The name.
    pub host: String,
    /// The paths under it.
    pub paths: Vec<IngressPath>,
}

/// A path.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IngressPath {
    /// The path.
    pub path: String,
    /// How it is compared.
    pub path_type: PathType,
}

/// How a path is compared.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names are Kubernetes' own")]
pub enum PathType {
    Prefix,
    Exact,
    ImplementationSpecific,
}

/// The route of a Gateway to nginx.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HttpRoute {
    /// Whether to make one. The cluster needs the Gateway API, version 1.
    pub enabled: bool,
    /// Its annotations.
    pub annotations: BTreeMap<String, String>,
    /// The Gateways that it belongs to, as Kubernetes spells them: a list of {name: ..., namespace: ...}.
    pub parent_refs: Fragments,
    /// The host names that lead to nginx; empty means all of the Gateway's.
    pub hostnames: Vec<String>,
    /// What happens to requests on the way, as Kubernetes spells it.
    pub filters: Fragments,
    /// When the Gateway gives up; "0s" is never, as streamed answers need it.
    pub timeouts: Fragment,
}

impl Default for HttpRoute {
    fn default() -> Self {
        Self {
            enabled: false,
            annotations: BTreeMap::new(),
            parent_refs: Fragments::default(),
            hostnames: Vec::new(),
            filters: Fragments::default(),
            timeouts: Fragment::of([("request", "0s")]),
        }
    }
}

/// Who may connect to whom.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NetworkPolicy {
    /// Whether each component accepts connections only from the components that call it. Only a network plugin that knows
    /// NetworkPolicies keeps to it.
    pub enabled: bool,
    /// Others that may connect to every component, as Kubernetes spells them in `from`: monitoring, a bastion.
    pub extra_peers: Fragments,
}
