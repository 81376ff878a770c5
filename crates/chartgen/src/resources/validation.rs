//! What a schema cannot say: values that contradict each other or miss their counterpart. Renders nothing.

use topology::SHARED_KEYS;

use crate::registry::Registry;
use crate::template::{File, Yaml, is_set};

use super::file;

/// A condition, and the sentence that refuses it.
const RULES: &[(&str, &str)] = &[
    (
        "and .Values.externalPostgres.enabled (not .Values.externalPostgres.address)",
        "externalPostgres.enabled is true: set externalPostgres.address",
    ),
    (
        "and .Values.externalPgvector.enabled (not .Values.externalPgvector.address)",
        "externalPgvector.enabled is true: set externalPgvector.address",
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
    (
        "and .Values.externalQdrant.enabled .Values.externalWeaviate.enabled",
        "externalQdrant and externalWeaviate are both enabled: Dify uses one vector store",
    ),
    (
        "and .Values.externalPgvector.enabled (or .Values.externalQdrant.enabled .Values.externalWeaviate.enabled)",
        "externalPgvector is not the only vector store that is enabled: Dify uses one",
    ),
    (
        "and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs)",
        "httpRoute.enabled is true: name the Gateway in httpRoute.parentRefs",
    ),
    (
        "and .Values.service.nodePort (eq .Values.service.type \"ClusterIP\")",
        "service.nodePort needs service.type NodePort or LoadBalancer",
    ),
];

/// What more than one plugin daemon needs.
const DAEMONS: (&str, &str) = (
    "and (gt (int $pods) 1) (not .Values.externalS3.enabled)",
    "more than one plugin daemon would corrupt the plugins' folder: set externalS3.enabled, or keep one",
);

/// A condition, and the secret that must then be given because nobody can make it up.
const DEMANDS: &[(&str, &str)] = &[
    (".Values.externalPostgres.enabled", "externalPostgres.password"),
    (".Values.externalPgvector.enabled", "externalPgvector.password"),
    (".Values.externalRedis.sentinel.enabled", "externalRedis.eventBusUrl"),
    ("and .Values.externalS3.enabled (not .Values.externalS3.useIAM)", "externalS3.accessKey"),
    ("and .Values.externalS3.enabled (not .Values.externalS3.useIAM)", "externalS3.secretKey"),
    (".Values.externalPostgres.admin.username", "externalPostgres.admin.password"),
];

/// The template.
pub(super) fn template(registry: &Registry) -> File {
    file(registry, "validation", "validation", |yaml| {
        for (condition, sentence) in RULES {
            refuse(yaml, condition, sentence);
        }
        for (condition, setting) in DEMANDS {
            let sentence = format!("{setting} is missing: set its value or its existingSecret.name");
            yaml.when(condition, |yaml| refuse(yaml, &format!("not ({})", is_set(setting)), &sentence));
        }
        let most = "$pods := ternary .Values.pluginDaemon.autoscaling.maxReplicas .Values.pluginDaemon.replicas \
                    .Values.pluginDaemon.autoscaling.enabled";
        yaml.action(most);
        refuse(yaml, DAEMONS.0, DAEMONS.1);
        for key in SHARED_KEYS {
            let path = key.setting;
            refuse(
                yaml,
                &format!("and .Values.{path}.value .Values.{path}.existingSecret.name"),
                &format!("{path} has both a value and an existingSecret: keep one"),
            );
            refuse(
                yaml,
                &format!("and .Values.{path}.existingSecret.key (not .Values.{path}.existingSecret.name)"),
                &format!("{path}.existingSecret has a key but no name"),
            );
        }
        let unusable = "not (regexMatch \"^[A-Za-z0-9._~-]*$\" .Values.externalRedis.password.value)";
        yaml.when(unusable, |yaml| {
            let sentence = "externalRedis.password.value has characters that end a URL: \
                            set externalRedis.brokerUrl too, with them percent-encoded";
            refuse(yaml, &format!("not ({})", is_set("externalRedis.brokerUrl")), sentence);
        });
    })
}

/// Ends the render with this sentence if the condition holds.
pub(super) fn refuse(yaml: &mut Yaml<'_>, condition: &str, sentence: &str) {
    yaml.when(condition, |yaml| yaml.line(&format!("{{{{- fail \"{sentence}\" }}}}")));
}
