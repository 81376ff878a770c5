//! Where secrets come from.

use super::Rule;

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
