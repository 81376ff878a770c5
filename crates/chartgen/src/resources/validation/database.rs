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
        "and .Values.global.caBundle.existingConfigMap .Values.global.caBundle.existingSecret",
        "global.caBundle has both an existingConfigMap and an existingSecret: keep one",
    ),
    (
        "and .Values.externalPostgres.enabled (hasPrefix \"verify\" .Values.externalPostgres.sslMode) (not (include \"dify.caBundle\" .))",
        "externalPostgres.sslMode asks to verify the server, which Dify cannot without its CA: set global.caBundle",
    ),
    (
        "and .Values.externalPostgres.clientCertificate (eq .Values.externalPostgres.sslMode \"disable\")",
        "externalPostgres.clientCertificate is never shown without TLS: set externalPostgres.sslMode",
    ),
    (
        "and .Values.externalMysql.enabled (eq .Values.externalMysql.sslMode \"verify-full\") (not (include \"dify.caBundle\" .))",
        "externalMysql.sslMode asks to verify the server, which Dify cannot without its CA: set global.caBundle",
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

pub(super) const DEMANDS: &[Demand] = &[
    (".Values.externalPostgres.enabled", "externalPostgres.password"),
    (".Values.externalPostgres.admin.username", "externalPostgres.admin.password"),
    (".Values.externalMysql.enabled", "externalMysql.password"),
    (".Values.externalMysql.admin.username", "externalMysql.admin.password"),
];
