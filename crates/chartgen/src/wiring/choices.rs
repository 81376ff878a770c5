//! Decisions that several variables hang on: which database, which Redis, where files and vectors are kept.

use topology::When;

/// One decision that several variables hang on, as branches of one condition. The last branch is the `else`.
pub(super) type Choice = &'static [(When, &'static str)];

pub(super) const CHOICES: &[(&str, Choice)] = &[
    (
        "Database",
        &[
            (When::ExternalPostgres, ".Values.externalPostgres.enabled"),
            (When::ExternalMysql, ".Values.externalMysql.enabled"),
            (When::BuiltInPostgres, ""),
        ],
    ),
    (
        "Redis",
        &[
            (When::SentinelRedis, ".Values.externalRedis.sentinel.enabled"),
            (When::ExternalRedis, ".Values.externalRedis.enabled"),
            (When::BuiltInRedis, ""),
        ],
    ),
    ("A CA bundle", &[(When::CaBundle, "include \"dify.caBundle\" .")]),
    ("Files", &[(When::S3, ".Values.externalS3.enabled"), (When::LocalStorage, "")]),
    (
        "Vector store",
        &[
            (When::ExternalPgvector, ".Values.externalPgvector.enabled"),
            (When::Qdrant, ".Values.externalQdrant.enabled"),
            (When::Weaviate, ".Values.externalWeaviate.enabled"),
            (When::PgvectorInExternalPostgres, ".Values.externalPostgres.enabled"),
            (When::PgvectorInBuiltInPostgres, ""),
        ],
    ),
];

/// The conditions under which vectors are kept elsewhere than beside the application's data.
pub(crate) fn vector_stores() -> impl Iterator<Item = &'static str> {
    CHOICES
        .iter()
        .flat_map(|(_, choice)| choice.iter())
        .take_while(|(when, _)| *when != When::PgvectorInExternalPostgres)
        .skip_while(|(when, _)| *when != When::ExternalPgvector)
        .map(|(_, condition)| *condition)
}
