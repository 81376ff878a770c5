//! Two thousand sets of valid values, as the schema and a seed would have them: what the chart says of each is either one
//! sentence of refusal or an installation in which nothing is left hanging. Only `just chart-test` and `just test` run this.
//!
//! `RANDOM_SEED` and `RANDOM_SETS` look elsewhere and further. A set that fails is told with as few values as still fail.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "the seed and the shares")]

#[path = "../support/mod.rs"]
mod support;

mod draw;
mod follow;
mod judge;
mod leaves;
mod pods;
mod samples;
mod sound;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;

use draw::Drawer;
use judge::{Judge, Verdict};
use leaves::{Leaves, Set};
use support::in_parallel;

const SEED: u64 = 20_261_124;
const SETS: usize = 2000;
/// So many share one run of Helm.
const BATCH: usize = 50;
/// So many of a batch are held against the API's own schemas, which takes longer than all the rest.
const AGAINST_SCHEMAS: usize = 5;

fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().map_or(usual, |text| text.parse().expect("a number"))
}

#[test]
fn whatever_is_valid_renders_soundly_or_is_refused_in_a_sentence() {
    let seed = number("RANDOM_SEED", SEED);
    let count = usize::try_from(number("RANDOM_SETS", SETS as u64)).expect("a count");
    let leaves = Leaves::of_the_schema();
    let judge = Judge::new();
    let mut drawer = Drawer::new(seed, &leaves, &judge);
    let sets: Vec<Set> = (0..count).map(|_| drawer.set()).collect();
    let batches: Vec<(usize, &[Set])> = sets.chunks(BATCH).enumerate().collect();
    let verdicts = Mutex::new(BTreeMap::new());
    in_parallel(&batches, |(number, batch)| {
        let found = judge.all(batch);
        let sound: Vec<Set> = batch
            .iter()
            .zip(&found)
            .filter(|(_, verdict)| verdict.refusals.is_empty() && verdict.complaints.is_empty())
            .map(|(set, _)| set.clone())
            .take(AGAINST_SCHEMAS)
            .collect();
        if let Err(complaint) = judge.schemas(&sound) {
            panic!("seed {seed}, sets from {}: {complaint}", number * BATCH);
        }
        verdicts.lock().expect("no poison").insert(*number, found);
    });
    let verdicts = verdicts.into_inner().expect("no poison").into_values().flatten();
    let verdicts: Vec<(&Set, Verdict)> = sets.iter().zip(verdicts).collect();
    let refused = verdicts.iter().filter(|(_, verdict)| !verdict.refusals.is_empty()).count();
    println!("seed {seed}: {} of {count} sets render, {refused} are refused", count - refused);
    let mut kinds: BTreeMap<String, (usize, &Set, &String)> = BTreeMap::new();
    for (set, complaint) in
        verdicts.iter().flat_map(|(set, verdict)| verdict.complaints.iter().map(move |found| (set, found)))
    {
        let kind = kinds.entry(judge::kind(complaint)).or_insert((0, set, complaint));
        kind.0 += 1;
    }
    let mut report = String::new();
    for (kind, (times, set, complaint)) in kinds.into_iter().take(12) {
        let least = judge.shrink(set, &kind);
        let _ = writeln!(report, "{times} times: {complaint}\n  {}\n", leaves::nest(&least));
    }
    assert!(report.is_empty(), "seed {seed}:\n{report}");
    assert!(refused * 2 < count, "{refused} of {count} are refused: the others prove too little");
}
