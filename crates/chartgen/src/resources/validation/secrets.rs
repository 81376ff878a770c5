//! Where secrets come from.

use topology::SHARED_KEYS;

use crate::template::Yaml;

use super::{Rule, refuse};

pub(super) const RULES: &[Rule] = &[
    (
        "and .Values.externalSecrets.enabled (not .Values.secrets.existingSecret)",
        "externalSecrets.enabled is true: name the Secret that it makes in secrets.existingSecret",
    ),
    (
        "and .Values.externalSecrets.enabled (not .Values.externalSecrets.secretStoreRef.name)",
        "externalSecrets.enabled is true: name the store in externalSecrets.secretStoreRef.name",
    ),
    (
        "and .Values.externalSecrets.enabled (not .Values.externalSecrets.remoteKey)",
        "externalSecrets.remoteKey is empty: name the entry of the store that holds the keys",
    ),
];

/// Keys between components that everybody can read somewhere: known by the hashes that plugin-keys has of them. It refuses
/// those in Secrets as well, when pods start.
pub(super) fn published(yaml: &mut Yaml<'_>) {
    yaml.action("$published := .Files.Get \"files/published-secrets.txt\" | splitList \"\\n\"");
    for key in SHARED_KEYS.iter().filter(|key| key.setting.starts_with("secrets.")) {
        let path = key.setting;
        let accepted =
            if key.name == "SECRET_KEY" { " (not .Values.secrets.acceptPublishedSecretKey)" } else { "" };
        let hash = format!(
            "print \"{}\" .Values.{path}.value | sha256sum",
            plugin_keys::DOMAIN.replace('\n', "\\n")
        );
        yaml.action(&format!("$hash := {hash}"));
        refuse(
            yaml,
            &format!("and (has $hash $published){accepted}"),
            &format!(
                "{path}.value is published where everybody can read it: leave it empty, and a new one is made"
            ),
        );
        let short = plugin_keys::SHORT;
        refuse(
            yaml,
            &format!("and .Values.{path}.value (lt (len .Values.{path}.value) {short}){accepted}"),
            &format!(
                "{path}.value has fewer than {short} characters, and can be guessed: leave it empty, and one is made"
            ),
        );
    }
}
