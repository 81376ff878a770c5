//! The keys that several components must agree on.

use serde::Serialize;

/// A key and what may be done about its absence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Key {
    /// The data key in the Secret; equal to the name under which the api reads it, where it does.
    pub name: &'static str,
    /// The value of the chart that can set it.
    pub setting: &'static str,
    /// Whether we may invent it. Nobody can invent the password of a server that is not ours.
    pub generated: bool,
    /// What it is for and what breaks when holders disagree.
    pub doc: &'static str,
}

const fn made(name: &'static str, setting: &'static str, doc: &'static str) -> Key {
    Key { name, setting, generated: true, doc }
}

const fn given(name: &'static str, setting: &'static str, doc: &'static str) -> Key {
    Key { name, setting, generated: false, doc }
}

/// All keys of an installation, in the order in which the chart names them.
pub const SHARED_KEYS: &[Key] = &[
    made(
        "SECRET_KEY",
        "secrets.secretKey",
        "Signs sessions and file URLs and encrypts tool credentials; a change logs all out.",
    ),
    made(
        "PLUGIN_DAEMON_KEY",
        "secrets.pluginDaemonKey",
        "The api calls the plugin daemon with it; on mismatch models and tools are dead.",
    ),
    made(
        "INNER_API_KEY_FOR_PLUGIN",
        "secrets.innerApiKey",
        "The plugin daemon calls the api back with it; on mismatch the api answers 404.",
    ),
    made(
        "CODE_EXECUTION_API_KEY",
        "secrets.codeExecutionApiKey",
        "The api and the worker call the sandbox with it; on mismatch code nodes fail.",
    ),
    made(
        "AGENT_BACKEND_API_TOKEN",
        "secrets.agentBackendApiToken",
        "The api calls the agent backend with it; unset there means no check at all.",
    ),
    made(
        "DIFY_AGENT_SERVER_SECRET_KEY",
        "secrets.agentServerSecretKey",
        "Signs the agent backend's own tokens; 32 bytes as unpadded base64url.",
    ),
    made(
        "SHELLCTL_AUTH_TOKEN",
        "secrets.shellctlAuthToken",
        "The agent backend calls the local sandbox with it; empty there means no check at all.",
    ),
    made(
        "DB_PASSWORD",
        "externalPostgres.password",
        "The password of the database user; made up only for the built-in PostgreSQL.",
    ),
    made(
        "REDIS_PASSWORD",
        "externalRedis.password",
        "The password of Redis; made up only for the built-in Redis.",
    ),
    given(
        "PREFLIGHT_ADMIN_DB_PASSWORD",
        "externalPostgres.admin.password",
        "The password of the user that may create databases.",
    ),
    given("MYSQL_PASSWORD", "externalMysql.password", "The password of the database user at MySQL."),
    given(
        "PREFLIGHT_ADMIN_MYSQL_PASSWORD",
        "externalMysql.admin.password",
        "The password of the MySQL user that may create databases.",
    ),
    given("REDIS_CLUSTERS_PASSWORD", "externalRedis.cluster.password", "The password of the Redis Cluster."),
    given("REDIS_SENTINEL_PASSWORD", "externalRedis.sentinel.password", "The password of the Sentinels."),
    given(
        "CELERY_BROKER_URL",
        "externalRedis.brokerUrl",
        "The whole URL of the broker, where it cannot be put together from the rest.",
    ),
    given(
        "EVENT_BUS_REDIS_URL",
        "externalRedis.eventBusUrl",
        "The whole URL of the event bus, where it differs from the rest.",
    ),
    given("INIT_PASSWORD", "api.initPassword", "Asked for before the first administrator is made."),
    given("RESEND_API_KEY", "api.mail.resend.apiKey", "The API key of resend.com."),
    given("SMTP_PASSWORD", "api.mail.smtp.password", "The password at the mail server."),
    given("SENDGRID_API_KEY", "api.mail.sendgrid.apiKey", "The API key of SendGrid."),
    given("OTLP_API_KEY", "api.otel.apiKey", "The bearer token of the collector of traces."),
    given("SENTRY_DSN", "api.sentry.dsn", "The address of the project at Sentry, which is its key too."),
    given("S3_ACCESS_KEY", "externalS3.accessKey", "The access key of the object store."),
    given("S3_SECRET_KEY", "externalS3.secretKey", "The secret key of the object store."),
    given("AZURE_BLOB_ACCOUNT_KEY", "externalAzureBlobStorage.key", "A key of the storage account at Azure."),
    given(
        "AZURE_BLOB_STORAGE_CONNECTION_STRING",
        "externalAzureBlobStorage.connectionString",
        "Address, name and key of the storage account at Azure in one text.",
    ),
    given("ALIYUN_OSS_ACCESS_KEY", "externalOSS.accessKey", "The access key's id at Alibaba Cloud OSS."),
    given("ALIYUN_OSS_SECRET_KEY", "externalOSS.secretKey", "The access key's secret at Alibaba Cloud OSS."),
    given(
        "GOOGLE_STORAGE_SERVICE_ACCOUNT_JSON_BASE64",
        "externalGCS.serviceAccountJsonBase64",
        "The key of a service account at Google.",
    ),
    given("TENCENT_COS_SECRET_ID", "externalCOS.secretId", "The id of the key at Tencent Cloud COS."),
    given("TENCENT_COS_SECRET_KEY", "externalCOS.secretKey", "The key at Tencent Cloud COS."),
    given("HUAWEI_OBS_ACCESS_KEY", "externalOBS.accessKey", "The access key at Huawei Cloud OBS."),
    given("HUAWEI_OBS_SECRET_KEY", "externalOBS.secretKey", "The secret key at Huawei Cloud OBS."),
    given("VOLCENGINE_TOS_ACCESS_KEY", "externalTOS.accessKey", "The access key at Volcengine TOS."),
    given("VOLCENGINE_TOS_SECRET_KEY", "externalTOS.secretKey", "The secret key at Volcengine TOS."),
    given(
        "PGVECTOR_PASSWORD",
        "externalPgvector.password",
        "The password of a PostgreSQL that is the vector store alone.",
    ),
    made(
        "QDRANT_API_KEY",
        "externalQdrant.apiKey",
        "The API key of Qdrant; made up only for the built-in one.",
    ),
    made(
        "WEAVIATE_API_KEY",
        "externalWeaviate.apiKey",
        "The API key of Weaviate; made up only for the built-in one.",
    ),
    given("MILVUS_PASSWORD", "externalMilvus.password", "The password of Milvus."),
    given("MILVUS_TOKEN", "externalMilvus.token", "A token of Milvus, in place of user and password."),
    given("ELASTICSEARCH_PASSWORD", "externalElasticsearch.password", "The password of Elasticsearch."),
    given("ELASTICSEARCH_API_KEY", "externalElasticsearch.cloud.apiKey", "The API key at Elastic Cloud."),
    given("OPENSEARCH_PASSWORD", "externalOpenSearch.password", "The password of OpenSearch."),
    given(
        "CHROMA_AUTH_CREDENTIALS",
        "externalChroma.authCredentials",
        "The token of Chroma, or user:password.",
    ),
    given(
        "TENCENT_VECTOR_DB_API_KEY",
        "externalTencentVectorDB.apiKey",
        "The API key of Tencent Cloud VectorDB.",
    ),
    given("MYSCALE_PASSWORD", "externalMyScaleDB.password", "The password of MyScale."),
    given("TABLESTORE_ACCESS_KEY_ID", "externalTableStore.accessKeyId", "The access key's id of Tablestore."),
    given(
        "TABLESTORE_ACCESS_KEY_SECRET",
        "externalTableStore.accessKeySecret",
        "The access key's secret of Tablestore.",
    ),
];

/// The key of this name.
#[must_use]
pub fn shared_key(name: &str) -> Option<&'static Key> {
    SHARED_KEYS.iter().find(|key| key.name == name)
}
