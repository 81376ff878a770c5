//! The secret environment of a component, as variables of its main container and as files for its checks.

use topology::{Source, Variable, When};

use super::config::when_set;
use super::{in_pod, storage, variables, vector};
use crate::Error;
use crate::template::{Yaml, is_set};

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
    let variables = variables(component);
    let by_helper = vector::uses_all(&variables);
    for variable in variables {
        if storage::by_helper(variable) || (by_helper && matches!(variable.when, When::Vector(_))) {
            continue;
        }
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
        return Some(match variable.when {
            When::ExternalPostgres => admin("externalPostgres"),
            When::ExternalMysql => admin("externalMysql"),
            _ => is_set(setting),
        });
    }
    match variable.when {
        When::ExternalPostgres | When::BuiltInPostgres => {
            Some("not .Values.externalMysql.enabled".to_owned())
        }
        When::ExternalMysql => Some(".Values.externalMysql.enabled".to_owned()),
        When::Vector(section) => Some(vector::enabled(section)),
        When::PgvectorInBuiltInPostgres | When::PgvectorInExternalPostgres => {
            Some(format!("not ({})", vector::SOME))
        }
        When::Component(_) | When::Set(_) | When::Is(..) => when_set(variable.when),
        _ if variable.name == "REDIS_PASSWORD" => Some("include \"dify.redisPassword\" .".to_owned()),
        _ => None,
    }
}

/// An administrator's password is there if his name is.
fn admin(section: &str) -> String {
    format!("and .Values.{section}.enabled .Values.{section}.admin.username")
}

/// Writes runs of neighbours that share a condition in one `if`; a run that is there where the one before it is not is its
/// `else`.
fn in_runs(
    yaml: &mut Yaml<'_>,
    secrets: &[SecretVariable],
    mut body: impl FnMut(&mut Yaml<'_>, &SecretVariable),
) {
    let mut open: Option<&str> = None;
    for run in secrets.chunk_by(|one, next| one.condition == next.condition) {
        let condition = run.first().and_then(|secret| secret.condition.as_deref());
        let opposite = open.and_then(|open| open.strip_prefix("not "));
        match (open, condition) {
            (Some(_), Some(condition)) if opposite == Some(condition) => yaml.action("else"),
            (before, _) => {
                if before.is_some() {
                    yaml.action("end");
                }
                if let Some(condition) = condition {
                    yaml.action(&format!("if {condition}"));
                }
            }
        }
        open = condition;
        for secret in run {
            body(yaml, secret);
        }
    }
    if open.is_some() {
        yaml.action("end");
    }
}

/// Writes the entries of `env` that come from Secrets.
pub(crate) fn secret_env(yaml: &mut Yaml<'_>, component: &str) -> Result<(), Error> {
    entries(yaml, secrets(component)?);
    storage::secrets(yaml, &variables(component), |yaml| {
        yaml.item(|yaml| {
            yaml.pair("name", "{{ $name }}");
            yaml.pair("valueFrom", "{{ include \"dify.secretRef\" (list $ $given.key $given.secret) }}");
        });
    });
    vector::secrets(yaml, &variables(component), |yaml| {
        yaml.item(|yaml| {
            yaml.pair("name", "{{ $name }}");
            yaml.pair("valueFrom", "{{ include \"dify.secretRef\" (list $ $name $secret) }}");
        });
    });
    for variable in variables(component) {
        if in_pod(variable) {
            yaml.item(|yaml| {
                yaml.pair("name", variable.name);
                yaml.pair("value", "{{ include \"dify.agentRedisUrl\" . | quote }}");
            });
        }
    }
    Ok(())
}

/// Writes the entries of `env` for one secret variable alone, whichever value it comes from.
pub(super) fn one_secret(yaml: &mut Yaml<'_>, component: &str, name: &str) -> Result<(), Error> {
    let mut secrets = secrets(component)?;
    secrets.retain(|secret| secret.name == name);
    entries(yaml, secrets);
    Ok(())
}

fn entries(yaml: &mut Yaml<'_>, mut secrets: Vec<SecretVariable>) {
    for secret in secrets.iter_mut().filter(|secret| secret.name == BROKER) {
        // Without a URL of the user's the kubelet puts the password, listed above, into ours: it is always there.
        secret.condition = None;
    }
    in_runs(yaml, &secrets, |yaml, secret| {
        yaml.item(|yaml| {
            yaml.pair("name", secret.name);
            secret_value(yaml, secret);
        });
    });
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
            |yaml| yaml.pair("value", redis_url()),
        );
    } else {
        yaml.pair("valueFrom", &source);
    }
}

fn redis_url() -> &'static str {
    "{{ include \"dify.redisUrl\" (list . .Values.externalRedis.db.celery) | quote }}"
}

/// Writes the sources of the projected volume that hands the secrets to the checks, one file for each variable.
pub(crate) fn secret_files(yaml: &mut Yaml<'_>, component: &str) -> Result<(), Error> {
    in_runs(yaml, &secrets(component)?, |yaml, secret| yaml.entry(&secret_file(secret)));
    storage::secrets(yaml, &variables(component), |yaml| {
        yaml.entry("secret: {{ include \"dify.secretFile\" (list $ $given.key $given.secret $name) }}");
    });
    vector::secrets(yaml, &variables(component), |yaml| {
        yaml.entry("secret: {{ include \"dify.secretFile\" (list $ $name $secret) }}");
    });
    Ok(())
}

fn secret_file(secret: &SecretVariable) -> String {
    let renamed = if secret.name == secret.key { String::new() } else { format!(" \"{}\"", secret.name) };
    let arguments = format!("(list . \"{}\" .Values.{}{renamed})", secret.key, secret.setting);
    // Two lines where one would be too long to read.
    let gap = if arguments.len() > 78 { "\n                    " } else { " " };
    format!("secret: {{{{ include \"dify.secretFile\"{gap}{arguments} }}}}")
}
