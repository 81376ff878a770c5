//! Variables that the checks before a start read too: what sets them has to reach both, the check and the program.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Source, Variable, When, shared_key, variables};

/// Decide what a container does at all: the order of start hangs on them.
const OF_THE_START: &[&str] = &["MODE", "MIGRATION_ENABLED"];

/// Names that programs read which have nothing to do with Dify's stores: a plugin of a model's vendor, say.
const OF_OTHERS: &[&str] = &["AWS_REGION", "GOOGLE_CLOUD_PROJECT"];

/// How a user sets one of these variables.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SetBy {
    /// By these sections of the chart's values, of which one is in use.
    Sections(BTreeSet<&'static str>),
    /// Not at all.
    TheChart,
}

/// The part of the chart's values that this variable belongs to, if a check before the start reads it.
fn section(variable: &Variable) -> Option<&'static str> {
    if let Source::Key(key) = variable.source {
        let setting = shared_key(key)?.setting;
        return external(setting).or_else(|| setting.starts_with("secrets.").then_some(setting));
    }
    match variable.when {
        When::ExternalPostgres | When::BuiltInPostgres => Some("externalPostgres"),
        When::ExternalMysql => Some("externalMysql"),
        When::SentinelRedis | When::ExternalRedis | When::BuiltInRedis => Some("externalRedis"),
        When::ObjectStore(section) | When::ObjectStoreKeys(section) | When::Vector(section) => Some(section),
        When::PgvectorInExternalPostgres | When::PgvectorInBuiltInPostgres => Some("externalPgvector"),
        When::LocalStorage => Some("api.persistence"),
        When::Set(path) | When::Is(path, _) | When::Given(path) => external(path),
        When::Always | When::CaBundle | When::Component(_) => None,
    }
    .or_else(|| match variable.source {
        Source::Setting(path) => external(path),
        _ => None,
    })
}

/// The section of a value, where it describes a server of the user's.
fn external(path: &'static str) -> Option<&'static str> {
    path.starts_with("external").then(|| path.split('.').next().unwrap_or(path))
}

/// The names by what sets them, both in alphabetical order.
#[must_use]
pub fn proven_variables() -> BTreeMap<SetBy, BTreeSet<&'static str>> {
    let mut sections: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for variable in variables().filter(|one| !OF_OTHERS.contains(&one.name)) {
        if let Some(section) = section(variable) {
            sections.entry(variable.name).or_default().insert(section);
        }
    }
    let mut names: BTreeMap<SetBy, BTreeSet<&str>> = BTreeMap::new();
    for (name, sections) in sections {
        names.entry(SetBy::Sections(sections)).or_default().insert(name);
    }
    names.entry(SetBy::TheChart).or_default().extend(OF_THE_START);
    names
}
