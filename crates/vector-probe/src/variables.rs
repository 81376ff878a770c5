//! Every variable that is read, by store; the docs are made from it.

use preflight::Variable;

/// What `vector-probe` reads.
pub const VARIABLES: &[Variable] = &[
    // Which store, for which Dify.
    Variable::plain("VECTOR_STORE", "", "The store that new knowledge bases are made in"),
    Variable::plain(
        "PREFLIGHT_DIFY_VERSION",
        "",
        "Release of Dify, such as 1.16.1: refuses a server that the client library of this release cannot talk to",
    ),
    // Weaviate.
    Variable::plain("WEAVIATE_ENDPOINT", "", "URL of the HTTP API"),
    Variable::plain(
        "WEAVIATE_GRPC_ENDPOINT",
        "the same host, 50051",
        "The gRPC API, such as grpc://weaviate:50051",
    ),
    Variable::plain("WEAVIATE_GRPC_ENABLED", "true", "Whether gRPC is used; only Dify 1.10.1 can do without"),
    Variable::secret("WEAVIATE_API_KEY", "One of the server's AUTHENTICATION_APIKEY_ALLOWED_KEYS"),
    // Milvus, Zilliz Cloud.
    Variable::plain("MILVUS_URI", "http://127.0.0.1:19530", "URI of the gRPC API; https speaks TLS"),
    Variable::secret("MILVUS_TOKEN", "Token, or user:password; goes before the two below"),
    Variable::plain("MILVUS_USER", "", "User; Dify needs one, whether the server does or not"),
    Variable::secret("MILVUS_PASSWORD", "Password"),
    Variable::plain("MILVUS_DATABASE", "default", "Database"),
    Variable::plain(
        "MILVUS_ENABLE_HYBRID_SEARCH",
        "true",
        "Whether full text search is used, which Milvus has since 2.5",
    ),
    Variable::plain("MILVUS_SECURE", "false", "Whether TLS is spoken; from Dify 1.16 on"),
    Variable::plain("MILVUS_SERVER_PEM_PATH", "", "File with the CA of the server; from Dify 1.16 on"),
    Variable::plain(
        "MILVUS_SERVER_NAME",
        "the host",
        "The name that the certificate is for; from Dify 1.16 on",
    ),
    // Chroma.
    Variable::plain(
        "CHROMA_HOST",
        "",
        "Host; what begins with http is taken for a URL, and its port counts alone",
    ),
    Variable::plain("CHROMA_PORT", "8000", "Port"),
    Variable::plain("CHROMA_TENANT", "default_tenant", "Tenant"),
    Variable::plain("CHROMA_DATABASE", "default_database", "Database"),
    Variable::plain(
        "CHROMA_AUTH_PROVIDER",
        "",
        "Class of the client that makes the header, for a token or a password",
    ),
    Variable::secret("CHROMA_AUTH_CREDENTIALS", "The token, or user:password"),
    // Qdrant.
    Variable::plain("QDRANT_URL", "", "URL of the HTTP API; the port is 6333 where it names none"),
    Variable::secret("QDRANT_API_KEY", "The server's API key"),
    Variable::plain("QDRANT_GRPC_ENABLED", "false", "Whether Dify uses gRPC"),
    Variable::plain("QDRANT_GRPC_PORT", "6334", "Port of the gRPC API"),
    // pgvector.
    Variable::plain("PGVECTOR_HOST", "", "Host of the PostgreSQL with pgvector"),
    Variable::plain("PGVECTOR_PORT", "5433", "Its port"),
    Variable::plain("PGVECTOR_USER", "", "Role"),
    Variable::secret("PGVECTOR_PASSWORD", "Password; Dify needs one"),
    Variable::plain("PGVECTOR_DATABASE", "", "Database"),
    Variable::plain("PGVECTOR_PG_BIGM", "false", "Whether full text search uses the extension pg_bigm"),
    Variable::plain(
        "PGSSLMODE",
        "prefer",
        "TLS of the stores that speak PostgreSQL; read by the library below Dify's client",
    ),
    Variable::plain("PGSSLROOTCERT", "", "File with the CA of such a server"),
    Variable::plain("PGSSLCERT", "", "File with a client certificate for it"),
    Variable::plain("PGSSLKEY", "", "File with the key of that certificate"),
    // Relyt.
    Variable::plain("RELYT_HOST", "", "Host of Relyt"),
    Variable::plain("RELYT_PORT", "9200", "Its port"),
    Variable::plain(
        "RELYT_USER",
        "",
        "Role; Dify writes it into a URL, so a : or / must be quoted, as in %3A",
    ),
    Variable::secret("RELYT_PASSWORD", "Password; Dify writes it into a URL, so a @ must be quoted as %40"),
    Variable::plain("RELYT_DATABASE", "default", "Database"),
    // openGauss.
    Variable::plain("OPENGAUSS_HOST", "", "Host of openGauss"),
    Variable::plain("OPENGAUSS_PORT", "6600", "Its port"),
    Variable::plain(
        "OPENGAUSS_USER",
        "",
        "Role; not the one that openGauss was installed with, which may not log in from elsewhere",
    ),
    Variable::secret(
        "OPENGAUSS_PASSWORD",
        "Password, stored at the server for md5 too (password_encryption_type = 1)",
    ),
    Variable::plain("OPENGAUSS_DATABASE", "", "Database"),
    Variable::plain("OPENGAUSS_MIN_CONNECTION", "1", "Smallest size of Dify's pool"),
    Variable::plain("OPENGAUSS_MAX_CONNECTION", "5", "Largest size of Dify's pool"),
    Variable::plain("OPENGAUSS_ENABLE_PQ", "false", "Whether indexes are made with product quantization"),
    // Vastbase.
    Variable::plain("VASTBASE_HOST", "", "Host of Vastbase"),
    Variable::plain("VASTBASE_PORT", "5432", "Its port"),
    Variable::plain("VASTBASE_USER", "", "Role"),
    Variable::secret(
        "VASTBASE_PASSWORD",
        "Password, stored at the server for md5 too (password_encryption_type = 1)",
    ),
    Variable::plain("VASTBASE_DATABASE", "", "Database"),
    Variable::plain("VASTBASE_MIN_CONNECTION", "1", "Smallest size of Dify's pool"),
    Variable::plain("VASTBASE_MAX_CONNECTION", "5", "Largest size of Dify's pool"),
    // Hologres.
    Variable::plain("HOLOGRES_HOST", "", "Host of Hologres"),
    Variable::plain("HOLOGRES_PORT", "80", "Its port"),
    Variable::plain("HOLOGRES_DATABASE", "", "Database"),
    Variable::plain("HOLOGRES_ACCESS_KEY_ID", "", "Access key id, which is the role's name"),
    Variable::secret("HOLOGRES_ACCESS_KEY_SECRET", "Secret of the access key, which is the password"),
    Variable::plain("HOLOGRES_SCHEMA", "public", "Schema that Dify makes its tables in"),
    Variable::plain("HOLOGRES_DISTANCE_METHOD", "Cosine", "Cosine, Euclidean or InnerProduct"),
    // pgvecto.rs.
    Variable::plain("PGVECTO_RS_HOST", "", "Host of the PostgreSQL with pgvecto.rs"),
    Variable::plain("PGVECTO_RS_PORT", "5431", "Its port"),
    Variable::plain(
        "PGVECTO_RS_USER",
        "",
        "Role; Dify writes it into a URL, so a : or / must be quoted, as in %3A",
    ),
    Variable::secret(
        "PGVECTO_RS_PASSWORD",
        "Password; Dify writes it into a URL, so a @ must be quoted as %40",
    ),
    Variable::plain("PGVECTO_RS_DATABASE", "", "Database"),
    // OceanBase and seekdb.
    Variable::plain("OCEANBASE_VECTOR_HOST", "", "Host of OceanBase or seekdb"),
    Variable::plain("OCEANBASE_VECTOR_PORT", "2881", "Its port"),
    Variable::plain("OCEANBASE_VECTOR_USER", "", "User, at OceanBase with its tenant, as in root@test"),
    Variable::secret("OCEANBASE_VECTOR_PASSWORD", "Password, if the user has one"),
    Variable::plain("OCEANBASE_VECTOR_DATABASE", "", "Database"),
    Variable::plain(
        "OCEANBASE_ENABLE_HYBRID_SEARCH",
        "false",
        "Whether tables have an index for full text too (4.3.5.1 and newer)",
    ),
    Variable::plain("OCEANBASE_FULLTEXT_PARSER", "ik", "Parser of that index"),
    // TiDB.
    Variable::plain("TIDB_VECTOR_HOST", "", "Host of TiDB"),
    Variable::plain("TIDB_VECTOR_PORT", "4000", "Its port"),
    Variable::plain(
        "TIDB_VECTOR_USER",
        "",
        "User; Dify writes it into a URL, so a : or / must be quoted, as in %3A",
    ),
    Variable::secret(
        "TIDB_VECTOR_PASSWORD",
        "Password; Dify writes it into a URL, so a @ must be quoted as %40",
    ),
    Variable::plain("TIDB_VECTOR_DATABASE", "", "Database"),
    Variable::plain(
        "SSL_CERT_FILE",
        "",
        "File with the CAs that Dify's client trusts for TiDB, where they are not the usual ones",
    ),
    // MatrixOne.
    Variable::plain("MATRIXONE_HOST", "localhost", "Host of MatrixOne"),
    Variable::plain("MATRIXONE_PORT", "6001", "Its port"),
    Variable::plain(
        "MATRIXONE_USER",
        "dump",
        "User; Dify writes it into a URL, so a : or / must be quoted, as in %3A",
    ),
    Variable::secret(
        "MATRIXONE_PASSWORD",
        "Password (MatrixOne's own default where it is not set); Dify writes it into a URL, so a @ must be quoted as %40",
    ),
    Variable::plain("MATRIXONE_DATABASE", "dify", "Database"),
    Variable::plain("MATRIXONE_METRIC", "l2", "l2 or cosine"),
    // RDS for MySQL at Alibaba Cloud.
    Variable::plain("ALIBABACLOUD_MYSQL_HOST", "localhost", "Host of RDS for MySQL"),
    Variable::plain("ALIBABACLOUD_MYSQL_PORT", "3306", "Its port"),
    Variable::plain("ALIBABACLOUD_MYSQL_USER", "root", "User"),
    Variable::secret("ALIBABACLOUD_MYSQL_PASSWORD", "Password, if the user has one"),
    Variable::plain("ALIBABACLOUD_MYSQL_DATABASE", "dify", "Database"),
    Variable::plain("ALIBABACLOUD_MYSQL_MAX_CONNECTION", "5", "Size of Dify's pool, 32 at most"),
    Variable::plain("ALIBABACLOUD_MYSQL_DISTANCE_FUNCTION", "cosine", "cosine or euclidean"),
    Variable::plain("ALIBABACLOUD_MYSQL_HNSW_M", "6", "Neighbours of a vector in the index, 3 to 200"),
    // TiDB Cloud behind Qdrant's API.
    Variable::plain("TIDB_ON_QDRANT_URL", "", "URL of Qdrant's API"),
    Variable::secret("TIDB_ON_QDRANT_API_KEY", "A key for it; every workspace gets one of its own"),
    Variable::plain("TIDB_ON_QDRANT_GRPC_ENABLED", "false", "Whether Dify uses gRPC"),
    Variable::plain("TIDB_ON_QDRANT_GRPC_PORT", "6334", "Port of the gRPC API"),
    Variable::plain("TIDB_API_URL", "", "URL of TiDB Cloud's API, with its version"),
    Variable::secret("TIDB_PUBLIC_KEY", "Public part of the API key"),
    Variable::secret("TIDB_PRIVATE_KEY", "Private part of the API key; it is proven, not sent"),
    Variable::plain("TIDB_PROJECT_ID", "", "Project that clusters are made in"),
    Variable::plain("TIDB_REGION", "regions/aws-us-east-1", "Region that clusters are made in"),
    // Oracle.
    Variable::plain("ORACLE_USER", "", "User"),
    Variable::secret("ORACLE_PASSWORD", "Password; not tried, because only Oracle's own driver can log in"),
    Variable::plain(
        "ORACLE_DSN",
        "",
        "Connect string: host:port/service, a descriptor, or a name from tnsnames.ora",
    ),
    Variable::plain(
        "ORACLE_IS_AUTONOMOUS",
        "false",
        "Whether it is an Autonomous Database, reached with a wallet",
    ),
    Variable::plain("ORACLE_CONFIG_DIR", "", "Folder with tnsnames.ora, for an Autonomous Database"),
    Variable::plain("ORACLE_WALLET_LOCATION", "", "Folder with ewallet.pem, for an Autonomous Database"),
    Variable::secret("ORACLE_WALLET_PASSWORD", "Password of the wallet"),
    Variable::plain("TNS_ADMIN", "", "Folder with tnsnames.ora, for any other database"),
    // VikingDB.
    Variable::plain("VIKINGDB_HOST", "api-vikingdb.mlp.cn-shanghai.volces.com", "Host of the API"),
    Variable::plain("VIKINGDB_SCHEME", "http", "http or https"),
    Variable::plain("VIKINGDB_REGION", "cn-shanghai", "Region of the account's collections"),
    Variable::secret("VIKINGDB_ACCESS_KEY", "Access key"),
    Variable::secret("VIKINGDB_SECRET_KEY", "Its secret; requests are signed with it"),
    // Tablestore.
    Variable::plain("TABLESTORE_ENDPOINT", "", "URL of the instance"),
    Variable::plain("TABLESTORE_INSTANCE_NAME", "", "Name of the instance"),
    Variable::secret("TABLESTORE_ACCESS_KEY_ID", "Access key id"),
    Variable::secret("TABLESTORE_ACCESS_KEY_SECRET", "Its secret; requests are signed with it"),
    // ClickZetta.
    Variable::plain(
        "CLICKZETTA_SERVICE",
        "api.clickzetta.com",
        "Host of the API; it is spoken to over HTTPS",
    ),
    Variable::plain("CLICKZETTA_INSTANCE", "", "Instance"),
    Variable::plain("CLICKZETTA_USERNAME", "", "User"),
    Variable::secret("CLICKZETTA_PASSWORD", "Password"),
    Variable::plain("CLICKZETTA_WORKSPACE", "default", "Workspace"),
    Variable::plain("CLICKZETTA_VCLUSTER", "default_ap", "Virtual cluster"),
    Variable::plain("CLICKZETTA_SCHEMA", "public", "Schema"),
    // InterSystems IRIS.
    Variable::plain("IRIS_HOST", "localhost", "Host of IRIS"),
    Variable::plain("IRIS_SUPER_SERVER_PORT", "1972", "Port of the superserver"),
    Variable::plain("IRIS_USER", "_SYSTEM", "User"),
    Variable::secret(
        "IRIS_PASSWORD",
        "Password; not tried, because only InterSystems' own driver can log in",
    ),
    Variable::plain("IRIS_DATABASE", "USER", "Namespace"),
    Variable::plain("IRIS_MIN_CONNECTION", "1", "Smallest size of Dify's pool"),
    Variable::plain("IRIS_MAX_CONNECTION", "3", "Largest size of Dify's pool"),
];
