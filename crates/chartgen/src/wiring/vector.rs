//! The vector store: one section of the values for each, and one for all the rest, whose variables the user names.

use topology::{VECTOR_STORES, Variable, When};

use crate::template::Yaml;

/// The section of the stores that are described by the names of their variables.
pub(crate) const NAMED: &str = "externalVectorStore";

/// Says something if any section of a vector store is enabled.
pub(crate) const SOME: &str = "include \"dify.vectorStore\" .";

/// Whether the store of this section is used.
pub(super) fn enabled(section: &str) -> String {
    format!(".Values.{section}.enabled")
}

/// The branches of the decision, for a component that reads these variables.
pub(super) fn choice(variables: &[&Variable]) -> Vec<(When, String)> {
    let speaks =
        |section: &'static str| variables.iter().any(|variable| variable.when == When::Vector(section));
    let (speaking, silent): (Vec<&'static str>, Vec<&'static str>) =
        VECTOR_STORES.iter().copied().partition(|section| speaks(section));
    let mut branches: Vec<(When, String)> =
        speaking.into_iter().map(|section| (When::Vector(section), enabled(section))).collect();
    if let Some(section) = silent.first() {
        branches.push((When::Vector(section), SOME.to_owned()));
    }
    branches.push((When::PgvectorInExternalPostgres, ".Values.externalPostgres.enabled".to_owned()));
    branches.push((When::PgvectorInBuiltInPostgres, String::new()));
    branches
}

/// The settings that the user names himself, where they belong.
pub(super) fn named_settings(yaml: &mut Yaml<'_>, when: When) {
    if when == When::Vector(NAMED) {
        yaml.action(&format!("range $name, $value := .Values.{NAMED}.settings"));
        yaml.line("{{ $name }}: {{ $value | quote }}");
        yaml.action("end");
    }
}

/// Whether a component uses every vector store: then a helper says which secrets it is given.
pub(super) fn uses_all(variables: &[&Variable]) -> bool {
    variables.iter().any(|variable| variable.when == When::Vector(NAMED))
}

/// The secrets of the store in use; the body writes one of them, with `$name` and `$secret`.
pub(super) fn secrets(yaml: &mut Yaml<'_>, variables: &[&Variable], body: impl FnOnce(&mut Yaml<'_>)) {
    if uses_all(variables) {
        yaml.action("range $name, $secret := include \"dify.vectorSecrets\" . | fromJson");
        body(yaml);
        yaml.action("end");
    }
}
