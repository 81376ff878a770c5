//! Renders sets and judges them; makes a set that fails as small as it can be.

use std::collections::BTreeSet;

use serde_json::Value;

use super::leaves::{Set, nest};
use super::sound;
use super::support::many::Many;
use super::support::{Helm, kubeconform, try_objects};

/// The version that Helm is told of, one of those whose schemas are there.
const KUBERNETES: &str = "1.30.0";

/// What became of a set.
#[derive(Debug, Clone, Default)]
pub(crate) struct Verdict {
    pub(crate) refusals: Vec<String>,
    pub(crate) complaints: Vec<String>,
}

/// Renders and judges.
pub(crate) struct Judge {
    many: Many,
}

impl Judge {
    pub(crate) fn new() -> Self {
        Self { many: Many::new() }
    }

    /// One verdict for each. Where Helm gives up on all, the set that it gave up on is looked for.
    pub(crate) fn all(&self, sets: &[Set]) -> Vec<Verdict> {
        let named = named(sets);
        match self.many.texts(Helm::Newest, KUBERNETES, &named) {
            Err(complaint) if sets.len() == 1 => {
                vec![Verdict { refusals: Vec::new(), complaints: vec![complaint.replace("s0x", "demo")] }]
            }
            Err(_) => {
                let (one, other) = sets.split_at(sets.len() / 2);
                [self.all(one), self.all(other)].concat()
            }
            Ok(mut texts) => named
                .iter()
                .map(|(name, values)| {
                    let text = texts.remove(name).expect("its text");
                    let mut complaints = Vec::new();
                    if text.refusals.is_empty() {
                        match try_objects(&text.text.replace(name.as_str(), "demo")) {
                            Err(complaint) => complaints.push(complaint),
                            Ok(objects) => complaints = sound::complaints(&objects, values),
                        }
                    }
                    Verdict { refusals: text.refusals, complaints }
                })
                .collect(),
        }
    }

    /// What the API's strict schemas say of those that are not refused, the names of the sets in it.
    pub(crate) fn schemas(&self, sets: &[Set]) -> Result<(), String> {
        let texts = self.many.texts(Helm::Newest, KUBERNETES, &named(sets))?;
        let rendered: Vec<String> =
            texts.into_values().filter(|text| text.refusals.is_empty()).map(|text| text.text).collect();
        kubeconform(KUBERNETES, &rendered.join("\n---\n"))
    }

    /// The sentences alone.
    pub(crate) fn refusals(&self, sets: &[Set]) -> Vec<Vec<String>> {
        let named = named(sets);
        let mut texts = self.many.texts(Helm::Newest, KUBERNETES, &named).expect("a render");
        named.iter().map(|(name, _)| texts.remove(name).expect("its text").refusals).collect()
    }

    /// Leaves out whatever the complaint does not need.
    pub(crate) fn shrink(&self, set: &Set, of: &str) -> Set {
        let mut least = set.clone();
        loop {
            // Without a whole section, and without one setting.
            let sections: BTreeSet<&str> = least.keys().filter_map(|path| path.split('.').next()).collect();
            let without = |part: &str| -> Set {
                let inside = |path: &str| {
                    path.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                };
                least
                    .iter()
                    .filter(|(path, _)| !inside(path))
                    .map(|(path, value)| (path.clone(), value.clone()))
                    .collect()
            };
            let parts = sections.into_iter().chain(least.keys().map(String::as_str));
            let fewer: Vec<Set> = parts.map(without).filter(|fewer| fewer.len() < least.len()).collect();
            let verdicts = self.all(&fewer);
            let same =
                verdicts.iter().position(|verdict| verdict.complaints.iter().any(|found| kind(found) == of));
            match same {
                Some(index) => least = fewer[index].clone(),
                None => return least,
            }
        }
    }
}

fn named(sets: &[Set]) -> Vec<(String, Value)> {
    sets.iter().enumerate().map(|(index, set)| (format!("s{index}x"), nest(set))).collect()
}

/// The kind of a complaint: its words before the colon. Of Helm's, where it stumbled and over what.
pub(crate) fn kind(complaint: &str) -> String {
    let line = complaint.lines().next().unwrap_or_default();
    match line.strip_prefix("Error: ") {
        Some(of_helm) => of_helm.rsplit("error calling include: ").next().unwrap_or_default().to_owned(),
        None => line.split(':').next().unwrap_or_default().to_owned(),
    }
}
