//! The plain environment of a component: what its ConfigMap holds.

use topology::{Source, Variable, Visibility, When};

use super::choices::CHOICES;
use super::{at_least, component, enabled, in_pod, storage, variables, vector};
use crate::Error;
use crate::registry::{Kind, Registry};
use crate::template::{Yaml, is_set, quoted};

/// Writes the data of a component's ConfigMap.
pub(crate) fn config_data(yaml: &mut Yaml<'_>, registry: &Registry, owner: &str) -> Result<(), Error> {
    let plain: Vec<&Variable> = variables(owner)
        .into_iter()
        .filter(|variable| {
            variable.visibility == Visibility::Plain && !in_pod(variable) && !in_container(variable)
        })
        .collect();
    let plainly = |when: When| when == When::Always || when_set(when).is_some();
    write_variables(yaml, registry, owner, plain.iter().filter(|variable| plainly(variable.when)).copied())?;
    for (title, choice) in CHOICES {
        let branches: Vec<(When, String)> =
            choice.iter().map(|(when, condition)| (*when, (*condition).to_owned())).collect();
        write_choice(yaml, registry, owner, &plain, title, &branches)?;
    }
    write_choice(yaml, registry, owner, &plain, "Files", &storage::choice())?;
    write_choice(yaml, registry, owner, &plain, "Vector store", &vector::choice(&plain))
}

/// Writes the variables of one decision: those of the branch whose condition holds.
fn write_choice(
    yaml: &mut Yaml<'_>,
    registry: &Registry,
    owner: &str,
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
        write_variables(yaml, registry, owner, of(*when))?;
        vector::named_settings(yaml, *when);
    }
    yaml.action("end");
    Ok(())
}

/// The condition of what hangs on one value alone.
pub(super) fn when_set(when: When) -> Option<String> {
    match when {
        When::Component(name) => enabled(name).map(str::to_owned),
        When::Set(path) => Some(format!(".Values.{path}")),
        When::Is(path, word) => Some(format!("eq .Values.{path} \"{word}\"")),
        When::Given(path) => Some(is_set(path)),
        _ => None,
    }
}

/// Neighbours that share a condition stand in one `if`.
fn write_variables<'v>(
    yaml: &mut Yaml<'_>,
    registry: &Registry,
    owner: &str,
    variables: impl Iterator<Item = &'v Variable>,
) -> Result<(), Error> {
    let mut open: Option<String> = None;
    for variable in variables {
        let condition = conditions(variable, owner)?;
        if open != condition {
            if open.is_some() {
                yaml.action("end");
            }
            if let Some(condition) = &condition {
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

/// All that must hold for a variable to be given, beside the choice that it belongs to.
fn conditions(variable: &Variable, owner: &str) -> Result<Option<String>, Error> {
    let all: Vec<String> = match (about(variable, owner), variable.when) {
        (Some(switch), _) => vec![switch.to_owned()],
        (None, When::Component(_)) => Vec::new(),
        (None, when) => when_set(when).into_iter().collect(),
    };
    let own = (all.is_empty() && has_condition(variable)).then(|| condition(variable)).transpose()?;
    let all: Vec<String> = all.into_iter().chain(own.map(str::to_owned)).chain(since(variable)).collect();
    Ok(match all.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        several => Some(several.iter().fold("and".to_owned(), |all, one| all + " " + &operand(one))),
    })
}

/// A condition as one of those that an `and` takes.
fn operand(condition: &str) -> String {
    match condition.strip_prefix("and ") {
        Some(several) => several.to_owned(),
        None if condition.contains(' ') => format!("({condition})"),
        None => condition.to_owned(),
    }
}

/// The switch of the component that a variable is about: the address of what does not run is not given.
fn about(variable: &Variable, owner: &str) -> Option<&'static str> {
    let ((When::Component(name), _) | (When::Always, Source::Host(name) | Source::Address(name, _))) =
        (variable.when, variable.source)
    else {
        return None;
    };
    if name == owner { None } else { enabled(name) }
}

/// A variable that older releases of Dify do not read is there for those that do.
fn since(variable: &Variable) -> Option<String> {
    if matches!(variable.when, When::Component(_)) {
        return None;
    }
    let oldest = topology::RELEASES.first()?.version;
    let since = variable.since.filter(|_| !variable.read_by_release(oldest))?;
    // A component that only newer releases have is refused with an older one.
    let everywhere = topology::release(oldest)?;
    variable.consumers.iter().any(|name| everywhere.component(name).is_some()).then(|| at_least(since))
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
            let list = registry.get(path).is_some_and(|entry| entry.kind == Kind::List);
            yaml.pair(name, if list { "{{ join \",\" . | quote }}" } else { "{{ . | quote }}" });
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
    let named = ["GUNICORN_CMD_ARGS", "CELERY_WORKER_AMOUNT", "CELERY_QUEUES"].contains(&variable.name);
    named || variable.consumers == ["api-websocket"]
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
            _ => yaml.entry(&format!("{{name: {name}, value: {}}}", text(registry, variable)?)),
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

/// The same where it stands alone: whoever calls the installation `on` or `null` means a name.
pub(crate) fn service_name(component: &str) -> String {
    match component {
        "nginx" => "{{ include \"dify.fullname\" . | quote }}".to_owned(),
        other => host(other),
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
        ("PGSSLROOTCERT", When::Vector("externalPgvector")) => {
            Ok("hasPrefix \"verify\" .Values.externalPgvector.sslMode")
        }
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
        ("MARKETPLACE_ENABLED", _) => {
            Ok("{{ and .Values.global.marketplace.enabled (not .Values.global.offline) | quote }}")
        }
        ("MARKETPLACE_API_URL", _) => Ok(
            "{{ ternary \"/marketplace\" .Values.global.marketplace.apiUrl .Values.global.marketplace.proxy | quote }}",
        ),
        ("PLUGIN_DAEMON_TIMEOUT", _) => Ok("{{ .Values.pluginDaemon.maxExecutionTimeout | quote }}"),
        ("S3_USE_AWS", _) => {
            Ok("{{ or .Values.externalS3.useIAM (not .Values.externalS3.endpoint) | quote }}")
        }
        ("S3_ADDRESS_STYLE", _) => Ok("{{ ternary \"path\" \"auto\" .Values.externalS3.pathStyle }}"),
        ("VECTOR_STORE", _) => {
            Ok("{{ ternary \"elasticsearch-ja\" \"elasticsearch\" .Values.externalElasticsearch.japanese }}")
        }
        ("WEAVIATE_GRPC_ENDPOINT", _) => Ok("grpc://{{ include \"dify.fullname\" . }}-weaviate:50051"),
        ("NEXT_PUBLIC_SOCKET_URL", _) => Ok("{{ include \"dify.socketUrl\" . | quote }}"),
        ("ENDPOINT_URL_TEMPLATE", _) => Ok(
            "{{ printf \"%s/e/{hook_id}\" (.Values.global.consoleApiDomain | default \"http://localhost\") | quote }}",
        ),
        (other, _) => Err(Error::Unknown(format!("the way to compute {other}"))),
    }
}
