//! The table of states, and the list of variables, are whole.

#[test]
fn every_row_of_the_table_is_proven_by_a_test() {
    testbed::states::every_row_is_proven(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn every_variable_is_documented() {
    let names: Vec<&str> = redis_check::VARIABLES.iter().map(|variable| variable.name).collect();
    testbed::variables::all_documented(env!("CARGO_MANIFEST_DIR"), &names, &[]);
}
