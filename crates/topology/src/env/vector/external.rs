//! Vector stores that are always the user's own.

use super::{Computed, Constant, Key, NAME, NAME_DOC, Setting, Variable, named, of};
use crate::env::trust::BUNDLE;

/// The group's variables. Read in `api/configs/middleware/vdb` of Dify 1.13; all of them are in 1.16.1 too.
pub(in crate::env) const VARIABLES: &[Variable] = &[
    named("externalMilvus", "milvus"),
    of("externalMilvus", "MILVUS_URI", Setting("externalMilvus.uri"), "The address; https speaks TLS."),
    of("externalMilvus", "MILVUS_DATABASE", Setting("externalMilvus.database"), "The database."),
    of("externalMilvus", "MILVUS_SECURE", Constant("true"), "TLS, where the address is one of https.")
        .optional()
        .since("1.16.1"),
    of("externalMilvus", "MILVUS_SERVER_PEM_PATH", Constant(BUNDLE), "Whom Milvus's client trusts.")
        .optional()
        .since("1.16.1"),
    of("externalMilvus", "MILVUS_USER", Setting("externalMilvus.user"), "The user.").optional(),
    of(
        "externalMilvus",
        "MILVUS_ENABLE_HYBRID_SEARCH",
        Setting("externalMilvus.enableHybridSearch"),
        "Full text search; needs Milvus 2.5.",
    ),
    of("externalMilvus", "MILVUS_ANALYZER_PARAMS", Setting("externalMilvus.analyzerParams"), "Its analyzer.")
        .optional(),
    of("externalMilvus", "MILVUS_PASSWORD", Key("MILVUS_PASSWORD"), "The password.").optional(),
    of("externalMilvus", "MILVUS_TOKEN", Key("MILVUS_TOKEN"), "A token; goes before user and password.")
        .optional(),
    of(
        "externalElasticsearch",
        NAME,
        Computed("elasticsearch, or elasticsearch-ja where externalElasticsearch.japanese is set"),
        NAME_DOC,
    ),
    of(
        "externalElasticsearch",
        "ELASTICSEARCH_HOST",
        Setting("externalElasticsearch.host"),
        "The host, with or without a scheme, never with a port.",
    )
    .optional(),
    of("externalElasticsearch", "ELASTICSEARCH_PORT", Setting("externalElasticsearch.port"), "Its port."),
    of(
        "externalElasticsearch",
        "ELASTICSEARCH_USERNAME",
        Setting("externalElasticsearch.username"),
        "The user.",
    )
    .optional(),
    of(
        "externalElasticsearch",
        "ELASTICSEARCH_VERIFY_CERTS",
        Setting("externalElasticsearch.verifyCerts"),
        "Whether the certificate is checked.",
    ),
    of(
        "externalElasticsearch",
        "ELASTICSEARCH_USE_CLOUD",
        Setting("externalElasticsearch.cloud.enabled"),
        "Whether URL and API key of Elastic Cloud are used in place of the above.",
    ),
    of(
        "externalElasticsearch",
        "ELASTICSEARCH_CLOUD_URL",
        Setting("externalElasticsearch.cloud.url"),
        "The URL.",
    )
    .optional(),
    of("externalElasticsearch", "ELASTICSEARCH_PASSWORD", Key("ELASTICSEARCH_PASSWORD"), "The password.")
        .optional(),
    of(
        "externalElasticsearch",
        "ELASTICSEARCH_API_KEY",
        Key("ELASTICSEARCH_API_KEY"),
        "The API key at Elastic Cloud.",
    )
    .optional(),
    of("externalElasticsearch", "ELASTICSEARCH_CA_CERTS", Constant(BUNDLE), "Whom the client trusts.")
        .optional(),
    named("externalOpenSearch", "opensearch"),
    of("externalOpenSearch", "OPENSEARCH_HOST", Setting("externalOpenSearch.host"), "The host alone."),
    of("externalOpenSearch", "OPENSEARCH_PORT", Setting("externalOpenSearch.port"), "Its port."),
    of(
        "externalOpenSearch",
        "OPENSEARCH_SECURE",
        Setting("externalOpenSearch.secure"),
        "Whether TLS is spoken.",
    ),
    of(
        "externalOpenSearch",
        "OPENSEARCH_VERIFY_CERTS",
        Setting("externalOpenSearch.verifyCerts"),
        "Whether the certificate is checked.",
    ),
    of(
        "externalOpenSearch",
        "OPENSEARCH_AUTH_METHOD",
        Setting("externalOpenSearch.authMethod"),
        "How to log in.",
    ),
    of("externalOpenSearch", "OPENSEARCH_USER", Setting("externalOpenSearch.username"), "The user.")
        .optional(),
    of(
        "externalOpenSearch",
        "OPENSEARCH_AWS_REGION",
        Setting("externalOpenSearch.aws.region"),
        "The region.",
    )
    .optional(),
    of(
        "externalOpenSearch",
        "OPENSEARCH_AWS_SERVICE",
        Setting("externalOpenSearch.aws.service"),
        "The service.",
    ),
    of("externalOpenSearch", "OPENSEARCH_PASSWORD", Key("OPENSEARCH_PASSWORD"), "The password.").optional(),
    named("externalChroma", "chroma"),
    of(
        "externalChroma",
        "CHROMA_HOST",
        Setting("externalChroma.host"),
        "The host; the client never speaks TLS.",
    ),
    of("externalChroma", "CHROMA_PORT", Setting("externalChroma.port"), "Its port."),
    of("externalChroma", "CHROMA_TENANT", Setting("externalChroma.tenant"), "The tenant."),
    of("externalChroma", "CHROMA_DATABASE", Setting("externalChroma.database"), "The database."),
    of(
        "externalChroma",
        "CHROMA_AUTH_PROVIDER",
        Setting("externalChroma.authProvider"),
        "The class of the client that makes the header.",
    )
    .optional(),
    of("externalChroma", "CHROMA_AUTH_CREDENTIALS", Key("CHROMA_AUTH_CREDENTIALS"), "What it makes it of.")
        .optional(),
    named("externalTencentVectorDB", "tencent"),
    of(
        "externalTencentVectorDB",
        "TENCENT_VECTOR_DB_URL",
        Setting("externalTencentVectorDB.url"),
        "The address.",
    ),
    of(
        "externalTencentVectorDB",
        "TENCENT_VECTOR_DB_TIMEOUT",
        Setting("externalTencentVectorDB.timeout"),
        "Seconds.",
    ),
    of(
        "externalTencentVectorDB",
        "TENCENT_VECTOR_DB_USERNAME",
        Setting("externalTencentVectorDB.username"),
        "The account.",
    ),
    of(
        "externalTencentVectorDB",
        "TENCENT_VECTOR_DB_DATABASE",
        Setting("externalTencentVectorDB.database"),
        "The database, which Dify makes.",
    ),
    of(
        "externalTencentVectorDB",
        "TENCENT_VECTOR_DB_SHARD",
        Setting("externalTencentVectorDB.shard"),
        "Shards.",
    ),
    of(
        "externalTencentVectorDB",
        "TENCENT_VECTOR_DB_REPLICAS",
        Setting("externalTencentVectorDB.replicas"),
        "Replicas.",
    ),
    of(
        "externalTencentVectorDB",
        "TENCENT_VECTOR_DB_API_KEY",
        Key("TENCENT_VECTOR_DB_API_KEY"),
        "The API key.",
    ),
    named("externalMyScaleDB", "myscale"),
    of("externalMyScaleDB", "MYSCALE_HOST", Setting("externalMyScaleDB.host"), "The host."),
    of("externalMyScaleDB", "MYSCALE_PORT", Setting("externalMyScaleDB.port"), "Its port."),
    of("externalMyScaleDB", "MYSCALE_USER", Setting("externalMyScaleDB.username"), "The user."),
    of(
        "externalMyScaleDB",
        "MYSCALE_DATABASE",
        Setting("externalMyScaleDB.database"),
        "The database, which Dify makes.",
    ),
    of(
        "externalMyScaleDB",
        "MYSCALE_FTS_PARAMS",
        Setting("externalMyScaleDB.ftsParams"),
        "Of the full text index.",
    )
    .optional(),
    of("externalMyScaleDB", "MYSCALE_PASSWORD", Key("MYSCALE_PASSWORD"), "The password.").optional(),
    named("externalTableStore", "tablestore"),
    of(
        "externalTableStore",
        "TABLESTORE_ENDPOINT",
        Setting("externalTableStore.endpoint"),
        "The instance's URL.",
    ),
    of(
        "externalTableStore",
        "TABLESTORE_INSTANCE_NAME",
        Setting("externalTableStore.instanceName"),
        "Its name.",
    ),
    of(
        "externalTableStore",
        "TABLESTORE_ACCESS_KEY_ID",
        Key("TABLESTORE_ACCESS_KEY_ID"),
        "The access key's id.",
    ),
    of(
        "externalTableStore",
        "TABLESTORE_ACCESS_KEY_SECRET",
        Key("TABLESTORE_ACCESS_KEY_SECRET"),
        "Its secret; requests are signed with it.",
    ),
    of("externalVectorStore", NAME, Setting("externalVectorStore.type"), NAME_DOC),
];
