//! The plain environment of a component: what its ConfigMap holds.

use topology::{Source, Variable, Visibility, When};

use super::choices::CHOICES;
use super::{component, in_pod, section, storage, variables, vector};
use crate::Error;
use crate::registry::Registry;
use crate::template::{Yaml, quoted};

/// Writes the data of a component's ConfigMap.
pub(crate) fn config_data(yaml: &mut Yaml<'_>, registry: &Registry, owner: &str) -> Result<(), Error> {
    let plain: Vec<&Variable> = variables(owner)
        .into_iter()
        .filter(|variable| {
            variable.visibility == Visibility::Plain && !in_pod(variable) && !in_container(variable)
        })
        .collect();
    let of = |when: When| plain.iter().filter(move |variable| variable.when == when).copied();
    write_variables(yaml, registry, of(When::Always))?;
    for variable in &plain {
        if let When::Component(name) = variable.when {
            let condition = format!(".Values.{}.enabled", section(name));
            yaml.action(&format!("if {condition}"));
            write_variable(yaml, registry, variable)?;
            yaml.action("end");
        }
    }
    for (title, choice) in CHOICES {
        let branches: Vec<(When, String)> =
            choice.iter().map(|(when, condition)| (*when, (*condition).to_owned())).collect();
        write_choice(yaml, registry, &plain, title, &branches)?;
    }
    write_choice(yaml, registry, &plain, "Files", &storage::choice())?;
    write_choice(yaml, registry, &plain, "Vector store", &vector::choice(&plain))
}

/// Writes the variables of one decision: those of the branch whose condition holds.
fn write_choice(
    yaml: &mut Yaml<'_>,
    registry: &Registry,
    plain: &[&Variable],
    title: &str,
    branches: &[(When, String)],
) -> Result<(), Error> {
    let of = |when: When| plain.iter().filter(move |variable| variable.when == when).copied();
    if branches.iter().all(|(when, _)| of(*when).next().is_none()) {
        return Ok(());
    }
    // What may be absent altogether leaves no trace then.
    if branches.len() > 1 {
        yaml.comment(title);
    }
    for (position, (when, condition)) in branches.iter().enumerate() {
        match (position, condition.is_empty()) {
            (0, _) => yaml.action(&format!("if {condition}")),
            (_, false) => yaml.action(&format!("else if {condition}")),
            (_, true) => yaml.action("else"),
        }
        if of(*when).next().is_none() {
            yaml.line("{{- /* nothing to say */}}");
        }
        write_variables(yaml, registry, of(*when))?;
        vector::named_settings(yaml, *when);
    }
    yaml.action("end");
    Ok(())
}

/// Neighbours that share a condition stand in one `if`.
fn write_variables<'v>(
    yaml: &mut Yaml<'_>,
    registry: &Registry,
    variables: impl Iterator<Item = &'v Variable>,
) -> Result<(), Error> {
    let mut open: Option<&str> = None;
    for variable in variables {
        let condition = if has_condition(variable) { Some(condition(variable)?) } else { None };
        if open != condition {
            if open.is_some() {
                yaml.action("end");
            }
            if let Some(condition) = condition {
                yaml.action(&format!("if {condition}"));
            }
            open = condition;
        }
        write_variable(yaml, registry, variable)?;
    }
    if open.is_some() {
        yaml.action("end");
    }
    Ok(())
}

/// An optional setting of the user's is left out where it is empty; of the others we must know when they are set.
fn has_condition(variable: &Variable) -> bool {
    variable.optional && !matches!(variable.source, Source::Setting(_) | Source::Key(_))
}

fn write_variable(yaml: &mut Yaml<'_>, registry: &Registry, variable: &Variable) -> Result<(), Error> {
    let name = variable.name;
    match variable.source {
        Source::Setting(path) if variable.optional => {
            yaml.action(&format!("with .Values.{path}"));
            yaml.pair(name, "{{ . | quote }}");
            yaml.action("end");
        }
        Source::Key(_) => {}
        _ => yaml.pair(name, text(registry, variable)?),
    }
    Ok(())
}

fn text(registry: &Registry, variable: &Variable) -> Result<String, Error> {
    match variable.source {
        Source::Constant(text) => Ok(format!("{text:?}")),
        Source::Setting(path) => Ok(quoted(registry, path)),
        Source::Host(other) => Ok(host(other)),
        Source::Address(other, rest) => Ok(format!("{}{rest}", address(other)?)),
        Source::Computed(_) => computed(variable).map(str::to_owned),
        Source::Key(name) => Err(Error::Unknown(format!("a plain text of the key {name}"))),
    }
}

/// Whether a variable stands in the container itself: it is about this one alone, and its neighbours that share the ConfigMap
/// are not to be restarted when it changes.
fn in_container(variable: &Variable) -> bool {
    ["GUNICORN_CMD_ARGS", "CELERY_WORKER_AMOUNT", "CELERY_QUEUES"].contains(&variable.name)
}

/// Writes those.
pub(crate) fn container_env(yaml: &mut Yaml<'_>, registry: &Registry, component: &str) -> Result<(), Error> {
    for variable in variables(component).into_iter().filter(|variable| in_container(variable)) {
        let name = variable.name;
        match variable.source {
            _ if name == "CELERY_QUEUES" => {
                yaml.action("with include \"dify.queues\" .");
                yaml.entry(&format!("{{name: {name}, value: {{{{ . | quote }}}}}}"));
                yaml.action("end");
            }
            Source::Setting(path) => {
                yaml.entry(&format!("{{name: {name}, value: {}}}", quoted(registry, path)));
            }
            _ => yaml.entry(&format!("{{name: {name}, value: {}}}", computed(variable)?)),
        }
    }
    Ok(())
}

/// The name of a component's Service.
pub(crate) fn host(component: &str) -> String {
    match component {
        "nginx" => "{{ include \"dify.fullname\" . }}".to_owned(),
        other => format!("{{{{ include \"dify.fullname\" . }}}}-{other}"),
    }
}

fn address(name: &str) -> Result<String, Error> {
    let port = component(name)?.port().ok_or_else(|| Error::Unknown(format!("a port of {name}")))?;
    Ok(format!("http://{}:{port}", host(name)))
}

/// When an optional variable that is not one setting's own text is set.
fn condition(variable: &Variable) -> Result<&'static str, Error> {
    match (variable.name, variable.when) {
        ("DB_SESSION_TIMEZONE_OVERRIDE", _) => Ok(".Values.externalPostgres.pooler"),
        ("AZURE_BLOB_ACCOUNT_KEY", _) => Ok(".Values.externalAzureBlobStorage.useManagedIdentity"),
        ("REDIS_USE_CLUSTERS" | "REDIS_CLUSTERS", _) => Ok(".Values.externalRedis.cluster.enabled"),
        ("REDIS_KEY_PREFIX" | "DIFY_AGENT_REDIS_PREFIX", _) => Ok(".Values.externalRedis.keyPrefix"),
        ("EVENT_BUS_REDIS_CHANNEL_TYPE", _) => Ok("ne .Values.externalRedis.eventBus.channelType \"pubsub\""),
        ("EVENT_BUS_REDIS_USE_CLUSTERS", _) => Ok(".Values.externalRedis.eventBus.cluster"),
        ("EVENT_BUS_STREAMS_RETENTION_SECONDS", _) => {
            Ok("eq .Values.externalRedis.eventBus.channelType \"streams\"")
        }
        ("REDIS_SSL_CERT_REQS", _) => Ok(".Values.externalRedis.useSSL"),
        ("REDIS_SSL_CA_CERTS", _) => Ok("and .Values.externalRedis.useSSL (include \"dify.caBundle\" .)"),
        ("PGSSLROOTCERT", _) => Ok("hasPrefix \"verify\" .Values.externalPostgres.sslMode"),
        ("PGSSLCERT" | "PGSSLKEY", _) => Ok("include \"dify.postgresClient\" ."),
        ("DB_EXTRAS", When::ExternalMysql) => Ok("include \"dify.mysqlExtras\" ."),
        ("MILVUS_SECURE", _) => Ok("hasPrefix \"https\" .Values.externalMilvus.uri"),
        ("MILVUS_SERVER_PEM_PATH", _) => {
            Ok("and (hasPrefix \"https\" .Values.externalMilvus.uri) (include \"dify.caBundle\" .)")
        }
        ("ELASTICSEARCH_CA_CERTS", _) => {
            Ok("and .Values.externalElasticsearch.verifyCerts (include \"dify.caBundle\" .)")
        }
        (other, _) => Err(Error::Unknown(format!("the condition of {other}"))),
    }
}

/// Values that follow from several settings.
fn computed(variable: &Variable) -> Result<&'static str, Error> {
    let of_daemon = variable.read_by("plugin-daemon");
    match (variable.name, variable.when) {
        ("GUNICORN_CMD_ARGS", _) => {
            Ok("--graceful-timeout={{ sub .Values.api.terminationGracePeriodSeconds 10 | max 1 }}")
        }
        ("DB_TYPE", _) => Ok("{{ ternary \"pgbouncer\" \"postgresql\" .Values.externalPostgres.pooler }}"),
        ("DB_EXTRAS", When::ExternalMysql) => Ok("{{ include \"dify.mysqlExtras\" . | quote }}"),
        ("DB_EXTRAS", _) => Ok("{{ include \"dify.postgresExtras\" . | quote }}"),
        ("DB_SSL_MODE", When::ExternalMysql) => {
            Ok("{{ ternary \"disable\" \"require\" (eq .Values.externalMysql.sslMode \"disable\") }}")
        }
        ("DB_SSL_MODE", _) => {
            Ok("{{ ternary \"disable\" \"require\" (eq .Values.externalPostgres.sslMode \"disable\") }}")
        }
        ("REDIS_CLUSTERS", _) => Ok("{{ join \",\" .Values.externalRedis.cluster.nodes | quote }}"),
        ("REDIS_KEY_PREFIX", _) => Ok("{{ .Values.externalRedis.keyPrefix }}-plugin-daemon"),
        ("DIFY_AGENT_REDIS_PREFIX", _) => Ok("{{ .Values.externalRedis.keyPrefix }}-agent"),
        ("EVENT_BUS_REDIS_CHANNEL_TYPE", _) => Ok("{{ .Values.externalRedis.eventBus.channelType }}"),
        ("EVENT_BUS_STREAMS_RETENTION_SECONDS", _) => {
            Ok("{{ .Values.externalRedis.eventBus.retentionSeconds | quote }}")
        }
        ("REDIS_SSL_CERT_REQS", _) if of_daemon => {
            Ok("{{ ternary \"CERT_OPTIONAL\" \"CERT_NONE\" .Values.externalRedis.sslVerify }}")
        }
        ("REDIS_SSL_CERT_REQS", _) => {
            Ok("{{ ternary \"CERT_REQUIRED\" \"CERT_NONE\" .Values.externalRedis.sslVerify }}")
        }
        ("S3_ADDRESS_STYLE", _) => Ok("{{ ternary \"path\" \"auto\" .Values.externalS3.pathStyle }}"),
        ("VECTOR_STORE", _) => {
            Ok("{{ ternary \"elasticsearch-ja\" \"elasticsearch\" .Values.externalElasticsearch.japanese }}")
        }
        ("WEAVIATE_GRPC_ENDPOINT", _) => Ok("grpc://{{ include \"dify.fullname\" . }}-weaviate:50051"),
        ("ENDPOINT_URL_TEMPLATE", _) => {
            Ok("{{ .Values.global.consoleApiDomain | default \"http://localhost\" }}/e/{hook_id}")
        }
        (other, _) => Err(Error::Unknown(format!("the way to compute {other}"))),
    }
}
