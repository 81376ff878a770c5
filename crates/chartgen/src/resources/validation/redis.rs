//! Redis.

use super::{Demand, Rule};

pub(super) const RULES: &[Rule] = &[
    (
        "and .Values.externalRedis.cluster.enabled (not .Values.externalRedis.enabled)",
        "externalRedis.cluster.enabled is true: set externalRedis.enabled to true as well",
    ),
    (
        "and .Values.externalRedis.cluster.enabled .Values.externalRedis.sentinel.enabled",
        "externalRedis.cluster and externalRedis.sentinel are both enabled: keep one",
    ),
    (
        "and .Values.externalRedis.cluster.enabled (not .Values.externalRedis.host)",
        "a Redis Cluster cannot carry Celery's queues: set externalRedis.host to a Redis of its own that is no Cluster",
    ),
    (
        "and .Values.externalRedis.cluster.enabled (not .Values.externalRedis.cluster.nodes)",
        "externalRedis.cluster.enabled is true: list host:port of some nodes in externalRedis.cluster.nodes",
    ),
    (
        "and .Values.externalRedis.enabled (not (or .Values.externalRedis.host .Values.externalRedis.sentinel.enabled))",
        "externalRedis.enabled is true: set externalRedis.host or externalRedis.sentinel.enabled",
    ),
    (
        "and .Values.externalRedis.sentinel.enabled (not .Values.externalRedis.enabled)",
        "externalRedis.sentinel.enabled is true: set externalRedis.enabled to true as well",
    ),
    (
        "and .Values.externalRedis.sentinel.enabled (not .Values.externalRedis.sentinel.sentinels)",
        "externalRedis.sentinel.enabled is true: list host:port of each in externalRedis.sentinel.sentinels",
    ),
    (
        "and .Values.externalRedis.sentinel.enabled .Values.externalRedis.useSSL",
        "externalRedis.useSSL has no effect on Dify behind Sentinels: set it to false or use one server",
    ),
    (
        "and .Values.externalRedis.sentinel.enabled .Values.agentBackend.enabled",
        "the agent backend cannot ask Sentinels for the master: set agentBackend.enabled to false or use one server",
    ),
];

pub(super) const DEMANDS: &[Demand] = &[
    (".Values.externalRedis.sentinel.enabled", "externalRedis.eventBusUrl"),
    (".Values.externalRedis.eventBus.cluster", "externalRedis.eventBusUrl"),
];

/// Of its clients of Redis, that of the event bus cannot be told in a variable.
pub(super) const UNVERIFIED: &str = "and .Values.externalRedis.useSSL (not .Values.externalRedis.sslVerify)";
pub(super) const UNVERIFIED_BUS: &str = "externalRedis.sslVerify is false, but Dify's event bus verifies: \
    set externalRedis.eventBusUrl with ?ssl_cert_reqs=none";
