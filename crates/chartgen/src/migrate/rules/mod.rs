//! What became of the old chart's keys: one table, which `migrate-values` follows and the schema quotes.
//!
//! A key that stands under the same path here needs no rule, and a rule of such a key ends to hold. `*` stands for each component. A rule that drops or refuses
//! holds for everything below its path; the longest path wins.

mod components;
mod global;
mod persistence;
mod subcharts;

use serde_json::Value;

use super::Move;

/// What becomes of a key.
#[derive(Clone, Copy)]
pub(crate) enum Rule {
    /// It has another name here.
    To(&'static str),
    /// It needs no counterpart; why.
    Dropped(&'static str),
    /// There is no counterpart; why, and what to do. Said only where the key is not empty or off.
    Refused(&'static str),
    /// This JSON value is what the chart does anyway. Any other is refused; why.
    Only(&'static str, &'static str),
    /// Code decides; the sentence is for those who give the key to this chart.
    By(fn(&mut Move<'_>, &str, &Value), &'static str),
}

/// The components of the old chart.
pub(crate) const COMPONENTS: [&str; 11] = [
    "api",
    "apiWebsocket",
    "worker",
    "beat",
    "web",
    "proxy",
    "sandbox",
    "ssrfProxy",
    "pluginDaemon",
    "agentBackend",
    "localSandbox",
];

type Rules = &'static [(&'static str, Rule)];

/// All rules.
pub(crate) fn rules() -> impl Iterator<Item = &'static (&'static str, Rule)> {
    let all: [Rules; 4] = [global::RULES, components::RULES, persistence::RULES, subcharts::RULES];
    all.into_iter().flatten()
}

/// The rule for exactly this path.
pub(crate) fn exact(path: &str) -> Option<Rule> {
    rules().find(|(pattern, _)| matches(pattern, path)).map(|(_, rule)| *rule)
}

fn matches(pattern: &str, path: &str) -> bool {
    match (pattern.strip_prefix("*."), path.split_once('.')) {
        (Some(rest), Some((component, key))) => rest == key && COMPONENTS.contains(&component),
        (Some(_), None) => false,
        (None, _) => pattern == path,
    }
}

/// The paths that a pattern stands for.
pub(crate) fn paths(pattern: &str) -> Vec<String> {
    match pattern.strip_prefix("*.") {
        Some(rest) => COMPONENTS.iter().map(|component| format!("{component}.{rest}")).collect(),
        None => vec![pattern.to_owned()],
    }
}

/// Every old path, and what to tell somebody who gives it to this chart.
pub(crate) fn advice() -> impl Iterator<Item = (String, String)> {
    rules().flat_map(|(pattern, rule)| {
        let words = match rule {
            Rule::To(to) => format!("it is now {to}"),
            Rule::Dropped(why) | Rule::Refused(why) | Rule::Only(_, why) | Rule::By(_, why) => {
                (*why).to_owned()
            }
        };
        paths(pattern).into_iter().map(move |path| (path, words.clone()))
    })
}
