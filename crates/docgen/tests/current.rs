#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
//! The pages in the repository are those that the code gives.

use std::path::Path;

#[test]
fn every_page_is_current() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let files = docgen::files(repository).unwrap_or_else(|problem| panic!("{problem}"));
    docgen::check(repository, &files).unwrap_or_else(|problem| panic!("{problem}"));
}
