//! The table of states, and the list of variables, are whole.

/// Without an underscore, so the scan does not see it.
const BARE: [&str; 1] = ["PATH"];
/// Common flags of every tool, which gate hands to its commands.
const HANDED_ON: [&str; 5] = [
    "PREFLIGHT_DEADLINE",
    "PREFLIGHT_ENV_DIR",
    "PREFLIGHT_GRACE",
    "PREFLIGHT_OUTPUT",
    "PREFLIGHT_TERMINATION_LOG",
];

#[test]
fn every_row_of_the_table_is_proven_by_a_test() {
    testbed::states::every_row_is_proven(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn every_variable_is_documented() {
    let names: Vec<&str> = gate::VARIABLES.iter().map(|variable| variable.name).chain(HANDED_ON).collect();
    testbed::variables::all_documented(env!("CARGO_MANIFEST_DIR"), &names, &BARE);
}
