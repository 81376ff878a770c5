//! The sub-charts of the old chart: PostgreSQL, Redis and Weaviate.

use super::Rule::{By, Dropped, Refused, To};
use crate::migrate::{carry, stores};

pub(super) const RULES: super::Rules = &[
    (
        "postgresql.enabled",
        By(stores::postgresql, "the built-in PostgreSQL runs unless an external database is enabled"),
    ),
    ("postgresql.primary.persistence.size", To("postgresql.persistence.size")),
    ("postgresql.primary.persistence.storageClass", To("postgresql.persistence.storageClass")),
    (
        "postgresql.primary.persistence.existingClaim",
        Refused("its data folder is not that of the chart's own PostgreSQL: dump and restore it"),
    ),
    ("postgresql.primary.resources", By(carry::store_resources, "it is now postgresql.resources")),
    ("postgresql.primary.nodeSelector", To("postgresql.nodeSelector")),
    ("postgresql.primary.affinity", To("postgresql.affinity")),
    ("postgresql.primary.tolerations", To("postgresql.tolerations")),
    (
        "postgresql",
        Dropped("the built-in PostgreSQL is the chart's own: one server, a password made in the cluster"),
    ),
    ("redis.enabled", By(stores::redis, "the built-in Redis runs unless externalRedis is enabled")),
    ("redis.master.persistence.size", To("redis.persistence.size")),
    ("redis.master.persistence.storageClass", To("redis.persistence.storageClass")),
    (
        "redis.master.persistence.existingClaim",
        Refused("queues and caches are not carried over; let the old workers finish before the move"),
    ),
    ("redis.master.resources", By(carry::store_resources, "it is now redis.resources")),
    ("redis.master.nodeSelector", To("redis.nodeSelector")),
    ("redis.master.affinity", To("redis.affinity")),
    ("redis.master.tolerations", To("redis.tolerations")),
    (
        "redis.sentinel.enabled",
        Refused("the built-in Redis is one server; use externalRedis.sentinel for a set of them"),
    ),
    ("redis", Dropped("the built-in Redis is the chart's own: one server, a password made in the cluster")),
    (
        "weaviate.enabled",
        By(
            stores::weaviate,
            "without an external vector store the application's PostgreSQL keeps the vectors",
        ),
    ),
    (
        "weaviate",
        Dropped("the chart has no Weaviate sub-chart; the line of weaviate.enabled says what to do"),
    ),
    ("externalSecret", Dropped("the ExternalSecrets stand in extraObjects now")),
];
