//! The vector store.

use super::{Demand, Rule, refuse};
use crate::template::Yaml;
use crate::wiring::SOME_VECTOR_STORE;

/// What each store cannot do without, beside its secrets.
const NEEDED: &[(&str, &str)] = &[
    ("externalPgvector", "address"),
    ("externalWeaviate", "endpoint.http"),
    ("externalQdrant", "endpoint"),
    ("externalMilvus", "uri"),
    ("externalOpenSearch", "host"),
    ("externalChroma", "host"),
    ("externalTencentVectorDB", "url"),
    ("externalTencentVectorDB", "username"),
    ("externalMyScaleDB", "host"),
    ("externalTableStore", "endpoint"),
    ("externalTableStore", "instanceName"),
    ("externalVectorStore", "type"),
];

pub(super) const RULES: &[Rule] = &[
    (
        "and .Values.externalPgvector.enabled (hasPrefix \"verify\" .Values.externalPgvector.sslMode) \
         (not (include \"dify.caBundle\" .))",
        "externalPgvector.sslMode asks to verify the server, which Dify cannot without its CA: set global.caBundle",
    ),
    (
        "and .Values.externalElasticsearch.enabled (not .Values.externalElasticsearch.cloud.enabled) \
         (not .Values.externalElasticsearch.host)",
        "externalElasticsearch.enabled is true: set externalElasticsearch.host, or cloud.enabled and cloud.url",
    ),
    (
        "and .Values.externalElasticsearch.cloud.enabled (not .Values.externalElasticsearch.cloud.url)",
        "externalElasticsearch.cloud.enabled is true: set externalElasticsearch.cloud.url",
    ),
    (
        "and .Values.externalElasticsearch.cloud.enabled (not .Values.externalElasticsearch.enabled)",
        "externalElasticsearch.cloud.enabled is true: set externalElasticsearch.enabled to true as well",
    ),
    (
        "and .Values.externalOpenSearch.enabled (eq .Values.externalOpenSearch.authMethod \"aws_managed_iam\") \
         (not .Values.externalOpenSearch.aws.region)",
        "externalOpenSearch.authMethod is aws_managed_iam: set externalOpenSearch.aws.region",
    ),
    (
        "and .Values.externalOpenSearch.enabled (eq .Values.externalOpenSearch.authMethod \"basic\") \
         (not .Values.externalOpenSearch.username)",
        "externalOpenSearch.enabled is true: set externalOpenSearch.username",
    ),
    (
        "and .Values.externalMilvus.enabled (not (or .Values.externalMilvus.user .Values.externalMilvus.token.value \
         .Values.externalMilvus.token.existingSecret.name))",
        "externalMilvus.enabled is true: set externalMilvus.token, or externalMilvus.user and its password",
    ),
];

pub(super) const DEMANDS: &[Demand] = &[
    (".Values.externalPgvector.enabled", "externalPgvector.password"),
    (
        "and .Values.externalMilvus.enabled .Values.externalMilvus.user (not (or .Values.externalMilvus.token.value \
         .Values.externalMilvus.token.existingSecret.name))",
        "externalMilvus.password",
    ),
    (
        "and .Values.externalElasticsearch.enabled (not .Values.externalElasticsearch.cloud.enabled)",
        "externalElasticsearch.password",
    ),
    (".Values.externalElasticsearch.cloud.enabled", "externalElasticsearch.cloud.apiKey"),
    (
        "and .Values.externalOpenSearch.enabled (eq .Values.externalOpenSearch.authMethod \"basic\")",
        "externalOpenSearch.password",
    ),
    (
        "and .Values.externalChroma.enabled .Values.externalChroma.authProvider",
        "externalChroma.authCredentials",
    ),
    (".Values.externalTencentVectorDB.enabled", "externalTencentVectorDB.apiKey"),
    (".Values.externalTableStore.enabled", "externalTableStore.accessKeyId"),
    (".Values.externalTableStore.enabled", "externalTableStore.accessKeySecret"),
];

/// Without a store of its own Dify would keep vectors in the application's PostgreSQL.
pub(super) const MYSQL: Rule = (
    "and .Values.externalMysql.enabled (not (include \"dify.vectorStore\" .))",
    "externalMysql.enabled is true, and MySQL cannot keep vectors: enable a vector store",
);

/// What follows from lists: one store at most, none without its address, and the variables of the other stores.
pub(super) fn write(yaml: &mut Yaml<'_>) {
    yaml.when(&format!("contains \" and \" ({SOME_VECTOR_STORE})"), |yaml| {
        yaml.action(&format!(
            "fail (printf \"%s are enabled: Dify uses one vector store\" ({SOME_VECTOR_STORE}))"
        ));
    });
    for (section, key) in NEEDED {
        let condition = format!("and .Values.{section}.enabled (not .Values.{section}.{key})");
        refuse(yaml, &condition, &format!("{section}.enabled is true: set {section}.{key}"));
    }
    yaml.when(".Values.externalVectorStore.enabled", |yaml| {
        for line in include_str!("../../text/vector-store.tpl").lines() {
            yaml.line(line);
        }
    });
}
