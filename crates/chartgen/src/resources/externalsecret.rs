//! The `ExternalSecret` that fetches what the installation reads from the user's Secret: no more, as the store may not have
//! it, and no less.

use topology::SHARED_KEYS;

use crate::registry::Registry;
use crate::template::{File, Yaml};

use super::{file, head};

/// The template.
pub(super) fn template(registry: &Registry) -> File {
    file(registry, "secrets", "externalsecret", |yaml| {
        yaml.when(".Values.externalSecrets.enabled", |yaml| {
            keys(yaml);
            let name = "{{ include \"dify.fullname\" . }}-external";
            head(yaml, "external-secrets.io/v1", "ExternalSecret", name, "secrets");
            yaml.map("spec", |yaml| {
                yaml.value("refreshInterval", "externalSecrets.refreshInterval");
                yaml.map("secretStoreRef", |yaml| yaml.dump(".Values.externalSecrets.secretStoreRef"));
                yaml.map("target", |yaml| yaml.value("name", "secrets.existingSecret"));
                yaml.map("data", |yaml| {
                    yaml.action("range $key := uniq $keys");
                    yaml.item(remote_ref);
                    yaml.action("end");
                });
            });
        });
    })
}

/// Puts the names of all keys in question into a variable.
fn keys(yaml: &mut Yaml<'_>) {
    yaml.line("{{- /* Keys that nobody has given, which would otherwise be made. */}}");
    yaml.action("$made := include \"dify.generatedKeys\" . | trim | replace \"- --key=\" \"\"");
    yaml.action("$keys := regexFindAll \"[^\\\\s]+\" $made -1");
    yaml.line("{{- /* Secrets that name the same Secret. */}}");
    yaml.action("$given := list");
    for key in SHARED_KEYS {
        yaml.action(&format!("$given = append $given (list \"{}\" .Values.{})", key.name, key.setting));
    }
    yaml.action("range $pair := $given");
    yaml.action("$existing := (last $pair).existingSecret");
    yaml.when("eq $existing.name $.Values.secrets.existingSecret", |yaml| {
        yaml.action("$keys = append $keys ($existing.key | default (first $pair))");
    });
    yaml.action("end");
}

fn remote_ref(yaml: &mut Yaml<'_>) {
    yaml.pair("secretKey", "{{ $key | quote }}");
    yaml.map("remoteRef", |yaml| {
        yaml.action("$usual := dict \"key\" $.Values.externalSecrets.remoteKey \"property\" $key");
        yaml.dump("(get $.Values.externalSecrets.remoteRefs $key | default $usual)");
    });
}
