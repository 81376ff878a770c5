//! Comparing what a tool said with the row of its table of states.

use std::path::{Path, PathBuf};

pub use states::{State, matches, read};

use crate::seen::Seen;

/// Asserts that a tool said what the row of its table promises: `prove!("postgresql/wrong-password", &seen)`.
#[macro_export]
macro_rules! prove {
    ($id:literal, $seen:expr) => {
        $crate::states::prove(env!("CARGO_MANIFEST_DIR"), $id, $seen)
    };
}

/// What [`prove!`] calls.
///
/// # Panics
/// If the row is not there, or something else was said.
pub fn prove(folder: &str, id: &str, seen: &Seen) {
    let table = read(Path::new(folder)).unwrap_or_else(|problem| panic!("{problem}"));
    let row = table.states.into_iter().find(|row| row.id == id);
    let row = row.unwrap_or_else(|| panic!("{folder}/states.toml has no row {id:?}; seen: {seen:#?}"));
    let expected = (row.exit, row.class.as_str(), row.hop.as_str(), row.code.as_deref());
    let got = (seen.exit, seen.class.as_str(), seen.hop.as_str(), seen.code.as_deref());
    assert_eq!(got, expected, "{id}: {seen:#?}");
    assert!(matches(&row.says, &seen.message), "{id}: {:?} is not {:?}", seen.message, row.says);
    let hint = row.hint.as_deref().unwrap_or_default();
    assert!(matches(hint, &seen.hint), "{id}: the hint {:?} is not {hint:?}", seen.hint);
    if let Some(warning) = &row.warning {
        let found = seen.warnings.iter().any(|said| matches(warning, said));
        assert!(found, "{id}: no warning {warning:?} in {:?}", seen.warnings);
    }
}

/// Asserts that the table is sound and that each of its rows is proven by one of the crate's tests.
///
/// # Panics
/// Naming the rows that no test proves.
pub fn every_row_is_proven(folder: &str) {
    let folder = Path::new(folder);
    let table = read(folder).unwrap_or_else(|problem| panic!("{problem}"));
    let sources: Vec<String> = sources(&folder.join("tests"))
        .iter()
        .map(|path| std::fs::read_to_string(path).expect("a source file"))
        .collect();
    let proven = |row: &&State| sources.iter().any(|text| text.contains(&format!("\"{}\"", row.id)));
    let missing: Vec<&str> =
        table.states.iter().filter(|row| !proven(row)).map(|row| row.id.as_str()).collect();
    assert!(missing.is_empty(), "rows that no test proves: {missing:#?}");
}

/// The Rust files below a folder.
pub(crate) fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found
}
