//! Draws sets: one choice each of where data is kept, and some other settings.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::follow::follow;
use super::judge::Judge;
use super::leaves::{Leaves, Set};

/// Draws single values.
pub(crate) struct Draw<'l> {
    pub(crate) leaves: &'l Leaves,
    runner: TestRunner,
}

impl Draw<'_> {
    fn one<S: Strategy>(&mut self, strategy: S) -> S::Value {
        strategy.new_tree(&mut self.runner).expect("a value").current()
    }

    pub(crate) fn value(&mut self, path: &str) -> Value {
        let leaves = self.leaves;
        self.one(&leaves.by_path[path])
    }

    fn of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        let index = self.one(0..all.len());
        &all[index]
    }
}

/// Of each group a set turns on one at most.
fn groups(leaves: &Leaves) -> Vec<(u32, Vec<Set>)> {
    let on = |switches: &[&str]| -> Vec<Set> {
        let all = switches.iter().map(|section| format!("{section}.enabled"));
        all.map(|path| Set::from([(path, json!(true))])).collect()
    };
    let words = |path: &str| -> Vec<Set> {
        let words = leaves.words[path].iter().filter(|word| !word.is_empty());
        words.map(|word| Set::from([(path.to_owned(), json!(word))])).collect()
    };
    let vectors = |section: &&str| {
        topology_of_vectors(section) && leaves.by_path.contains_key(&format!("{section}.enabled"))
    };
    let vectors: Vec<&str> = leaves.sections().into_iter().filter(|section| vectors(section)).collect();
    let mut vectors = on(&vectors);
    vectors.extend(words("externalVectorStore.type").into_iter().map(|mut set| {
        set.insert("externalVectorStore.enabled".to_owned(), json!(true));
        set
    }));
    vec![
        (50, on(&["externalPostgres", "externalMysql"])),
        (50, on(&["externalRedis", "externalRedis.sentinel", "externalRedis.cluster"])),
        (60, on(topology::OBJECT_STORES)),
        (60, vectors),
        (60, [on(&["ingress", "httpRoute"]), words("service.type")].concat()),
    ]
}

/// A store of vectors is what is neither a database, a Redis, a store of objects, nor a source of secrets.
fn topology_of_vectors(section: &str) -> bool {
    let others =
        ["externalPostgres", "externalMysql", "externalRedis", "externalSecrets", "externalVectorStore"];
    let external = section.starts_with("external") && !others.contains(&section);
    ["weaviate", "qdrant"].contains(&section) || external && !topology::OBJECT_STORES.contains(&section)
}

/// Draws sets.
pub(crate) struct Drawer<'l> {
    draw: Draw<'l>,
    groups: Vec<(u32, Vec<Set>)>,
    /// Every other switch, with what it needs.
    switches: BTreeMap<String, Set>,
    /// The settings of each section that are no choice of a group.
    others: Vec<Vec<&'l str>>,
}

impl<'l> Drawer<'l> {
    pub(crate) fn new(seed: u64, leaves: &'l Leaves, judge: &Judge) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut draw = Draw { leaves, runner: TestRunner::new_with_rng(Config::default(), rng) };
        let groups = groups(leaves);
        let chosen: Vec<String> =
            groups.iter().flat_map(|(_, sets)| sets).flat_map(|set| set.keys().cloned()).collect();
        let others = |section: &&str| -> Vec<&'l str> {
            let free = leaves.section(section).into_iter();
            free.filter(|path| !chosen.iter().any(|choice| choice == path)).collect()
        };
        let others: Vec<Vec<&str>> =
            leaves.sections().iter().map(others).filter(|all| !all.is_empty()).collect();
        let switches: Vec<Set> = others
            .iter()
            .flatten()
            .filter(|path| path.ends_with(".enabled"))
            .map(|path| Set::from([((*path).to_owned(), json!(true))]))
            .collect();
        let mut all: Vec<Set> =
            groups.iter().flat_map(|(_, sets)| sets.clone()).chain(switches.clone()).collect();
        turn_on(&mut all, &mut draw, judge);
        let mut all = all.into_iter();
        let groups = groups
            .into_iter()
            .map(|(percent, sets)| (percent, all.by_ref().take(sets.len()).collect()))
            .collect();
        let names = switches.into_iter().filter_map(|set| set.into_keys().next());
        Self { draw, groups, switches: names.zip(all).collect(), others }
    }

    /// The next set.
    pub(crate) fn set(&mut self) -> Set {
        let mut set = Set::new();
        for (percent, choices) in &self.groups {
            if self.draw.one(0..100_u32) < *percent {
                set.extend(self.draw.of(choices).clone());
            }
        }
        for _ in 0..self.draw.one(0..10) {
            let section = self.draw.of(&self.others);
            let path = *self.draw.of(section);
            let value = self.draw.value(path);
            match self.switches.get(path) {
                Some(with) if value == json!(true) => {
                    for (path, value) in with {
                        set.entry(path.clone()).or_insert_with(|| value.clone());
                    }
                }
                _ => {
                    set.entry(path.to_owned()).or_insert(value);
                }
            }
        }
        set
    }
}

/// What no single setting cures.
const INCURABLE: &[&str] = &[
    "externalMysql.enabled is true, and MySQL",
    "more than one plugin daemon",
    "externalVectorStore.type is valkey",
];

/// Follows the refusals until there is none.
fn turn_on(sets: &mut [Set], draw: &mut Draw<'_>, judge: &Judge) {
    let mut left: Vec<usize> = (0..sets.len()).collect();
    let mut said = Vec::new();
    for _ in 0..8 {
        let refused: Vec<Set> = left.iter().map(|index| sets[*index].clone()).collect();
        let refusals = judge.refusals(&refused);
        left = left
            .into_iter()
            .zip(&refusals)
            .filter(|(_, all)| !all.is_empty())
            .map(|(index, _)| index)
            .collect();
        said = refusals.into_iter().filter(|all| !all.is_empty()).collect();
        for (index, sentences) in left.iter().zip(&said) {
            for sentence in sentences {
                follow(&mut sets[*index], sentence, draw);
            }
        }
    }
    let mut said = said.into_iter().flatten();
    let curable = said.find(|sentence| !INCURABLE.iter().any(|known| sentence.starts_with(known)));
    assert_eq!(curable, None, "a refusal that does not say what would cure it");
}
