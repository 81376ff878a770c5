//! From what a component needs and reads to init containers, environment and volumes. The only place that knows both
//! the names of `topology` and the paths of the values.

use topology::{Component, Need, Source, Variable, Visibility, When};

use crate::registry::Registry;
use crate::template::{Yaml, is_set, plain, quoted};
use crate::{Error, RELEASE};

/// The section of the values that belongs to a component.
pub(crate) fn section(component: &str) -> &'static str {
    match component {
        "worker" => "worker",
        "beat" => "beat",
        "web" => "web",
        "nginx" => "proxy",
        "sandbox" => "sandbox",
        "ssrf-proxy" => "ssrfProxy",
        "plugin-daemon" => "pluginDaemon",
        "agent-backend" => "agentBackend",
        "local-sandbox" => "localSandbox",
        "postgresql" => "postgresql",
        "redis" => "redis",
        _ => "api",
    }
}

/// The path of the image's values.
pub(crate) fn image(component: &Component) -> &'static str {
    match component.image {
        "web" => "image.web",
        "plugin-daemon" => "image.pluginDaemon",
        "sandbox" => "image.sandbox",
        "agent-backend" => "image.agentBackend",
        "local-sandbox" => "image.localSandbox",
        "nginx" => "image.proxy",
        "squid" => "image.ssrfProxy",
        "postgresql" => "image.postgresql",
        "redis" => "image.redis",
        "preflight" => "image.preflight",
        _ => "image.api",
    }
}

/// Whose ConfigMap a component reads: all that runs the application's code shares one, so that no variable is forgotten in
/// one of them. The plugin daemon never shares it: many of its names mean something else there.
pub(crate) fn config_of(component: &str) -> &str {
    match component {
        "worker" | "beat" => "api",
        other => other,
    }
}

/// The component of this name in the release.
pub(crate) fn component(name: &str) -> Result<&'static Component, Error> {
    topology::release(RELEASE)
        .and_then(|release| release.component(name))
        .ok_or_else(|| Error::Unknown(format!("component {name}")))
}

/// The variables that a component reads in this release.
pub(crate) fn variables(component: &str) -> Vec<&'static Variable> {
    topology::variables()
        .filter(|variable| variable.read_by(component) && variable.read_by_release(RELEASE))
        .collect()
}

/// One decision that several variables hang on, as branches of one condition. The last branch is the `else`.
type Choice = &'static [(When, &'static str)];

const CHOICES: &[(&str, Choice)] = &[
    (
        "PostgreSQL",
        &[(When::ExternalPostgres, ".Values.externalPostgres.enabled"), (When::BuiltInPostgres, "")],
    ),
    (
        "Redis",
        &[
            (When::SentinelRedis, ".Values.externalRedis.sentinel.enabled"),
            (When::ExternalRedis, ".Values.externalRedis.enabled"),
            (When::BuiltInRedis, ""),
        ],
    ),
    ("Files", &[(When::S3, ".Values.externalS3.enabled"), (When::LocalStorage, "")]),
    (
        "Vector store",
        &[
            (When::ExternalPgvector, ".Values.externalPgvector.enabled"),
            (When::Qdrant, ".Values.externalQdrant.enabled"),
            (When::Weaviate, ".Values.externalWeaviate.enabled"),
            (When::PgvectorInExternalPostgres, ".Values.externalPostgres.enabled"),
            (When::PgvectorInBuiltInPostgres, ""),
        ],
    ),
];

/// Writes the data of a component's ConfigMap.
pub(crate) fn config_data(yaml: &mut Yaml<'_>, registry: &Registry, owner: &str) -> Result<(), Error> {
    let plain: Vec<&Variable> = variables(owner)
        .into_iter()
        .filter(|variable| variable.visibility == Visibility::Plain && !in_pod(variable))
        .collect();
    let of = |when: When| plain.iter().filter(move |variable| variable.when == when).copied();
    for variable in of(When::Always) {
        write_variable(yaml, registry, variable)?;
    }
    for variable in &plain {
        if let When::Component(name) = variable.when {
            let condition = format!(".Values.{}.enabled", section(name));
            yaml.action(&format!("if {condition}"));
            write_variable(yaml, registry, variable)?;
            yaml.action("end");
        }
    }
    for (title, choice) in CHOICES {
        if choice.iter().all(|(when, _)| of(*when).next().is_none()) {
            continue;
        }
        yaml.comment(title);
        for (position, (when, condition)) in choice.iter().enumerate() {
            match (position, condition.is_empty()) {
                (0, _) => yaml.action(&format!("if {condition}")),
                (_, false) => yaml.action(&format!("else if {condition}")),
                (_, true) => yaml.action("else"),
            }
            if of(*when).next().is_none() {
                yaml.line("{{- /* nothing to say */}}");
            }
            for variable in of(*when) {
                write_variable(yaml, registry, variable)?;
            }
        }
        yaml.action("end");
    }
    Ok(())
}

fn write_variable(yaml: &mut Yaml<'_>, registry: &Registry, variable: &Variable) -> Result<(), Error> {
    let name = variable.name;
    match variable.source {
        Source::Constant(text) => yaml.pair(name, format!("{text:?}")),
        Source::Setting(path) if variable.optional => {
            yaml.action(&format!("with .Values.{path}"));
            yaml.pair(name, "{{ . | quote }}");
            yaml.action("end");
        }
        Source::Setting(path) => yaml.pair(name, quoted(registry, path)),
        Source::Host(other) => yaml.pair(name, host(other)),
        Source::Address(other, rest) => yaml.pair(name, format!("{}{rest}", address(other)?)),
        Source::Computed(_) => yaml.pair(name, computed(name)?),
        Source::Key(_) => {}
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

/// Values that follow from several settings.
fn computed(name: &str) -> Result<&'static str, Error> {
    match name {
        "DB_EXTRAS" => Ok("sslmode={{ .Values.externalPostgres.sslMode }}"),
        "DB_SSL_MODE" => {
            Ok("{{ ternary \"disable\" \"require\" (eq .Values.externalPostgres.sslMode \"disable\") }}")
        }
        "S3_ADDRESS_STYLE" => Ok("{{ ternary \"path\" \"auto\" .Values.externalS3.pathStyle }}"),
        "ENDPOINT_URL_TEMPLATE" => {
            Ok("{{ .Values.global.consoleApiDomain | default \"http://localhost\" }}/e/{hook_id}")
        }
        other => Err(Error::Unknown(format!("the way to compute {other}"))),
    }
}

/// Whether a variable is put together by the kubelet from a secret, so that no ConfigMap holds it.
fn in_pod(variable: &Variable) -> bool {
    variable.name == "DIFY_AGENT_REDIS_URL"
}

/// A secret variable of a component: its name, its key, the value that sets it, and when it is there.
pub(crate) struct SecretVariable {
    /// The name in the environment.
    pub(crate) name: &'static str,
    /// The key in the Secret.
    pub(crate) key: &'static str,
    /// The path of the value.
    pub(crate) setting: &'static str,
    /// The condition, if it is not always there.
    pub(crate) condition: Option<String>,
}

/// The secret variables of a component, without those that a pod puts together itself.
pub(crate) fn secrets(component: &str) -> Result<Vec<SecretVariable>, Error> {
    let mut secrets: Vec<SecretVariable> = Vec::new();
    for variable in variables(component) {
        let Source::Key(name) = variable.source else { continue };
        let key = topology::shared_key(name).ok_or_else(|| Error::Unknown(format!("key {name}")))?;
        let condition = secret_condition(variable, key.setting);
        // The two ways of keeping vectors next to the application's data share one password.
        if secrets.iter().any(|known| known.name == variable.name && known.condition == condition) {
            continue;
        }
        secrets.push(SecretVariable { name: variable.name, key: key.name, setting: key.setting, condition });
    }
    Ok(secrets)
}

fn secret_condition(variable: &Variable, setting: &str) -> Option<String> {
    if variable.optional {
        return Some(is_set(setting));
    }
    match variable.when {
        When::S3Keys => Some("and .Values.externalS3.enabled (not .Values.externalS3.useIAM)".to_owned()),
        When::ExternalPgvector => Some(".Values.externalPgvector.enabled".to_owned()),
        When::PgvectorInBuiltInPostgres | When::PgvectorInExternalPostgres => Some(
            "not (or .Values.externalPgvector.enabled .Values.externalQdrant.enabled .Values.externalWeaviate.enabled)"
                .to_owned(),
        ),
        When::Component(name) => Some(format!(".Values.{}.enabled", section(name))),
        _ if variable.name == "REDIS_PASSWORD" => Some("include \"dify.redisPassword\" .".to_owned()),
        _ => None,
    }
}

/// Runs of neighbours that share a condition: they stand in one `if`.
fn runs(secrets: &[SecretVariable]) -> impl Iterator<Item = &[SecretVariable]> {
    secrets.chunk_by(|one, next| one.condition == next.condition)
}

/// Writes the entries of `env` that come from Secrets.
pub(crate) fn secret_env(yaml: &mut Yaml<'_>, component: &str) -> Result<(), Error> {
    for run in runs(&secrets(component)?) {
        // Without a URL of the user's the kubelet puts the password, listed above, into ours: it is always there.
        let condition = run[0].condition.as_deref().filter(|_| run[0].name != BROKER);
        yaml.when_some(condition, |yaml| {
            for secret in run {
                yaml.item(|yaml| {
                    yaml.pair("name", secret.name);
                    secret_value(yaml, secret);
                });
            }
        });
    }
    for variable in variables(component) {
        if in_pod(variable) {
            yaml.item(|yaml| {
                yaml.pair("name", variable.name);
                yaml.pair("value", redis_url("agent"));
            });
        }
    }
    Ok(())
}

const BROKER: &str = "CELERY_BROKER_URL";

fn secret_value(yaml: &mut Yaml<'_>, secret: &SecretVariable) {
    let source = format!(
        "{{{{ include \"dify.secretRef\" (list . \"{}\" .Values.{}) }}}}",
        secret.key, secret.setting
    );
    if secret.name == BROKER {
        yaml.either(
            &is_set(secret.setting),
            |yaml| yaml.pair("valueFrom", &source),
            |yaml| yaml.pair("value", redis_url("celery")),
        );
    } else {
        yaml.pair("valueFrom", &source);
    }
}

fn redis_url(database: &str) -> String {
    format!("{{{{ include \"dify.redisUrl\" (list . .Values.externalRedis.db.{database}) | quote }}}}")
}

/// Writes the sources of the projected volume that hands the secrets to the checks, one file for each variable.
pub(crate) fn secret_files(yaml: &mut Yaml<'_>, component: &str) -> Result<(), Error> {
    for run in runs(&secrets(component)?) {
        yaml.when_some(run[0].condition.as_deref(), |yaml| {
            for secret in run {
                yaml.entry(&secret_file(secret));
            }
        });
    }
    Ok(())
}

fn secret_file(secret: &SecretVariable) -> String {
    let renamed = if secret.name == secret.key { String::new() } else { format!(" \"{}\"", secret.name) };
    let arguments = format!("(list . \"{}\" .Values.{}{renamed})", secret.key, secret.setting);
    // Two lines where one would be too long to read.
    let gap = if arguments.len() > 78 { "\n                    " } else { " " };
    format!("secret: {{{{ include \"dify.secretFile\"{gap}{arguments} }}}}")
}

/// Writes the init containers that prove a component's needs, and after them those of the user.
pub(crate) fn init_containers(
    yaml: &mut Yaml<'_>,
    registry: &Registry,
    component: &Component,
    section: Option<&str>,
) {
    let extra = section.map(|section| format!("{section}.extraInitContainers"));
    let checks = topology::gate_checks(component);
    if checks.is_empty() {
        if let Some(extra) = extra {
            yaml.fragment("initContainers", &extra);
        }
        return;
    }
    let config = config_of(component.name);
    yaml.map("initContainers", |yaml| {
        yaml.either(
            "eq .Values.preflight.mode \"gate\"",
            |yaml| {
                yaml.item(|yaml| {
                    yaml.pair("name", "gate");
                    yaml.map("command", |yaml| {
                        yaml.entry("gate");
                        for check in &checks {
                            yaml.entry("--");
                            for word in &check.command {
                                yaml.entry(word);
                            }
                        }
                    });
                    rest_of_check(yaml, component, config, None);
                });
            },
            |yaml| {
                for check in &checks {
                    yaml.item(|yaml| {
                        yaml.pair("name", check.container);
                        yaml.words("command", &check.command);
                        rest_of_check(yaml, component, config, Some(check));
                    });
                }
            },
        );
        if component.requires(Need::Migrations) {
            wait_migrations(yaml, registry, config);
        }
        if let Some(extra) = extra {
            yaml.more(&extra);
        }
    });
}

/// What follows the command: all that any check needs for the gate, only its own for a check that runs alone.
fn rest_of_check(yaml: &mut Yaml<'_>, component: &Component, config: &str, alone: Option<&topology::Check>) {
    let proves =
        |needs: &[Need]| alone.is_none_or(|check| check.proves.iter().any(|need| needs.contains(need)));
    let installs = alone.is_none_or(|check| check.proves.is_empty());
    yaml.include("dify.preflight", ".");
    if alone.is_none() || !installs {
        yaml.pair("envFrom", format!("[{{configMapRef: {{name: {}}}}}]", host(config)));
    }
    yaml.map("volumeMounts", |yaml| {
        if alone.is_none() || !installs {
            yaml.entry("{name: secrets, mountPath: /run/dify/secrets, readOnly: true}");
        }
        if installs && needs_binary(component) {
            yaml.entry("{name: preflight, mountPath: /preflight}");
        }
        if let Some((_, path)) = storage(component)
            && proves(&[Need::Storage, Need::PluginStorage])
        {
            yaml.when("not .Values.externalS3.enabled", |yaml| {
                yaml.entry(&format!("{{name: storage, mountPath: {path}}}"));
            });
        }
    });
}

/// Waits in the api image, whose revision files say what the schema must be.
fn wait_migrations(yaml: &mut Yaml<'_>, registry: &Registry, config: &str) {
    yaml.item(|yaml| {
        yaml.pair("name", "wait-migrations");
        yaml.pair("image", "{{ include \"dify.image\" (list . .Values.image.api) }}");
        yaml.pair("imagePullPolicy", plain(registry, "image.api.pullPolicy"));
        yaml.map("command", |yaml| {
            for word in ["/preflight/db-migrate", "wait", "--for", "schema"] {
                yaml.entry(word);
            }
            yaml.entry("--on-ahead={{ .Values.preflight.onDatabaseAhead }}");
        });
        yaml.pair("envFrom", format!("[{{configMapRef: {{name: {}}}}}]", host(config)));
        yaml.map("env", |yaml| {
            yaml.item(|yaml| {
                yaml.pair("name", "DB_PASSWORD");
                yaml.pair(
                    "valueFrom",
                    "{{ include \"dify.secretRef\" (list . \"DB_PASSWORD\" .Values.externalPostgres.password) }}",
                );
            });
            yaml.entry("{name: PREFLIGHT_DEADLINE, value: {{ .Values.preflight.deadline }}}");
            yaml.entry("{name: PREFLIGHT_GRACE, value: {{ .Values.preflight.grace }}}");
        });
        yaml.map("resources", |yaml| yaml.dump(".Values.preflight.resources"));
        yaml.map("securityContext", |yaml| {
            yaml.pair("allowPrivilegeEscalation", "false");
            yaml.pair("readOnlyRootFilesystem", "true");
            yaml.pair("capabilities", "{drop: [ALL]}");
        });
        yaml.map("volumeMounts", |yaml| yaml.entry("{name: preflight, mountPath: /preflight, readOnly: true}"));
    });
}

/// Whether db-migrate must be copied into the pod's other images.
pub(crate) fn needs_binary(component: &Component) -> bool {
    component.requires(Need::Migrations) || component.mode == Some("migration")
}

/// The claim and the path of a component's files, where they are kept on a volume.
pub(crate) fn storage(component: &Component) -> Option<(&'static str, &'static str)> {
    if component.requires(Need::PluginStorage) {
        Some(("plugin-daemon", "/app/storage"))
    } else if component.requires(Need::Storage) {
        Some(("api", "/app/api/storage"))
    } else {
        None
    }
}

/// The condition under which a component is part of the installation, if it is not always.
pub(crate) fn enabled(component: &str) -> Option<&'static str> {
    match component {
        "agent-backend" | "local-sandbox" => Some(".Values.agentBackend.enabled"),
        "postgresql" => Some("not .Values.externalPostgres.enabled"),
        "redis" => Some("not .Values.externalRedis.enabled"),
        _ => None,
    }
}
