//! KEDA: so many workers as tasks wait in their queues.

use crate::registry::Registry;
use crate::template::{File, Yaml, is_set};

use super::deployment::workload_name;
use super::validation::refuse;
use super::{file, head};

const ENABLED: &str = ".Values.worker.keda.enabled";
const SENTINEL: &str = ".Values.externalRedis.sentinel.enabled";

/// What scales the workers, and how it logs in to Redis.
pub(super) fn templates(registry: &Registry) -> Vec<File> {
    vec![scaled_object(registry), trigger_authentication(registry)]
}

fn scaled_object(registry: &Registry) -> File {
    file(registry, "worker", "scaledobject", |yaml| {
        yaml.when(ENABLED, |yaml| {
            contradictions(yaml);
            head(yaml, "keda.sh/v1alpha1", "ScaledObject", &workload_name("worker"), "worker");
            yaml.map("spec", |yaml| {
                yaml.pair("scaleTargetRef", format!("{{name: {}}}", workload_name("worker")));
                yaml.value("minReplicaCount", "worker.keda.minReplicas");
                yaml.value("maxReplicaCount", "worker.keda.maxReplicas");
                yaml.value("pollingInterval", "worker.keda.pollingInterval");
                yaml.value("cooldownPeriod", "worker.keda.cooldownPeriod");
                yaml.map("triggers", |yaml| {
                    yaml.action("$own := include \"dify.queues\" . | splitList \",\"");
                    yaml.action("$all := include \"dify.releaseQueues\" . | fromYamlArray");
                    yaml.action("range $queue := ternary $all $own (eq (first $own) \"\")");
                    yaml.item(trigger);
                    yaml.action("end");
                });
            });
        });
    })
}

fn contradictions(yaml: &mut Yaml<'_>) {
    refuse(
        yaml,
        ".Values.worker.autoscaling.enabled",
        "worker.keda and worker.autoscaling are both enabled: keep one",
    );
    refuse(
        yaml,
        "gt (int .Values.worker.keda.minReplicas) (int .Values.worker.keda.maxReplicas)",
        "worker.keda.minReplicas is more than worker.keda.maxReplicas",
    );
    yaml.when(&is_set("externalRedis.brokerUrl"), |yaml| {
        let sentence = "KEDA cannot read the address in externalRedis.brokerUrl: \
                        set worker.keda.address to the same host and port";
        refuse(yaml, "not .Values.worker.keda.address", sentence);
    });
}

/// Celery keeps each queue as a list of its name; KEDA asks from another namespace, so the built-in Redis needs its whole name.
fn trigger(yaml: &mut Yaml<'_>) {
    yaml.pair("type", format!("redis{{{{ if ${SENTINEL} }}}}-sentinel{{{{ end }}}}"));
    yaml.map("metadata", |yaml| {
        yaml.action(&format!("if ${SENTINEL}"));
        yaml.pair("addresses", "{{ join \",\" $.Values.externalRedis.sentinel.sentinels | quote }}");
        yaml.pair("sentinelMaster", "{{ $.Values.externalRedis.sentinel.masterSet | quote }}");
        yaml.action("with $.Values.externalRedis.sentinel.username");
        yaml.pair("sentinelUsername", "{{ . | quote }}");
        yaml.action("end");
        yaml.action("else if $.Values.worker.keda.address");
        yaml.pair("address", "{{ $.Values.worker.keda.address | quote }}");
        yaml.action("else if $.Values.externalRedis.enabled");
        yaml.pair("address", "{{ $.Values.externalRedis.host }}:{{ $.Values.externalRedis.port }}");
        yaml.action("else");
        let name = "{{ include \"dify.fullname\" $ }}-redis.{{ $.Release.Namespace }}.svc.{{ $.Values.clusterDomain }}";
        yaml.pair("address", format!("{name}:6379"));
        yaml.action("end");
        yaml.when("and $.Values.externalRedis.enabled $.Values.externalRedis.username", |yaml| {
            yaml.pair("username", "{{ $.Values.externalRedis.username | quote }}");
        });
        yaml.when("and $.Values.externalRedis.enabled $.Values.externalRedis.useSSL", |yaml| {
            yaml.pair("enableTLS", "\"true\"");
            yaml.pair("unsafeSsl", "{{ not $.Values.externalRedis.sslVerify | quote }}");
        });
        yaml.pair("databaseIndex", "{{ $.Values.externalRedis.db.celery | quote }}");
        yaml.pair("listName", "{{ $queue | quote }}");
        yaml.pair("listLength", "{{ $.Values.worker.keda.listLength | quote }}");
    });
    yaml.when("include \"dify.redisPassword\" $", |yaml| {
        let name = "{{ include \"dify.fullname\" $ }}-worker{{ with get $ \"Pool\" }}-{{ . }}{{ end }}";
        yaml.pair("authenticationRef", format!("{{name: {name}}}"));
    });
}

fn trigger_authentication(registry: &Registry) -> File {
    file(registry, "worker", "triggerauthentication", |yaml| {
        yaml.when(&format!("and {ENABLED} (include \"dify.redisPassword\" .)"), |yaml| {
            head(yaml, "keda.sh/v1alpha1", "TriggerAuthentication", &workload_name("worker"), "worker");
            yaml.map("spec", |yaml| {
                certificate_authority(yaml);
                yaml.map("secretTargetRef", |yaml| {
                    password(yaml, "password", "REDIS_PASSWORD", "externalRedis.password");
                    yaml.when(&is_set("externalRedis.sentinel.password"), |yaml| {
                        password(
                            yaml,
                            "sentinelPassword",
                            "REDIS_SENTINEL_PASSWORD",
                            "externalRedis.sentinel.password",
                        );
                    });
                    yaml.action("with .Values.global.caBundle.existingSecret");
                    yaml.entry("{parameter: ca, name: {{ . | quote }}, key: {{ $.Values.global.caBundle.key | quote }}}");
                    yaml.action("end");
                });
            });
        });
    })
}

fn certificate_authority(yaml: &mut Yaml<'_>) {
    yaml.action("with .Values.global.caBundle.existingConfigMap");
    yaml.map("configMapTargetRef", |yaml| {
        yaml.entry("{parameter: ca, name: {{ . | quote }}, key: {{ $.Values.global.caBundle.key | quote }}}");
    });
    yaml.action("end");
}

fn password(yaml: &mut Yaml<'_>, parameter: &str, key: &str, setting: &str) {
    yaml.item(|yaml| {
        yaml.pair("parameter", parameter);
        yaml.pair("name", format!("{{{{ include \"dify.secretName\" (list . .Values.{setting}) }}}}"));
        yaml.pair(
            "key",
            format!("{{{{ .Values.{setting}.existingSecret.key | default \"{key}\" | quote }}}}"),
        );
    });
}
