//! Decisions that several variables hang on: which database, which Redis. Where files are kept is decided in `storage`, where vectors
//! are kept in `vector`.

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
];
