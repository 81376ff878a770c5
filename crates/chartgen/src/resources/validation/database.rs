//! The database.

use super::{Demand, Rule};

pub(super) const RULES: &[Rule] = &[
    (
        "and .Values.externalPostgres.enabled (not .Values.externalPostgres.address)",
        "externalPostgres.enabled is true: set externalPostgres.address",
    ),
    (
        "and .Values.externalMysql.enabled (not .Values.externalMysql.address)",
        "externalMysql.enabled is true: set externalMysql.address",
    ),
    (
        "and .Values.externalPostgres.enabled .Values.externalMysql.enabled",
        "externalPostgres and externalMysql are both enabled: Dify uses one database",
    ),
    (
        "regexMatch \"(^|&)ssl\" .Values.externalPostgres.extraParameters",
        "externalPostgres.extraParameters has a word of TLS: use externalPostgres.sslMode",
    ),
    (
        "regexMatch \"(^|&)ssl\" .Values.externalMysql.extraParameters",
        "externalMysql.extraParameters has a word of TLS: use externalMysql.sslMode",
    ),
];

/// Without a store of its own Dify would keep vectors in the application's PostgreSQL.
pub(super) const MYSQL_VECTORS: &str =
    "externalMysql.enabled is true, and MySQL cannot keep vectors: enable a vector store";

pub(super) const DEMANDS: &[Demand] = &[
    (".Values.externalPostgres.enabled", "externalPostgres.password"),
    (".Values.externalPostgres.admin.username", "externalPostgres.admin.password"),
    (".Values.externalMysql.enabled", "externalMysql.password"),
    (".Values.externalMysql.admin.username", "externalMysql.admin.password"),
];
