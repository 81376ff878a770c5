//! The value sets: the defaults, every example, and the further ones of tests/chart/sets.

use std::collections::BTreeMap;

use super::root;

/// Name of a value set and its Helm arguments.
pub(crate) type Sets = BTreeMap<String, Vec<String>>;

/// The defaults and every example.
pub(crate) fn example_sets() -> Sets {
    let mut sets = Sets::from([("default".to_owned(), Vec::new())]);
    add(&mut sets, "examples");
    sets
}

/// All of them.
pub(crate) fn value_sets() -> Sets {
    let mut sets = example_sets();
    add(&mut sets, "tests/chart/sets");
    sets
}

fn add(sets: &mut Sets, folder: &str) {
    for entry in std::fs::read_dir(root().join(folder)).expect("the folder of value sets") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        if let Some(short) = name.strip_suffix(".yaml") {
            let old = sets.insert(short.to_owned(), vec!["--values".to_owned(), format!("{folder}/{name}")]);
            assert!(old.is_none(), "{folder}/{name}: another set has this name");
        }
    }
}
