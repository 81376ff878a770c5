//! The values of the chart, one file per section. A field's doc comment is its only description: `values.yaml`, the
//! schema and the reference are printed from it.

mod agent_proxy;
mod compatibility;
mod components;
mod container;
mod database;
mod external_secrets;
mod global;
mod images;
mod metrics;
mod mysql;
mod networking;
mod plain;
mod pod;
mod preflight;
mod redis;
mod scaling;
mod secrets;
mod service_account;
mod settings;
mod storage;
mod vector;
mod websocket;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

pub use agent_proxy::AgentSsrfProxy;
pub use compatibility::Compatibility;
pub use components::{
    AgentBackend, Api, Beat, LocalSandbox, PluginDaemon, Proxy, Sandbox, SsrfProxy, Worker,
};
pub use database::{DatabasePool, ExternalPostgres, Postgresql};
pub use external_secrets::ExternalSecrets;
pub use global::Global;
pub use images::Images;
pub use metrics::Metrics;
pub use mysql::ExternalMysql;
use pod::{Fragment, Fragments};

pub use networking::{HttpRoute, Ingress, NetworkPolicy, Service};
pub use plain::Plain;
pub use preflight::{Migration, Preflight, Upgrade};
pub use redis::{ExternalRedis, Redis};
pub use secrets::Secrets;
pub use service_account::ServiceAccount;
pub use settings::Settings;
pub use storage::{
    ExternalAzureBlobStorage, ExternalCos, ExternalGcs, ExternalObs, ExternalOss, ExternalS3, ExternalTos,
};
pub use vector::{
    ExternalChroma, ExternalElasticsearch, ExternalMilvus, ExternalMyScaleDb, ExternalOpenSearch,
    ExternalPgvector, ExternalQdrant, ExternalTableStore, ExternalTencentVectorDb, ExternalVectorStore,
    ExternalWeaviate, Qdrant, Weaviate,
};
pub use websocket::ApiWebsocket;

/// The values of the chart. Every key has a default; a key that is not here is refused.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Values {
    /// What holds for all components: where images come from and under which addresses users reach the installation.
    pub global: Global,
    /// Takes the place of the chart's name in the names of objects.
    #[schemars(length(max = 63), regex(pattern = r"^([a-z]([a-z0-9-]*[a-z0-9])?)?$"))]
    pub name_override: String,
    /// Takes the place of release and chart in the names of objects.
    #[schemars(regex(pattern = r"^([a-z]([a-z0-9-]*[a-z0-9])?)?$"))]
    pub fullname_override: String,
    /// Labels of all objects and pods, beside the chart's own.
    pub common_labels: BTreeMap<String, String>,
    /// Annotations of all objects and pods.
    pub common_annotations: BTreeMap<String, String>,
    /// What differs between kinds of clusters.
    pub compatibility: Compatibility,
    /// The images, one for each component and store.
    pub image: Images,
    /// The checks that run before Dify's own containers start.
    pub preflight: Preflight,
    /// The job that brings the database schema to the version of the api image.
    pub migration: Migration,
    /// How pods are replaced on an upgrade.
    pub upgrade: Upgrade,
    /// Keys that components share. What is left empty is made once, in the cluster, and kept.
    pub secrets: Secrets,
    /// Has the External Secrets Operator make the Secret that secrets.existingSecret names.
    pub external_secrets: ExternalSecrets,
    /// The account of the pods that open databases and buckets: api, worker, beat, plugin daemon and their jobs. A cloud's
    /// own login is tied to it, which takes the place of keys. A component's serviceAccountName takes its place.
    pub service_account: ServiceAccount,
    /// Answers the console, the apps and the service API.
    pub api: Api,
    /// Lets several people edit one workflow at once, over websockets. Off by default.
    pub api_websocket: ApiWebsocket,
    /// Runs tasks from the queues: indexing, mail, workflow runs.
    pub worker: Worker,
    /// More workers, each with queues of its own, by name. A pool needs `queues`; whatever else it leaves out is as in worker.
    pub worker_pools: Fragment,
    /// Puts periodic tasks into the queues; always one pod.
    pub beat: Beat,
    /// Serves the pages. Without it the APIs answer all the same.
    pub web: Plain,
    /// nginx: one address for all components.
    pub proxy: Proxy,
    /// Runs the code of code nodes.
    pub sandbox: Sandbox,
    /// squid: the way out for requests whose address a user chose. Private addresses are refused.
    pub ssrf_proxy: SsrfProxy,
    /// Runs plugins.
    pub plugin_daemon: PluginDaemon,
    /// Runs agents (Dify 1.16 and later). Off by default, together with the sandbox that it gives them.
    pub agent_backend: AgentBackend,
    /// The shell that agents work in; runs if the agent backend does.
    pub local_sandbox: LocalSandbox,
    /// squid: the way out for the agents' shell, which runs wherever that does. Of private addresses only the agent backend's
    /// offers to shells and the api's files are let through.
    pub agent_ssrf_proxy: AgentSsrfProxy,
    /// The Service of nginx.
    pub service: Service,
    /// An Ingress to nginx, or without nginx to the components: plugins are then told a plain http address, because an
    /// Ingress cannot set the header that tells them better.
    pub ingress: Ingress,
    /// A Gateway's HTTPRoute, in place of the Ingress and with the same reservation.
    pub http_route: HttpRoute,
    /// What Prometheus looks at, for clusters with the Prometheus Operator.
    pub metrics: Metrics,
    /// Who may connect to whom. Code of users' then gets out by the SSRF proxy alone.
    pub network_policy: NetworkPolicy,
    /// The built-in PostgreSQL; it runs unless externalPostgres is enabled. For evaluation and small installations.
    pub postgresql: Postgresql,
    /// The built-in Redis; it runs unless externalRedis is enabled. For evaluation and small installations.
    pub redis: Redis,
    /// The built-in Weaviate; off by default, as the application's PostgreSQL is the vector store too.
    pub weaviate: Weaviate,
    /// The built-in Qdrant; off by default.
    pub qdrant: Qdrant,
    /// A PostgreSQL of your own.
    pub external_postgres: ExternalPostgres,
    /// A MySQL of your own, in place of PostgreSQL.
    pub external_mysql: ExternalMysql,
    /// How many connections to the database each process may hold, whichever database it is. All pods together must stay
    /// below what the server takes.
    pub database_pool: DatabasePool,
    /// A Redis of your own: one server, or a set behind Sentinels.
    pub external_redis: ExternalRedis,
    /// Buckets for files at S3: of AWS, or of whatever else speaks it, such as MinIO, Ceph, R2, OCI, Supabase or Baidu BOS.
    /// Dify keeps files in one store; without any they are kept on volumes.
    #[serde(rename = "externalS3")]
    pub external_s3: ExternalS3,
    /// A container for files at Azure Blob Storage.
    pub external_azure_blob_storage: ExternalAzureBlobStorage,
    /// Buckets for files at Alibaba Cloud OSS.
    #[serde(rename = "externalOSS")]
    pub external_oss: ExternalOss,
    /// Buckets for files at Google Cloud Storage.
    #[serde(rename = "externalGCS")]
    pub external_gcs: ExternalGcs,
    /// Buckets for files at Tencent Cloud COS.
    #[serde(rename = "externalCOS")]
    pub external_cos: ExternalCos,
    /// Buckets for files at Huawei Cloud OBS.
    #[serde(rename = "externalOBS")]
    pub external_obs: ExternalObs,
    /// Buckets for files at Volcengine TOS.
    #[serde(rename = "externalTOS")]
    pub external_tos: ExternalTos,
    /// A PostgreSQL with pgvector that is the vector store alone. Without any external vector store the application's
    /// PostgreSQL is the vector store too.
    pub external_pgvector: ExternalPgvector,
    /// A Qdrant of your own as vector store.
    pub external_qdrant: ExternalQdrant,
    /// A Weaviate of your own as vector store.
    pub external_weaviate: ExternalWeaviate,
    /// A Milvus of your own as vector store, or Zilliz Cloud.
    pub external_milvus: ExternalMilvus,
    /// An Elasticsearch of your own as vector store.
    pub external_elasticsearch: ExternalElasticsearch,
    /// An OpenSearch of your own as vector store.
    pub external_open_search: ExternalOpenSearch,
    /// A Chroma of your own as vector store.
    pub external_chroma: ExternalChroma,
    /// Tencent Cloud VectorDB as vector store.
    #[serde(rename = "externalTencentVectorDB")]
    pub external_tencent_vector_db: ExternalTencentVectorDb,
    /// MyScale as vector store.
    #[serde(rename = "externalMyScaleDB")]
    pub external_my_scale_db: ExternalMyScaleDb,
    /// Tablestore of Alibaba Cloud as vector store.
    pub external_table_store: ExternalTableStore,
    /// Any other vector store that Dify knows, by the names of its variables.
    pub external_vector_store: ExternalVectorStore,
    /// Objects of your own that belong to the release: an ExternalSecret, a Certificate. Templates in their texts are filled
    /// in as in the chart's own, such as {{ .Release.Name }}.
    pub extra_objects: Fragments,
    /// The DNS domain of the cluster; nginx looks names up without the search list of the pod.
    #[schemars(regex(pattern = r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"))]
    pub cluster_domain: String,
}

impl Default for Values {
    fn default() -> Self {
        Self {
            global: Global::default(),
            name_override: String::default(),
            fullname_override: String::default(),
            common_labels: BTreeMap::default(),
            common_annotations: BTreeMap::default(),
            compatibility: Compatibility::default(),
            image: Images::default(),
            preflight: Preflight::default(),
            migration: Migration::default(),
            upgrade: Upgrade::default(),
            secrets: Secrets::default(),
            external_secrets: ExternalSecrets::default(),
            service_account: ServiceAccount::default(),
            api: Api::default(),
            api_websocket: ApiWebsocket::default(),
            worker: Worker::default(),
            worker_pools: Fragment::default(),
            beat: Beat::default(),
            web: Plain::sized("50m", "128Mi", "512Mi"),
            proxy: Proxy::default(),
            sandbox: Sandbox::default(),
            ssrf_proxy: SsrfProxy::default(),
            plugin_daemon: PluginDaemon::default(),
            agent_backend: AgentBackend::default(),
            local_sandbox: LocalSandbox::default(),
            agent_ssrf_proxy: AgentSsrfProxy::default(),
            service: Service::default(),
            ingress: Ingress::default(),
            http_route: HttpRoute::default(),
            metrics: Metrics::default(),
            network_policy: NetworkPolicy::default(),
            postgresql: Postgresql::default(),
            redis: Redis::default(),
            weaviate: Weaviate::default(),
            qdrant: Qdrant::default(),
            external_postgres: ExternalPostgres::default(),
            external_mysql: ExternalMysql::default(),
            database_pool: DatabasePool::default(),
            external_redis: ExternalRedis::default(),
            external_s3: ExternalS3::default(),
            external_azure_blob_storage: ExternalAzureBlobStorage::default(),
            external_oss: ExternalOss::default(),
            external_gcs: ExternalGcs::default(),
            external_cos: ExternalCos::default(),
            external_obs: ExternalObs::default(),
            external_tos: ExternalTos::default(),
            external_pgvector: ExternalPgvector::default(),
            external_qdrant: ExternalQdrant::default(),
            external_weaviate: ExternalWeaviate::default(),
            external_milvus: ExternalMilvus::default(),
            external_elasticsearch: ExternalElasticsearch::default(),
            external_open_search: ExternalOpenSearch::default(),
            external_chroma: ExternalChroma::default(),
            external_tencent_vector_db: ExternalTencentVectorDb::default(),
            external_my_scale_db: ExternalMyScaleDb::default(),
            external_table_store: ExternalTableStore::default(),
            external_vector_store: ExternalVectorStore::default(),
            extra_objects: Fragments::default(),
            cluster_domain: "cluster.local".to_owned(),
        }
    }
}
