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
];
