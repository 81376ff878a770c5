//! The keys job and what it may do: the only pod of the installation that holds a token.

use crate::Error;
use crate::registry::Registry;
use crate::template::{File, Yaml};
use crate::wiring;

use super::deployment::object_name;
use super::job::job;
use super::{file, head, pod, try_file};

/// There is nothing to make where a Secret of the user's holds all keys, or where each is given.
const NEEDED: &str = "and (not .Values.secrets.existingSecret) (include \"dify.generatedKeys\" .)";

/// The job, its account, and its rights.
pub(super) fn templates(registry: &Registry) -> Result<Vec<File>, Error> {
    Ok(vec![account(registry), role(registry), binding(registry), keys_job(registry)?])
}

fn account(registry: &Registry) -> File {
    file(registry, "keys", "serviceaccount", |yaml| {
        yaml.when(NEEDED, |yaml| {
            head(yaml, "v1", "ServiceAccount", &object_name("keys"), "keys");
            yaml.pair("automountServiceAccountToken", "false");
        });
    })
}

fn role(registry: &Registry) -> File {
    file(registry, "keys", "role", |yaml| {
        yaml.when(NEEDED, |yaml| {
            head(yaml, "rbac.authorization.k8s.io/v1", "Role", &object_name("keys"), "keys");
            yaml.map("rules", |yaml| {
                yaml.comment("The right to create cannot be bound to a name.");
                yaml.entry("{apiGroups: [\"\"], resources: [secrets], verbs: [create]}");
                yaml.item(|yaml| {
                    yaml.pair("apiGroups", "[\"\"]");
                    yaml.pair("resources", "[secrets]");
                    yaml.pair("resourceNames", format!("[{}]", object_name("keys")));
                    yaml.pair("verbs", "[get, patch]");
                });
            });
        });
    })
}

fn binding(registry: &Registry) -> File {
    file(registry, "keys", "rolebinding", |yaml| {
        yaml.when(NEEDED, |yaml| {
            head(yaml, "rbac.authorization.k8s.io/v1", "RoleBinding", &object_name("keys"), "keys");
            yaml.map("roleRef", |yaml| {
                yaml.pair("apiGroup", "rbac.authorization.k8s.io");
                yaml.pair("kind", "Role");
                yaml.pair("name", object_name("keys"));
            });
            yaml.map("subjects", |yaml| {
                yaml.item(|yaml| {
                    yaml.pair("kind", "ServiceAccount");
                    yaml.pair("name", object_name("keys"));
                    yaml.pair("namespace", "{{ .Release.Namespace | quote }}");
                });
            });
        });
    })
}

fn keys_job(registry: &Registry) -> Result<File, Error> {
    let component = wiring::component("keys")?;
    try_file(registry, "keys", "job", |yaml| {
        job(yaml, "keys", Some(NEEDED), |yaml| {
            yaml.map("metadata", |yaml| {
                yaml.map("labels", |yaml| {
                    yaml.include("dify.selectorLabels", "(list . \"keys\")");
                    yaml.more("commonLabels");
                });
                yaml.fragment("annotations", "commonAnnotations");
            });
            yaml.map("spec", |yaml| {
                yaml.pair("restartPolicy", "OnFailure");
                yaml.pair("serviceAccountName", object_name("keys"));
                yaml.pair("automountServiceAccountToken", "true");
                pod::without_token(yaml);
                yaml.map("securityContext", |yaml| pod::own_security(yaml, component.uid, false));
                yaml.map("containers", |yaml| yaml.item(container));
                pod::placement(yaml, "api", None);
            });
            Ok(())
        })
    })
}

fn container(yaml: &mut Yaml<'_>) {
    yaml.pair("name", "keys");
    yaml.map("command", |yaml| {
        yaml.entry("plugin-keys");
        yaml.entry("ensure");
        yaml.entry(&format!("--secret={}", object_name("keys")));
        yaml.include("dify.generatedKeys", ". | trim");
    });
    yaml.pair("image", "{{ include \"dify.image\" (list . .Values.image.preflight) }}");
    yaml.value("imagePullPolicy", "image.preflight.pullPolicy");
    yaml.map("env", |yaml| {
        yaml.entry("{name: PREFLIGHT_DEADLINE, value: {{ .Values.preflight.deadline }}}");
        yaml.entry("{name: PREFLIGHT_GRACE, value: {{ .Values.preflight.grace }}}");
    });
    yaml.map("resources", |yaml| yaml.dump(".Values.preflight.resources"));
    yaml.map("securityContext", |yaml| pod::own_restricted(yaml, true));
}
