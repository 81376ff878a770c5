//! The vector store.

mod external;
mod other;

use super::{
    APPLICATION, Source,
    Source::{Address, Computed, Constant, Host, Key, Setting},
    Variable,
    When::{self, PgvectorInBuiltInPostgres, PgvectorInExternalPostgres, Vector},
    trust,
};

pub(super) use external::VARIABLES as EXTERNAL;
pub use other::{OTHER_STORES, OtherStore};

/// The sections of the values that describe a vector store. At most one of them is enabled; without any the application's
/// PostgreSQL is the vector store too.
pub const VECTOR_STORES: &[&str] = &[
    "externalPgvector",
    "externalWeaviate",
    "externalQdrant",
    "externalMilvus",
    "externalElasticsearch",
    "externalOpenSearch",
    "externalChroma",
    "externalTencentVectorDB",
    "externalMyScaleDB",
    "externalTableStore",
    "externalVectorStore",
    "weaviate",
    "qdrant",
];

/// The bootstrap job makes the database and the extension of pgvector, and of no other store.
const AND_BOOTSTRAP: &[&str] = &["api", "api-websocket", "worker", "beat", "bootstrap"];

const NAME: &str = "VECTOR_STORE";
const NAME_DOC: &str = "The api checks it at the first dataset, not at its start.";

/// A variable of the store that this section of the values describes.
const fn of(section: &'static str, name: &'static str, source: Source, doc: &'static str) -> Variable {
    Variable::new(name, APPLICATION, source, doc).when(Vector(section))
}

/// The store's own name.
const fn named(section: &'static str, name: &'static str) -> Variable {
    of(section, NAME, Constant(name), NAME_DOC)
}

/// A variable of pgvector, which the bootstrap job reads too.
const fn pgvector(when: When, name: &'static str, source: Source, doc: &'static str) -> Variable {
    Variable::new(name, AND_BOOTSTRAP, source, doc).when(when)
}

const PASSWORD_DOC: &str = "The password; the driver refuses an empty one.";

/// pgvector, Weaviate and Qdrant: the stores that the chart can bring along.
pub(super) const VARIABLES: &[Variable] = &[
    pgvector(Vector("externalPgvector"), NAME, Constant("pgvector"), NAME_DOC),
    pgvector(Vector("externalPgvector"), "PGVECTOR_HOST", Setting("externalPgvector.address"), "The server."),
    pgvector(Vector("externalPgvector"), "PGVECTOR_PORT", Setting("externalPgvector.port"), "Its port."),
    pgvector(Vector("externalPgvector"), "PGVECTOR_USER", Setting("externalPgvector.username"), "The role."),
    pgvector(
        Vector("externalPgvector"),
        "PGVECTOR_DATABASE",
        Setting("externalPgvector.dbName"),
        "The database.",
    ),
    pgvector(Vector("externalPgvector"), "PGVECTOR_PASSWORD", Key("PGVECTOR_PASSWORD"), PASSWORD_DOC),
    pgvector(
        Vector("externalPgvector"),
        "PGSSLMODE",
        Setting("externalPgvector.sslMode"),
        "Dify has no TLS settings for this store, but the library below it reads this.",
    ),
    pgvector(Vector("externalPgvector"), "PGSSLROOTCERT", Constant(trust::BUNDLE), "The CA for that.")
        .optional(),
    pgvector(PgvectorInExternalPostgres, NAME, Constant("pgvector"), NAME_DOC),
    pgvector(PgvectorInExternalPostgres, "PGVECTOR_HOST", Setting("externalPostgres.address"), "The server."),
    pgvector(PgvectorInExternalPostgres, "PGVECTOR_PORT", Setting("externalPostgres.port"), "Its port."),
    pgvector(PgvectorInExternalPostgres, "PGVECTOR_USER", Setting("externalPostgres.username"), "The role."),
    pgvector(
        PgvectorInExternalPostgres,
        "PGVECTOR_DATABASE",
        Setting("externalPostgres.database.vector"),
        "The database.",
    ),
    pgvector(PgvectorInExternalPostgres, "PGVECTOR_PASSWORD", Key("DB_PASSWORD"), PASSWORD_DOC),
    pgvector(PgvectorInBuiltInPostgres, NAME, Constant("pgvector"), NAME_DOC),
    pgvector(PgvectorInBuiltInPostgres, "PGVECTOR_HOST", Host("postgresql"), "The server."),
    pgvector(
        PgvectorInBuiltInPostgres,
        "PGVECTOR_PORT",
        Constant("5432"),
        "Its port; the driver's own default is 5433.",
    ),
    pgvector(PgvectorInBuiltInPostgres, "PGVECTOR_USER", Constant("dify"), "The role."),
    pgvector(PgvectorInBuiltInPostgres, "PGVECTOR_DATABASE", Constant("dify_vector"), "The database."),
    pgvector(PgvectorInBuiltInPostgres, "PGVECTOR_PASSWORD", Key("DB_PASSWORD"), PASSWORD_DOC),
    named("externalWeaviate", "weaviate"),
    of(
        "externalWeaviate",
        "WEAVIATE_ENDPOINT",
        Setting("externalWeaviate.endpoint.http"),
        "The address for HTTP.",
    ),
    of("externalWeaviate", "WEAVIATE_GRPC_ENDPOINT", Setting("externalWeaviate.endpoint.grpc"), GRPC_DOC)
        .optional(),
    of("externalWeaviate", "WEAVIATE_API_KEY", Key("WEAVIATE_API_KEY"), "The API key.").optional(),
    named("weaviate", "weaviate"),
    of("weaviate", "WEAVIATE_ENDPOINT", Address("weaviate", ""), "The address for HTTP."),
    of(
        "weaviate",
        "WEAVIATE_GRPC_ENDPOINT",
        Computed("the built-in Weaviate, as grpc://host:port"),
        GRPC_DOC,
    ),
    of("weaviate", "WEAVIATE_API_KEY", Key("WEAVIATE_API_KEY"), "The API key."),
    named("externalQdrant", "qdrant"),
    of("externalQdrant", "QDRANT_URL", Setting("externalQdrant.endpoint"), "The address."),
    of("externalQdrant", "QDRANT_CLIENT_TIMEOUT", Setting("externalQdrant.timeout"), "Seconds."),
    of(
        "externalQdrant",
        "QDRANT_GRPC_ENABLED",
        Setting("externalQdrant.grpc.enabled"),
        "Whether gRPC is used.",
    ),
    of("externalQdrant", "QDRANT_GRPC_PORT", Setting("externalQdrant.grpc.port"), "Its port."),
    of("externalQdrant", "QDRANT_API_KEY", Key("QDRANT_API_KEY"), "The API key.").optional(),
    named("qdrant", "qdrant"),
    of("qdrant", "QDRANT_URL", Address("qdrant", ""), "The address."),
    of("qdrant", "QDRANT_API_KEY", Key("QDRANT_API_KEY"), "The API key."),
];

const GRPC_DOC: &str =
    "The address for gRPC, which the client tests when it connects; unset it is port 50051 of the same host.";
