//! The vector stores that are described by the names of their variables.

use serde::Serialize;

/// A vector store and the variables that Dify reads for it.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct OtherStore {
    /// Its name in `VECTOR_STORE`.
    pub name: &'static str,
    /// Those without which Dify or its client refuses it, secret or not.
    pub required: &'static [&'static str],
    /// Those that may be printed.
    pub settings: &'static [&'static str],
    /// Those that may not.
    pub secrets: &'static [&'static str],
    /// Of the settings those that only Dify reads, not the probe: sizes, time limits, kinds of index.
    pub tuning: &'static [&'static str],
    /// The first release of Dify that has it, if not all do.
    pub since: Option<&'static str>,
}

impl OtherStore {
    const fn new(
        name: &'static str,
        required: &'static [&'static str],
        settings: &'static [&'static str],
        secrets: &'static [&'static str],
    ) -> Self {
        Self { name, required, settings, secrets, tuning: &[], since: None }
    }

    const fn tuning(self, tuning: &'static [&'static str]) -> Self {
        Self { tuning, ..self }
    }

    const fn since(self, release: &'static str) -> Self {
        Self { since: Some(release), ..self }
    }

    /// Every variable that may stand among the settings.
    pub fn plain(&self) -> impl Iterator<Item = &'static str> {
        self.settings.iter().chain(self.tuning).copied()
    }
}

/// All of them. Read in `api/configs/middleware/vdb` of Dify 1.13 and in vector-probe, which knows what 1.16.1 added.
pub const OTHER_STORES: &[OtherStore] = &[
    OtherStore::new(
        "alibabacloud_mysql",
        &["ALIBABACLOUD_MYSQL_HOST"],
        &[
            "ALIBABACLOUD_MYSQL_HOST",
            "ALIBABACLOUD_MYSQL_PORT",
            "ALIBABACLOUD_MYSQL_USER",
            "ALIBABACLOUD_MYSQL_DATABASE",
            "ALIBABACLOUD_MYSQL_MAX_CONNECTION",
            "ALIBABACLOUD_MYSQL_DISTANCE_FUNCTION",
            "ALIBABACLOUD_MYSQL_HNSW_M",
        ],
        &["ALIBABACLOUD_MYSQL_PASSWORD"],
    )
    .tuning(&["ALIBABACLOUD_MYSQL_CHARSET"]),
    OtherStore::new(
        "analyticdb",
        &["ANALYTICDB_ACCOUNT", "ANALYTICDB_PASSWORD"],
        &[
            "ANALYTICDB_HOST",
            "ANALYTICDB_PORT",
            "ANALYTICDB_ACCOUNT",
            "ANALYTICDB_MIN_CONNECTION",
            "ANALYTICDB_MAX_CONNECTION",
            "ANALYTICDB_KEY_ID",
            "ANALYTICDB_REGION_ID",
            "ANALYTICDB_INSTANCE_ID",
        ],
        &["ANALYTICDB_PASSWORD", "ANALYTICDB_KEY_SECRET", "ANALYTICDB_NAMESPACE_PASSWORD"],
    )
    .tuning(&["ANALYTICDB_NAMESPACE"]),
    OtherStore::new(
        "baidu",
        &[
            "BAIDU_VECTOR_DB_ENDPOINT",
            "BAIDU_VECTOR_DB_ACCOUNT",
            "BAIDU_VECTOR_DB_DATABASE",
            "BAIDU_VECTOR_DB_API_KEY",
        ],
        &["BAIDU_VECTOR_DB_ENDPOINT", "BAIDU_VECTOR_DB_ACCOUNT", "BAIDU_VECTOR_DB_DATABASE"],
        &["BAIDU_VECTOR_DB_API_KEY"],
    )
    .tuning(&[
        "BAIDU_VECTOR_DB_CONNECTION_TIMEOUT_MS",
        "BAIDU_VECTOR_DB_SHARD",
        "BAIDU_VECTOR_DB_REPLICAS",
        "BAIDU_VECTOR_DB_INVERTED_INDEX_ANALYZER",
        "BAIDU_VECTOR_DB_INVERTED_INDEX_PARSER_MODE",
    ]),
    OtherStore::new(
        "clickzetta",
        &["CLICKZETTA_INSTANCE", "CLICKZETTA_USERNAME", "CLICKZETTA_PASSWORD"],
        &[
            "CLICKZETTA_SERVICE",
            "CLICKZETTA_INSTANCE",
            "CLICKZETTA_USERNAME",
            "CLICKZETTA_WORKSPACE",
            "CLICKZETTA_VCLUSTER",
            "CLICKZETTA_SCHEMA",
        ],
        &["CLICKZETTA_PASSWORD"],
    )
    .tuning(&[
        "CLICKZETTA_BATCH_SIZE",
        "CLICKZETTA_ENABLE_INVERTED_INDEX",
        "CLICKZETTA_ANALYZER_TYPE",
        "CLICKZETTA_ANALYZER_MODE",
        "CLICKZETTA_VECTOR_DISTANCE_FUNCTION",
    ]),
    OtherStore::new(
        "couchbase",
        &[
            "COUCHBASE_CONNECTION_STRING",
            "COUCHBASE_USER",
            "COUCHBASE_BUCKET_NAME",
            "COUCHBASE_SCOPE_NAME",
            "COUCHBASE_PASSWORD",
        ],
        &["COUCHBASE_CONNECTION_STRING", "COUCHBASE_USER", "COUCHBASE_BUCKET_NAME", "COUCHBASE_SCOPE_NAME"],
        &["COUCHBASE_PASSWORD"],
    ),
    OtherStore::new(
        "hologres",
        &["HOLOGRES_HOST", "HOLOGRES_DATABASE", "HOLOGRES_ACCESS_KEY_ID", "HOLOGRES_ACCESS_KEY_SECRET"],
        &[
            "HOLOGRES_HOST",
            "HOLOGRES_PORT",
            "HOLOGRES_DATABASE",
            "HOLOGRES_ACCESS_KEY_ID",
            "HOLOGRES_SCHEMA",
            "HOLOGRES_DISTANCE_METHOD",
        ],
        &["HOLOGRES_ACCESS_KEY_SECRET"],
    )
    .tuning(&["HOLOGRES_TOKENIZER"])
    .since("1.16.1"),
    OtherStore::new(
        "huawei_cloud",
        &["HUAWEI_CLOUD_HOSTS"],
        &["HUAWEI_CLOUD_HOSTS", "HUAWEI_CLOUD_USER"],
        &["HUAWEI_CLOUD_PASSWORD"],
    ),
    OtherStore::new(
        "iris",
        &["IRIS_HOST", "IRIS_PASSWORD"],
        &[
            "IRIS_HOST",
            "IRIS_SUPER_SERVER_PORT",
            "IRIS_USER",
            "IRIS_DATABASE",
            "IRIS_MIN_CONNECTION",
            "IRIS_MAX_CONNECTION",
        ],
        &["IRIS_PASSWORD"],
    )
    .tuning(&["IRIS_SCHEMA", "IRIS_TEXT_INDEX", "IRIS_TEXT_INDEX_LANGUAGE"])
    .since("1.13.0"),
    OtherStore::new(
        "lindorm",
        &["LINDORM_URL", "LINDORM_USERNAME", "LINDORM_PASSWORD"],
        &["LINDORM_URL", "LINDORM_USERNAME"],
        &["LINDORM_PASSWORD"],
    )
    .tuning(&[
        "LINDORM_INDEX_TYPE",
        "LINDORM_DISTANCE_TYPE",
        "LINDORM_USING_UGC",
        "LINDORM_QUERY_TIMEOUT",
    ]),
    OtherStore::new(
        "matrixone",
        &["MATRIXONE_HOST", "MATRIXONE_PASSWORD"],
        &["MATRIXONE_HOST", "MATRIXONE_PORT", "MATRIXONE_USER", "MATRIXONE_DATABASE", "MATRIXONE_METRIC"],
        &["MATRIXONE_PASSWORD"],
    ),
    OCEANBASE,
    OtherStore::new(
        "opengauss",
        &["OPENGAUSS_HOST", "OPENGAUSS_USER", "OPENGAUSS_DATABASE", "OPENGAUSS_PASSWORD"],
        &[
            "OPENGAUSS_HOST",
            "OPENGAUSS_PORT",
            "OPENGAUSS_USER",
            "OPENGAUSS_DATABASE",
            "OPENGAUSS_MIN_CONNECTION",
            "OPENGAUSS_MAX_CONNECTION",
            "OPENGAUSS_ENABLE_PQ",
        ],
        &["OPENGAUSS_PASSWORD"],
    ),
    OtherStore::new(
        "oracle",
        &["ORACLE_USER", "ORACLE_DSN", "ORACLE_PASSWORD"],
        &["ORACLE_USER", "ORACLE_DSN", "ORACLE_IS_AUTONOMOUS", "ORACLE_CONFIG_DIR", "ORACLE_WALLET_LOCATION"],
        &["ORACLE_PASSWORD", "ORACLE_WALLET_PASSWORD"],
    ),
    OtherStore::new(
        "pgvecto-rs",
        &["PGVECTO_RS_HOST", "PGVECTO_RS_USER", "PGVECTO_RS_DATABASE", "PGVECTO_RS_PASSWORD"],
        &["PGVECTO_RS_HOST", "PGVECTO_RS_PORT", "PGVECTO_RS_USER", "PGVECTO_RS_DATABASE"],
        &["PGVECTO_RS_PASSWORD"],
    ),
    OtherStore::new(
        "relyt",
        &["RELYT_HOST", "RELYT_USER", "RELYT_PASSWORD"],
        &["RELYT_HOST", "RELYT_PORT", "RELYT_USER", "RELYT_DATABASE"],
        &["RELYT_PASSWORD"],
    ),
    OtherStore { name: "seekdb", ..OCEANBASE }.since("1.16.1"),
    OtherStore::new(
        "tidb_on_qdrant",
        &[
            "TIDB_ON_QDRANT_URL",
            "TIDB_API_URL",
            "TIDB_ON_QDRANT_API_KEY",
            "TIDB_PUBLIC_KEY",
            "TIDB_PRIVATE_KEY",
        ],
        &[
            "TIDB_ON_QDRANT_URL",
            "TIDB_ON_QDRANT_GRPC_ENABLED",
            "TIDB_ON_QDRANT_GRPC_PORT",
            "TIDB_API_URL",
            "TIDB_PROJECT_ID",
            "TIDB_REGION",
        ],
        &["TIDB_ON_QDRANT_API_KEY", "TIDB_PUBLIC_KEY", "TIDB_PRIVATE_KEY"],
    )
    .tuning(&["TIDB_ON_QDRANT_CLIENT_TIMEOUT", "TIDB_IAM_API_URL", "TIDB_SPEND_LIMIT"]),
    OtherStore::new(
        "tidb_vector",
        &["TIDB_VECTOR_HOST", "TIDB_VECTOR_USER", "TIDB_VECTOR_DATABASE"],
        &["TIDB_VECTOR_HOST", "TIDB_VECTOR_PORT", "TIDB_VECTOR_USER", "TIDB_VECTOR_DATABASE"],
        &["TIDB_VECTOR_PASSWORD"],
    ),
    OtherStore::new(
        "upstash",
        &["UPSTASH_VECTOR_URL", "UPSTASH_VECTOR_TOKEN"],
        &["UPSTASH_VECTOR_URL"],
        &["UPSTASH_VECTOR_TOKEN"],
    ),
    OtherStore::new(
        "valkey",
        &["VALKEY_HOST"],
        &["VALKEY_HOST", "VALKEY_PORT", "VALKEY_DB", "VALKEY_USE_SSL"],
        &["VALKEY_PASSWORD"],
    )
    .tuning(&["VALKEY_DISTANCE_METRIC"])
    .since("1.17.0"),
    OtherStore::new(
        "vastbase",
        &["VASTBASE_HOST", "VASTBASE_USER", "VASTBASE_DATABASE", "VASTBASE_PASSWORD"],
        &[
            "VASTBASE_HOST",
            "VASTBASE_PORT",
            "VASTBASE_USER",
            "VASTBASE_DATABASE",
            "VASTBASE_MIN_CONNECTION",
            "VASTBASE_MAX_CONNECTION",
        ],
        &["VASTBASE_PASSWORD"],
    ),
    OtherStore::new(
        "vikingdb",
        &["VIKINGDB_ACCESS_KEY", "VIKINGDB_SECRET_KEY"],
        &["VIKINGDB_HOST", "VIKINGDB_SCHEME", "VIKINGDB_REGION"],
        &["VIKINGDB_ACCESS_KEY", "VIKINGDB_SECRET_KEY"],
    )
    .tuning(&["VIKINGDB_CONNECTION_TIMEOUT", "VIKINGDB_SOCKET_TIMEOUT"]),
];

/// `OceanBase`, and seekdb, which is its small brother and reads the same variables.
const OCEANBASE: OtherStore = OtherStore::new(
    "oceanbase",
    &["OCEANBASE_VECTOR_HOST", "OCEANBASE_VECTOR_USER", "OCEANBASE_VECTOR_DATABASE"],
    &[
        "OCEANBASE_VECTOR_HOST",
        "OCEANBASE_VECTOR_PORT",
        "OCEANBASE_VECTOR_USER",
        "OCEANBASE_VECTOR_DATABASE",
        "OCEANBASE_ENABLE_HYBRID_SEARCH",
        "OCEANBASE_FULLTEXT_PARSER",
    ],
    &["OCEANBASE_VECTOR_PASSWORD"],
);
