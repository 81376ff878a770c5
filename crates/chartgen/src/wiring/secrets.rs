//! The secret environment of a component, as variables of its main container and as files for its checks.

use topology::{Source, Variable, When};

use super::{in_pod, section, variables};
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
