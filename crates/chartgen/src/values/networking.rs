//! How users reach the installation, and who may connect to whom in it.

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
    /// The port on every node, if its type is NodePort or LoadBalancer; 0 lets the cluster choose.
    #[schemars(range(min = 0, max = 65535))]
    pub node_port: u16,
    /// Its annotations; most clouds take their settings of a load balancer from these.
    pub annotations: BTreeMap<String, String>,
    /// Its labels, beside those of the chart.
    pub labels: BTreeMap<String, String>,
    /// Its address in the cluster; empty lets the cluster choose.
    #[serde(rename = "clusterIP")]
    #[schemars(regex(pattern = r"^(None|[0-9a-fA-F.:]*)$"))]
    pub cluster_ip: String,
    /// Which of several load balancers takes it; empty means the cluster's default.
    #[schemars(regex(pattern = r"^[A-Za-z0-9./-]*$"))]
    pub load_balancer_class: String,
    /// The load balancer's address, where the cloud still lets one choose it here and not in an annotation.
    #[serde(rename = "loadBalancerIP")]
    #[schemars(regex(pattern = r"^[0-9a-fA-F.:]*$"))]
    pub load_balancer_ip: String,
    /// The networks from which the load balancer may be called, as in 203.0.113.0/24; none named means everybody.
    #[schemars(inner(regex(pattern = r"^[0-9a-fA-F.:]+/[0-9]+$")))]
    pub load_balancer_source_ranges: Vec<String>,
    /// Local keeps the caller's address, and leads only to nodes that have a pod of nginx.
    pub external_traffic_policy: ExternalTrafficPolicy,
}

impl Default for Service {
    fn default() -> Self {
        Self {
            r#type: ServiceType::ClusterIP,
            port: 80,
            node_port: 0,
            annotations: BTreeMap::new(),
            labels: BTreeMap::new(),
            cluster_ip: String::new(),
            load_balancer_class: String::new(),
            load_balancer_ip: String::new(),
            load_balancer_source_ranges: Vec::new(),
            external_traffic_policy: ExternalTrafficPolicy::Cluster,
        }
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

/// Which pods a call from outside may be led to.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names are Kubernetes' own")]
pub enum ExternalTrafficPolicy {
    Cluster,
    Local,
}

/// The Ingress.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ingress {
    /// Whether to make one.
    pub enabled: bool,
    /// The class of the controller; empty means the cluster's default.
    pub class_name: String,
    /// Its annotations, such as the controller's limit of the body size.
    pub annotations: BTreeMap<String, String>,
    /// The host names that lead to the installation.
    pub hosts: Vec<IngressHost>,
    /// TLS, as Kubernetes spells it: a list of {hosts: [...], secretName: ...}. It ends here: nginx behind it has none.
    pub tls: Fragments,
}

impl Default for Ingress {
    fn default() -> Self {
        Self {
            enabled: false,
            class_name: String::new(),
            annotations: BTreeMap::new(),
            hosts: vec![IngressHost { host: "dify.example.com".to_owned(), paths: Vec::new() }],
            tls: Fragments::default(),
        }
    }
}

/// A host name.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IngressHost {
    /// The name; empty means every name.
    pub host: String,
    /// The paths under it that lead to nginx, if not all; without nginx the chart alone knows them.
    #[schemars(default)]
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

/// The route of a Gateway.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HttpRoute {
    /// Whether to make one. The cluster needs the Gateway API, version 1.
    pub enabled: bool,
    /// Its annotations.
    pub annotations: BTreeMap<String, String>,
    /// The Gateways that it belongs to, as Kubernetes spells them: a list of {name: ..., namespace: ...}.
    pub parent_refs: Fragments,
    /// The host names that lead to the installation; empty means all of the Gateway's.
    pub hostnames: Vec<String>,
    /// Rules of your own, before those of the chart, as Kubernetes spells them.
    pub additional_rules: Fragments,
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
            additional_rules: Fragments::default(),
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
    /// Whether nobody may connect to any pod of the release that is not a component either: jobs, pods of extraObjects.
    pub default_deny: bool,
    /// Who may call nginx, or without nginx the components, as Kubernetes spells it in `from`: the namespace of the Ingress
    /// controller or of the Gateway. None named means everybody.
    pub edge_peers: Fragments,
    /// Others that may connect to every component, as Kubernetes spells them in `from`: monitoring, a bastion.
    pub extra_peers: Fragments,
}
