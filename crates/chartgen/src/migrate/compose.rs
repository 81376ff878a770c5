//! A `.env` of docker compose as values: the environment table of the topology, read backwards.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use topology::{Source, Variable};

use super::Move;
use super::extra_env::{set_text, switch};
use super::report::Fate;
use crate::RELEASE;

/// A choice that a variable makes: its value, and the section that is then enabled.
const CHOICES: &[(&str, &[(&str, &str)])] = &[
    (
        "STORAGE_TYPE",
        &[
            ("s3", "externalS3"),
            ("azure-blob", "externalAzureBlobStorage"),
            ("aliyun-oss", "externalOSS"),
            ("google-storage", "externalGCS"),
            ("tencent-cos", "externalCOS"),
            ("huawei-obs", "externalOBS"),
            ("volcengine-tos", "externalTOS"),
        ],
    ),
    (
        "VECTOR_STORE",
        &[
            ("weaviate", "externalWeaviate"),
            ("qdrant", "externalQdrant"),
            ("milvus", "externalMilvus"),
            ("pgvector", "externalPgvector"),
            ("tencent", "externalTencentVectorDB"),
            ("myscale", "externalMyScaleDB"),
            ("tablestore", "externalTableStore"),
            ("elasticsearch", "externalElasticsearch"),
        ],
    ),
];

/// Containers of the compose file that hold data; the chart brings its own or is pointed at yours.
const CONTAINERS: &[&str] = &["", "db", "db_postgres", "db_mysql", "postgres", "redis", "localhost"];

/// Names that compose gives to what has another name here.
const RENAMED: &[(&str, &str)] = &[
    ("NGINX_CLIENT_MAX_BODY_SIZE", "proxy.clientMaxBodySize"),
    ("SANDBOX_WORKER_TIMEOUT", "sandbox.workerTimeout"),
    ("SANDBOX_ENABLE_NETWORK", "sandbox.enableNetwork"),
    ("SANDBOX_MAX_WORKERS", "sandbox.maxWorkers"),
];

/// Keys between components: new ones do no harm, and those of the example are known to everybody.
const BETWEEN: &[&str] = &[
    "PLUGIN_DAEMON_KEY",
    "PLUGIN_DIFY_INNER_API_KEY",
    "INNER_API_KEY_FOR_PLUGIN",
    "SANDBOX_API_KEY",
    "CODE_EXECUTION_API_KEY",
    "AGENT_BACKEND_API_TOKEN",
    "DIFY_AGENT_SERVER_SECRET_KEY",
    "SHELLCTL_AUTH_TOKEN",
];

/// What begins so configures a container of the compose file, not the application.
const OF_CONTAINERS: &[&str] = &[
    "COMPOSE_",
    "EXPOSE_",
    "NGINX_",
    "CERTBOT_",
    "SSRF_",
    "SANDBOX_",
    "POSTGRES_",
    "PGDATA",
    "MYSQL_",
    "ETCD_",
    "MINIO_",
    "MILVUS_AUTHORIZATION",
    "DIFY_PORT",
    "DIFY_BIND_ADDRESS",
    "MODE",
    "MIGRATION_ENABLED",
    "WEAVIATE_",
    "QDRANT_",
];

/// Words in the names of what nobody should see.
const SECRET_WORDS: &[&str] = &["KEY", "PASSWORD", "SECRET", "TOKEN", "CREDENTIAL"];

/// Carries every variable; those that are as in the release's own `.env.example` are Dify's defaults.
pub(super) fn carry(
    moving: &mut Move<'_>,
    env: &BTreeMap<String, String>,
    example: &BTreeMap<String, String>,
) {
    choose(moving, env);
    for (name, text) in env {
        if moving.report.has(name) {
            continue;
        }
        if text.is_empty() {
            moving.report.dropped(name, "empty");
        } else if BETWEEN.contains(&name.as_str()) {
            moving.report.dropped(name, "a key between components: the chart makes a new one");
        } else if name == "SECRET_KEY" {
            super::keys::secret_key(moving, name, text);
        } else if let Some((_, to)) = RENAMED.iter().find(|(old, _)| old == name) {
            if !set_text(moving, name, to, text) {
                moving.report.refused_key(name, format!("{to} does not take this value"));
            }
        } else if !known(moving, name, text) {
            rest(moving, name, text, example.get(name) == Some(text));
        }
    }
}

/// Enables the sections that the variables choose.
fn choose(moving: &mut Move<'_>, env: &BTreeMap<String, String>) {
    let text = |name: &str| env.get(name).map_or("", String::as_str);
    let mysql = text("DB_TYPE") == "mysql";
    if !CONTAINERS.contains(&text("DB_HOST")) {
        enable(moving, "DB_HOST", if mysql { "externalMysql" } else { "externalPostgres" });
    }
    if text("REDIS_USE_SENTINEL") == "true" {
        enable(moving, "REDIS_USE_SENTINEL", "externalRedis.sentinel");
        enable(moving, "REDIS_USE_SENTINEL", "externalRedis");
    } else if !CONTAINERS.contains(&text("REDIS_HOST")) {
        enable(moving, "REDIS_HOST", "externalRedis");
    }
    for (variable, sections) in CHOICES {
        if let Some((_, section)) = sections.iter().find(|(word, _)| *word == text(variable)) {
            enable(moving, variable, section);
        }
    }
}

fn enable(moving: &mut Move<'_>, variable: &str, section: &str) {
    let path = format!("{section}.enabled");
    match moving.output.set(&path, &Value::Bool(true)) {
        Ok(()) => moving.report.add(&path, Fate::Added, format!("because of {variable}")),
        Err(_) => moving.report.refused_key(variable, format!("this chart has no {section}")),
    }
}

/// Gives a variable that the chart fills to the value that fills it; whether it is one.
fn known(moving: &mut Move<'_>, name: &str, text: &str) -> bool {
    let mut records: Vec<&Variable> =
        topology::variables().filter(|one| one.name == name && one.read_by_release(RELEASE)).collect();
    records.sort_by_key(|one| !one.read_by("api"));
    let mut idle = None;
    for record in &records {
        if switch(moving, name, record, Some(text)) {
            return true;
        }
        let to = match record.source {
            Source::Setting(to) => to,
            Source::Key(key) => match topology::shared_key(key) {
                Some(key) => key.setting,
                None => continue,
            },
            _ => continue,
        };
        let section = to.split('.').next().unwrap_or_default();
        let off =
            section.starts_with("external") && moving.output.get(&format!("{section}.enabled")).is_none();
        if off {
            idle = Some(section);
        } else if super::secret_key(to).is_some() {
            moving.place(name, to, &Value::from(text));
            return true;
        } else if set_text(moving, name, to, text) {
            return true;
        } else {
            moving.report.refused_key(name, format!("{to} does not take this value, or has another already"));
            return true;
        }
    }
    if let Some(section) = idle {
        moving.report.dropped(name, format!("{section} is not in use: the chart brings its own"));
    } else if !records.is_empty() {
        moving.report.dropped(name, "the chart sets it itself");
    }
    !records.is_empty()
}

/// What the chart does not fill: the application's to read, or a container's of the compose file.
fn rest(moving: &mut Move<'_>, name: &str, text: &str, default: bool) {
    if default {
        return moving.report.dropped(name, "as in .env.example: Dify's default");
    }
    if OF_CONTAINERS.iter().any(|prefix| name.starts_with(prefix)) {
        return moving.report.dropped(name, "it configures a container of the compose file");
    }
    if name.starts_with("PLUGIN_") {
        return moving.report.refused_key(name, "it is the plugin daemon's: set a value of pluginDaemon, or its own name in pluginDaemon.extraEnv");
    }
    let item = if SECRET_WORDS.iter().any(|word| name.contains(word)) {
        let Some(secret) = moving.options.secret.clone() else {
            return moving
                .report
                .refused_key(name, "it may be a secret: --secret-out keeps it out of the values");
        };
        moving.output.keep(name, text);
        json!({"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": name}}})
    } else {
        json!({"name": name, "value": text})
    };
    for component in ["api", "worker", "beat"] {
        let _ = moving.output.push(&format!("{component}.extraEnv"), item.clone());
    }
    moving.report.add(name, Fate::Renamed("{api,worker,beat}.extraEnv".to_owned()), "");
}
