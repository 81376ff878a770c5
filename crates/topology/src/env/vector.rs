//! The vector store.

use super::{
    APPLICATION, Source::Constant, Source::Host, Source::Key, Source::Setting, Variable,
    When::ExternalPgvector, When::PgvectorInBuiltInPostgres, When::PgvectorInExternalPostgres, When::Qdrant,
    When::Weaviate,
};

/// The bootstrap job makes the database and the extension of pgvector, and of no other store.
const AND_BOOTSTRAP: &[&str] = &["api", "api-websocket", "worker", "beat", "bootstrap"];

/// The group's variables.
pub(super) const VARIABLES: &[Variable] = &[
    Variable::new(
        "VECTOR_STORE",
        AND_BOOTSTRAP,
        Constant("pgvector"),
        "The api checks it at the first dataset, not at its start.",
    )
    .when(ExternalPgvector),
    Variable::new("PGVECTOR_HOST", AND_BOOTSTRAP, Setting("externalPgvector.address"), "The server.")
        .when(ExternalPgvector),
    Variable::new("PGVECTOR_PORT", AND_BOOTSTRAP, Setting("externalPgvector.port"), "Its port.")
        .when(ExternalPgvector),
    Variable::new("PGVECTOR_USER", AND_BOOTSTRAP, Setting("externalPgvector.username"), "The role.")
        .when(ExternalPgvector),
    Variable::new("PGVECTOR_DATABASE", AND_BOOTSTRAP, Setting("externalPgvector.dbName"), "The database.")
        .when(ExternalPgvector),
    Variable::new(
        "VECTOR_STORE",
        APPLICATION,
        Constant("qdrant"),
        "The api checks it at the first dataset, not at its start.",
    )
    .when(Qdrant),
    Variable::new("QDRANT_URL", APPLICATION, Setting("externalQdrant.endpoint"), "The address.").when(Qdrant),
    Variable::new("QDRANT_CLIENT_TIMEOUT", APPLICATION, Setting("externalQdrant.timeout"), "Seconds.")
        .when(Qdrant),
    Variable::new(
        "VECTOR_STORE",
        APPLICATION,
        Constant("weaviate"),
        "The api checks it at the first dataset, not at its start.",
    )
    .when(Weaviate),
    Variable::new(
        "WEAVIATE_ENDPOINT",
        APPLICATION,
        Setting("externalWeaviate.endpoint.http"),
        "The address for HTTP.",
    )
    .when(Weaviate),
    Variable::new(
        "WEAVIATE_GRPC_ENDPOINT",
        APPLICATION,
        Setting("externalWeaviate.endpoint.grpc"),
        "The address for gRPC, which the client tests when it connects.",
    )
    .when(Weaviate),
    Variable::new(
        "VECTOR_STORE",
        AND_BOOTSTRAP,
        Constant("pgvector"),
        "The api checks it at the first dataset, not at its start.",
    )
    .when(PgvectorInExternalPostgres),
    Variable::new("PGVECTOR_HOST", AND_BOOTSTRAP, Setting("externalPostgres.address"), "The server.")
        .when(PgvectorInExternalPostgres),
    Variable::new("PGVECTOR_PORT", AND_BOOTSTRAP, Setting("externalPostgres.port"), "Its port.")
        .when(PgvectorInExternalPostgres),
    Variable::new("PGVECTOR_USER", AND_BOOTSTRAP, Setting("externalPostgres.username"), "The role.")
        .when(PgvectorInExternalPostgres),
    Variable::new(
        "PGVECTOR_DATABASE",
        AND_BOOTSTRAP,
        Setting("externalPostgres.database.vector"),
        "The database.",
    )
    .when(PgvectorInExternalPostgres),
    Variable::new(
        "VECTOR_STORE",
        AND_BOOTSTRAP,
        Constant("pgvector"),
        "The api checks it at the first dataset, not at its start.",
    )
    .when(PgvectorInBuiltInPostgres),
    Variable::new("PGVECTOR_HOST", AND_BOOTSTRAP, Host("postgresql"), "The server.")
        .when(PgvectorInBuiltInPostgres),
    Variable::new(
        "PGVECTOR_PORT",
        AND_BOOTSTRAP,
        Constant("5432"),
        "Its port; the driver's own default is 5433.",
    )
    .when(PgvectorInBuiltInPostgres),
    Variable::new("PGVECTOR_USER", AND_BOOTSTRAP, Constant("dify"), "The role.")
        .when(PgvectorInBuiltInPostgres),
    Variable::new("PGVECTOR_DATABASE", AND_BOOTSTRAP, Constant("dify_vector"), "The database.")
        .when(PgvectorInBuiltInPostgres),
    Variable::new(
        "PGVECTOR_PASSWORD",
        AND_BOOTSTRAP,
        Key("PGVECTOR_PASSWORD"),
        "The password; the driver refuses an empty one.",
    )
    .when(ExternalPgvector),
    Variable::new("QDRANT_API_KEY", APPLICATION, Key("QDRANT_API_KEY"), "The API key.")
        .when(Qdrant)
        .optional(),
    Variable::new("WEAVIATE_API_KEY", APPLICATION, Key("WEAVIATE_API_KEY"), "The API key.")
        .when(Weaviate)
        .optional(),
    Variable::new(
        "PGVECTOR_PASSWORD",
        AND_BOOTSTRAP,
        Key("DB_PASSWORD"),
        "The password; the driver refuses an empty one.",
    )
    .when(PgvectorInExternalPostgres),
    Variable::new(
        "PGVECTOR_PASSWORD",
        AND_BOOTSTRAP,
        Key("DB_PASSWORD"),
        "The password; the driver refuses an empty one.",
    )
    .when(PgvectorInBuiltInPostgres),
];
