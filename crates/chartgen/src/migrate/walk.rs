//! Goes over every leaf of the old file.

use serde_json::Value;

use super::output::Unfit;
use super::report::Fate;
use super::rules::{self, Rule};
use super::{Move, choices, secret_key};
use crate::registry::Kind;

/// Accounts for all of the old file.
pub(super) fn walk(moving: &mut Move<'_>) {
    let old = moving.old.clone();
    for (section, value) in old.as_object().into_iter().flatten() {
        match choices::in_use(&old, section) {
            Ok(()) => moving.visit(section, value),
            Err(why) => leaves(section, value, &mut |path, _| moving.report.dropped(path, why.as_str())),
        }
    }
}

/// Calls this for every leaf: what is no map, and empty maps.
pub(super) fn leaves(path: &str, value: &Value, found: &mut impl FnMut(&str, &Value)) {
    match value.as_object() {
        Some(map) if !map.is_empty() => {
            for (key, child) in map {
                leaves(&format!("{path}.{key}"), child, found);
            }
        }
        _ => found(path, value),
    }
}

/// Whether a value says nothing, or off.
pub(super) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

/// Whether a value holds nothing: the old chart's way to leave the rest to Kubernetes.
fn is_empty(value: &Value) -> bool {
    !matches!(value, Value::Bool(_)) && is_nothing(value)
}

impl Move<'_> {
    fn visit(&mut self, path: &str, value: &Value) {
        let is_map = value.as_object().is_some_and(|map| !map.is_empty());
        if is_map && let Some(why) = choices::switched_off(&self.old, path, value) {
            return leaves(path, value, &mut |path, _| self.report.dropped(path, why.as_str()));
        }
        match self.rule(path) {
            Some(Rule::To(to)) => self.rename(path, to, value),
            Some(Rule::By(decide, _)) => decide(self, path, value),
            Some(Rule::Only(json, why)) => self.only(path, value, json, why),
            _ if is_map && self.descends(path) => {
                for (key, child) in value.as_object().into_iter().flatten() {
                    self.visit(&format!("{path}.{key}"), child);
                }
            }
            Some(rule) => self.by_section(path, value, rule),
            None => match self.rule_around(path) {
                Some(rule) => self.by_section(path, value, rule),
                None => self.same(path, value),
            },
        }
    }

    /// The rule for this path. A key that this chart has under the same path is carried as it is, unless code decides.
    fn rule(&self, path: &str) -> Option<Rule> {
        let rule = rules::exact(path)?;
        let stands = path.contains('.') && self.registry.get(path).is_some();
        (!stands || matches!(rule, Rule::By(..))).then_some(rule)
    }

    /// The rule of the nearest section around this path that drops or refuses all of it.
    fn rule_around(&self, path: &str) -> Option<Rule> {
        let sections = std::iter::successors(path.rsplit_once('.'), |(section, _)| section.rsplit_once('.'));
        sections
            .filter_map(|(section, _)| self.rule(section))
            .find(|rule| matches!(rule, Rule::Dropped(_) | Rule::Refused(_)))
    }

    /// A map is looked into unless this chart takes it whole.
    fn descends(&self, path: &str) -> bool {
        self.registry.get(path).is_none_or(|entry| !matches!(entry.kind, Kind::Free | Kind::List))
    }

    fn by_section(&mut self, path: &str, value: &Value, rule: Rule) {
        match rule {
            Rule::Refused(_) if is_nothing(value) => self.report.dropped(path, "empty or off"),
            Rule::Refused(why) => self.report.refused_key(path, why),
            Rule::Dropped(why) => self.report.dropped(path, why),
            _ => {}
        }
    }

    fn only(&mut self, path: &str, value: &Value, json: &str, why: &str) {
        let own = serde_json::from_str::<Value>(json).is_ok_and(|own| own == *value);
        if own || value.is_null() {
            self.report.dropped(path, "the chart's own way");
        } else {
            self.report.refused_key(path, why);
        }
    }

    /// What stands under the same path in both charts.
    fn same(&mut self, path: &str, value: &Value) {
        self.place(path, path, value);
    }

    /// Carries a value to another path.
    pub(super) fn rename(&mut self, path: &str, to: &str, value: &Value) {
        self.place(path, to, value);
    }

    /// Carries a value and says how that went.
    pub(super) fn place(&mut self, path: &str, to: &str, value: &Value) {
        if value.is_null() {
            return self.report.dropped(path, "null: the default holds");
        }
        if let Some(key) = secret_key(to) {
            return self.place_secret(path, to, key, value);
        }
        let fate = if self.assumed.iter().any(|one| one == path) {
            Fate::Added
        } else if path == to {
            Fate::Carried
        } else {
            Fate::Renamed(to.to_owned())
        };
        let note = if fate == Fate::Added { "the old chart's default; this chart's is another" } else { "" };
        if is_empty(value) && self.registry.get(to).is_some() {
            return self.report.dropped(path, "empty: the chart's own holds");
        }
        match self.output.set(to, value) {
            Ok(()) => self.report.add(path, fate, note),
            Err(Unfit::Default) => self.report.dropped(path, "the default here too"),
            Err(Unfit::Taken) => {
                self.report.refused_key(path, format!("{to} is set already, to another value"));
            }
            Err(Unfit::Refused(_)) if is_nothing(value) => self.report.dropped(path, "empty or off"),
            Err(Unfit::Refused(why)) => {
                self.report.refused_key(path, if path == to { why } else { format!("{to}: {why}") });
            }
        }
    }

    /// A secret that the old file holds in plain text.
    fn place_secret(&mut self, path: &str, to: &str, key: &str, value: &Value) {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return self.report.refused_key(path, "it is no text"),
        };
        if text.is_empty() {
            return self.report.dropped(path, "empty");
        }
        self.output.set_secret(to, key, &text);
        let to = self.output.secret_path(to);
        let note = if plugin_keys::is_published(&text) {
            "a published default that everybody can read: change it at the server and here"
        } else if self.options.secret.is_none() {
            "inline; --secret-out keeps it out of the values"
        } else {
            ""
        };
        self.report.add(path, Fate::Renamed(to), note);
    }
}
