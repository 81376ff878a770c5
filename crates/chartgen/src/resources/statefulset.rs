//! The stores that the chart brings along: PostgreSQL with pgvector, Redis, Weaviate and Qdrant. One pod each, of official
//! images.

use topology::{Component, Health};

use crate::Error;
use crate::registry::Registry;
use crate::template::{File, Yaml};
use crate::wiring::{component, enabled, host};

use super::deployment::object_name;
use super::{head, pod, try_file};

/// Settings come on standard input, so that the password is neither in the arguments nor in a ConfigMap.
const REDIS: &str = r"exec redis-server - <<END
dir /data
appendonly yes
# The broker and the locks must not lose keys when memory is short.
maxmemory-policy noeviction
{{- with .Values.redis.maxMemory }}
maxmemory {{ . }}
{{- end }}
requirepass $(cat /run/dify/secrets/REDIS_PASSWORD)
END";

const REDIS_PING: &str = "exec: {command: [sh, -c, 'REDISCLI_AUTH=\"$(cat /run/dify/secrets/REDIS_PASSWORD)\" redis-cli ping | grep -q PONG']}";

/// The key that each built-in store asks its clients for.
pub(super) const KEYS: [(&str, &str); 4] = [
    ("postgresql", "DB_PASSWORD"),
    ("redis", "REDIS_PASSWORD"),
    ("weaviate", "WEAVIATE_API_KEY"),
    ("qdrant", "QDRANT_API_KEY"),
];

/// All StatefulSets.
pub(super) fn templates(registry: &Registry) -> Result<Vec<File>, Error> {
    Ok(vec![
        stateful_set(registry, "postgresql", "/var/lib/postgresql/data", postgresql)?,
        stateful_set(registry, "redis", "/data", redis)?,
        stateful_set(registry, "weaviate", "/var/lib/weaviate", weaviate)?,
        stateful_set(registry, "qdrant", "/qdrant/data", qdrant)?,
    ])
}

fn stateful_set(
    registry: &Registry,
    name: &'static str,
    data: &str,
    container: impl Fn(&mut Yaml<'_>),
) -> Result<File, Error> {
    let component = component(name)?;
    let key = KEYS.iter().find(|(store, _)| *store == name).map_or("", |(_, key)| key);
    let setting = topology::shared_key(key).ok_or_else(|| Error::Unknown(format!("key {key}")))?.setting;
    try_file(registry, name, "statefulset", |yaml| {
        yaml.when_some(enabled(name), |yaml| {
            head(yaml, "apps/v1", "StatefulSet", &object_name(name), name);
            yaml.map("spec", |yaml| {
                yaml.pair("replicas", "1");
                yaml.pair("serviceName", host(name));
                yaml.map("selector", |yaml| {
                    yaml.map("matchLabels", |yaml| {
                        yaml.include("dify.selectorLabels", &format!("(list . \"{name}\")"));
                    });
                });
                yaml.map("template", |yaml| {
                    yaml.map("metadata", |yaml| pod::metadata(yaml, name, None, true));
                    yaml.map("spec", |yaml| {
                        pod::preamble(yaml);
                        pod::security(yaml, component.uid, true, name);
                        yaml.fragment("initContainers", &format!("{name}.extraInitContainers"));
                        yaml.map("containers", |yaml| {
                            yaml.item(|yaml| {
                                yaml.pair("name", name);
                                pod::image(yaml, registry, component);
                                container(yaml);
                                pod::env_from(yaml, None, name);
                                yaml.map("ports", |yaml| {
                                    for port in component.ports {
                                        yaml.entry(&format!(
                                            "{{name: {}, containerPort: {}}}",
                                            port.name, port.number
                                        ));
                                    }
                                });
                                yaml.map("resources", |yaml| {
                                    yaml.dump(&format!(".Values.{name}.resources"));
                                });
                                pod::restricted(yaml, true, name);
                                yaml.map("volumeMounts", |yaml| {
                                    yaml.entry(&format!("{{name: data, mountPath: {data}}}"));
                                    yaml.entry(
                                        "{name: secrets, mountPath: /run/dify/secrets, readOnly: true}",
                                    );
                                    yaml.entry("{name: tmp, mountPath: /tmp}");
                                    if name == "postgresql" {
                                        yaml.entry("{name: socket, mountPath: /var/run/postgresql}");
                                    }
                                    yaml.more(&format!("{name}.extraVolumeMounts"));
                                });
                            });
                            yaml.more(&format!("{name}.extraContainers"));
                        });
                        volumes(yaml, name, key, setting);
                        pod::placement(yaml, name, None);
                        pod::service_account(yaml, name);
                    });
                });
            });
        });
        Ok(())
    })
}

fn volumes(yaml: &mut Yaml<'_>, name: &str, key: &str, setting: &str) {
    yaml.map("volumes", |yaml| {
        yaml.item(|yaml| {
            yaml.pair("name", "secrets");
            yaml.map("projected", |yaml| {
                yaml.map("sources", |yaml| {
                    yaml.entry(&format!(
                        "secret: {{{{ include \"dify.secretFile\" (list . \"{key}\" .Values.{setting} \"{key}\") }}}}"
                    ));
                });
            });
        });
        yaml.entry("{name: tmp, emptyDir: {}}");
        if name == "postgresql" {
            yaml.entry("{name: socket, emptyDir: {}}");
        }
        // Not a claim template: the API server fills those in, so every `kubectl apply` would find them changed.
        pod::claimed_volume(yaml, "data", name);
        yaml.more(&format!("{name}.extraVolumes"));
    });
}

fn postgresql(yaml: &mut Yaml<'_>) {
    yaml.pair("args", "[-c, \"max_connections={{ .Values.postgresql.maxConnections }}\"]");
    yaml.map("env", |yaml| {
        yaml.entry("{name: POSTGRES_USER, value: dify}");
        yaml.entry("{name: POSTGRES_DB, value: dify}");
        yaml.entry("{name: POSTGRES_PASSWORD_FILE, value: /run/dify/secrets/DB_PASSWORD}");
        yaml.comment("A folder below the volume: initdb wants to own it and set its mode.");
        yaml.entry("{name: PGDATA, value: /var/lib/postgresql/data/pgdata}");
        yaml.more("postgresql.extraEnv");
    });
    // Over TCP: while the image prepares a new database, its temporary server listens on the socket alone.
    probes(yaml, "exec: {command: [pg_isready, --host=127.0.0.1, --username=dify, --quiet]}");
}

fn redis(yaml: &mut Yaml<'_>) {
    yaml.pair("command", "[sh, -ec]");
    yaml.map("args", |yaml| yaml.item(|yaml| yaml.script(REDIS)));
    yaml.fragment("env", "redis.extraEnv");
    probes(yaml, REDIS_PING);
}

/// Weaviate takes its key from the environment alone. One node, which finds itself: pods get new addresses.
fn weaviate(yaml: &mut Yaml<'_>) {
    yaml.pair("args", "[--host=0.0.0.0, --port=8080, --scheme=http]");
    yaml.map("env", |yaml| {
        key(yaml, "AUTHENTICATION_APIKEY_ALLOWED_KEYS", "WEAVIATE_API_KEY", "externalWeaviate.apiKey");
        for (name, value) in [
            ("AUTHENTICATION_APIKEY_ENABLED", "\"true\""),
            ("AUTHENTICATION_APIKEY_USERS", "dify"),
            ("AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED", "\"false\""),
            ("AUTHORIZATION_ADMINLIST_ENABLED", "\"true\""),
            ("AUTHORIZATION_ADMINLIST_USERS", "dify"),
            ("PERSISTENCE_DATA_PATH", "/var/lib/weaviate"),
            ("DEFAULT_VECTORIZER_MODULE", "none"),
            ("CLUSTER_HOSTNAME", "weaviate-0"),
            ("CLUSTER_ADVERTISE_ADDR", "127.0.0.1"),
            ("RAFT_BOOTSTRAP_EXPECT", "\"1\""),
            ("DISABLE_TELEMETRY", "\"true\""),
            ("LIMIT_RESOURCES", "\"true\""),
        ] {
            yaml.entry(&format!("{{name: {name}, value: {value}}}"));
        }
        yaml.more("weaviate.extraEnv");
    });
    asked(yaml, "weaviate");
}

/// Qdrant would write next to its binary; here all goes onto the volume.
fn qdrant(yaml: &mut Yaml<'_>) {
    yaml.map("env", |yaml| {
        key(yaml, "QDRANT__SERVICE__API_KEY", "QDRANT_API_KEY", "externalQdrant.apiKey");
        yaml.entry("{name: QDRANT__STORAGE__STORAGE_PATH, value: /qdrant/data/storage}");
        yaml.entry("{name: QDRANT__STORAGE__SNAPSHOTS_PATH, value: /qdrant/data/snapshots}");
        yaml.entry("{name: QDRANT_INIT_FILE_PATH, value: /tmp/qdrant-initialized}");
        yaml.entry("{name: QDRANT__TELEMETRY_DISABLED, value: \"true\"}");
        yaml.more("qdrant.extraEnv");
    });
    asked(yaml, "qdrant");
}

/// A variable that holds a key.
fn key(yaml: &mut Yaml<'_>, name: &str, key: &str, setting: &str) {
    yaml.item(|yaml| {
        yaml.pair("name", name);
        yaml.pair(
            "valueFrom",
            format!("{{{{ include \"dify.secretRef\" (list . \"{key}\" .Values.{setting}) }}}}"),
        );
    });
}

/// The probes of a store that answers HTTP without a key.
fn asked(yaml: &mut Yaml<'_>, name: &str) {
    if let Ok(Component { health: Health::Http(path), .. }) = component(name) {
        probes(yaml, &format!("httpGet: {{path: {path}, port: http}}"));
    }
}

/// No liveness probe: a store that is busy must not be killed, and one that has died ends its container.
fn probes(yaml: &mut Yaml<'_>, ask: &str) {
    for (name, period, failures) in [("startupProbe", 1, 600), ("readinessProbe", 5, 3)] {
        yaml.map(name, |yaml| {
            yaml.line(ask);
            yaml.pair("periodSeconds", period.to_string());
            yaml.pair("timeoutSeconds", "5");
            yaml.pair("failureThreshold", failures.to_string());
        });
    }
}
