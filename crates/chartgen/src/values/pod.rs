//! What can be set for every component's pods.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::{Map, Value};

/// A piece of Kubernetes' own language that is passed on as it is.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(transparent)]
pub struct Fragment(Map<String, Value>);

impl Fragment {
    /// A piece of a few texts.
    pub(super) fn of<const N: usize>(texts: [(&str, &str); N]) -> Self {
        Self(texts.into_iter().map(|(key, text)| (key.to_owned(), text.into())).collect())
    }
}

impl JsonSchema for Fragment {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Fragment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": true })
    }
}

/// A list of such pieces.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Fragments(Vec<Fragment>);

/// What can be set for every component's pods.
#[allow(clippy::struct_field_names, reason = "the names are those that users of charts know")]
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pod {
    /// CPU and memory of the main container.
    pub resources: Fragment,
    /// More environment variables; they win over the chart's own.
    pub extra_env: Fragments,
    /// ConfigMaps and Secrets whose keys become variables; the chart's own win over them.
    pub extra_env_from: Fragments,
    /// More volumes, as Kubernetes spells them: a certificate authority, a file of yours.
    pub extra_volumes: Fragments,
    /// Where the main container mounts them.
    pub extra_volume_mounts: Fragments,
    /// Init containers that run after the chart's checks.
    pub extra_init_containers: Fragments,
    /// Containers beside the main one.
    pub extra_containers: Fragments,
    /// Annotations of the pods.
    pub pod_annotations: BTreeMap<String, String>,
    /// Labels of the pods.
    pub pod_labels: BTreeMap<String, String>,
    /// On which nodes they may run.
    pub node_selector: BTreeMap<String, String>,
    /// Which taints they tolerate.
    pub tolerations: Fragments,
    /// Near or far from what they run.
    pub affinity: Fragment,
    /// How they spread over nodes and zones.
    pub topology_spread_constraints: Fragments,
    /// Which pods they may push aside on a full node.
    pub priority_class_name: String,
    /// Another container runtime, such as gVisor's.
    pub runtime_class_name: String,
    /// Another scheduler than the cluster's own.
    pub scheduler_name: String,
    /// How the pods look names up, in the place of or beside the cluster's DNS.
    pub dns_config: Fragment,
    /// Whether the containers of a pod see each other's processes; the pause container then collects zombies.
    pub share_process_namespace: bool,
    /// More lines in the pods' /etc/hosts.
    pub host_aliases: Fragments,
    /// A service account of yours, where the cluster ties rights to it: a cloud's own login, OpenShift's constraints.
    pub service_account_name: String,
    /// Takes the place of the security context of the pods, whole.
    pub pod_security_context: Fragment,
    /// Takes the place of the security context of the main container, whole.
    pub container_security_context: Fragment,
}

impl Pod {
    /// A pod that asks for this much and may not grow beyond this memory.
    pub(super) fn sized(cpu: &str, memory: &str, memory_limit: &str) -> Self {
        Self { resources: resources(cpu, memory, memory_limit), ..Self::default() }
    }
}

/// The resources of one container. No limit on CPU: it makes slow starts slower and protects nobody.
pub(super) fn resources(cpu: &str, memory: &str, memory_limit: &str) -> Fragment {
    let mut fragment = Map::new();
    fragment.insert("requests".to_owned(), serde_json::json!({ "cpu": cpu, "memory": memory }));
    fragment.insert("limits".to_owned(), serde_json::json!({ "memory": memory_limit }));
    Fragment(fragment)
}

/// A claim for a volume.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Persistence {
    /// A claim of your own; the chart then makes none.
    #[schemars(regex(pattern = r"^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$"))]
    pub existing_claim: String,
    /// The storage class; empty means the cluster's default, - means none: a volume that somebody made for the claim.
    pub storage_class: String,
    /// ReadWriteOnce holds all pods that use the volume on one node.
    pub access_mode: AccessMode,
    /// How much to ask for.
    #[schemars(length(min = 1))]
    pub size: String,
    /// Annotations of the claim. Helm keeps it when the release is removed, unless helm.sh/resource-policy says another word.
    pub annotations: BTreeMap<String, String>,
}

impl Persistence {
    pub(super) fn sized(size: &str) -> Self {
        Self {
            existing_claim: String::new(),
            storage_class: String::new(),
            access_mode: AccessMode::default(),
            size: size.to_owned(),
            annotations: BTreeMap::new(),
        }
    }
}

/// A claim for a volume of files.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Files {
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields are documented where they stand")]
    pub claim: Persistence,
    /// The folder of the volume in which the files are; empty means the whole volume.
    #[schemars(regex(pattern = r"^([A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*)?$"))]
    pub sub_path: String,
}

impl Files {
    pub(super) fn sized(size: &str) -> Self {
        Self { claim: Persistence::sized(size), sub_path: String::new() }
    }
}

/// How a volume may be mounted.
#[derive(Debug, Clone, Copy, Default, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names are Kubernetes' own")]
pub enum AccessMode {
    #[default]
    ReadWriteOnce,
    ReadWriteMany,
}
