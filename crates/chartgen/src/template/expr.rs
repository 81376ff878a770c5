//! Expressions over values. How a value is printed follows from its type: nobody types `quote` or `int64` by hand.

use crate::registry::{Kind, Registry};

/// Numbers from here on would be printed as 1e+06: Helm reads every number as a float.
const FLOAT_PRINTS_EXPONENT: u64 = 1_000_000;

/// The value as it stands in a field of a Kubernetes object.
pub(crate) fn plain(registry: &Registry, path: &str) -> String {
    match registry.get(path).map(|entry| &entry.kind) {
        Some(Kind::Integer { maximum }) if *maximum >= FLOAT_PRINTS_EXPONENT => {
            format!("{{{{ int64 .Values.{path} }}}}")
        }
        // One of a few known words needs no quotes.
        Some(Kind::Text { choices }) if choices.is_empty() => format!("{{{{ .Values.{path} | quote }}}}"),
        _ => format!("{{{{ .Values.{path} }}}}"),
    }
}

/// The value as a string, as environment variables and annotations want it.
pub(crate) fn quoted(registry: &Registry, path: &str) -> String {
    match registry.get(path).map(|entry| &entry.kind) {
        Some(Kind::Integer { maximum }) if *maximum >= FLOAT_PRINTS_EXPONENT => {
            format!("{{{{ int64 .Values.{path} | quote }}}}")
        }
        Some(Kind::List) => format!("{{{{ join \",\" .Values.{path} | quote }}}}"),
        _ => format!("{{{{ .Values.{path} | quote }}}}"),
    }
}

/// Whether the user gave this secret, by either way.
pub(crate) fn is_set(path: &str) -> String {
    format!("or .Values.{path}.value .Values.{path}.existingSecret.name")
}
