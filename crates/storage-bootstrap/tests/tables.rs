//! The tables that the docs are made from hold what the code holds.

use storage_bootstrap::VARIABLES;

#[test]
fn every_row_of_the_states_is_proven() {
    testbed::states::every_row_is_proven(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn every_variable_is_documented() {
    let documented: Vec<&str> = VARIABLES.iter().map(|variable| variable.name).collect();
    testbed::variables::all_documented(env!("CARGO_MANIFEST_DIR"), &documented, &["HOME"]);
}
