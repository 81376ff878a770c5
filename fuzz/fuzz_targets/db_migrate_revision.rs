#![no_main]
//! A revision file of Alembic: Python of any kind is read without a panic, and an id is never empty.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &str| {
    if let Ok(revision) = db_migrate::revisions::parse(source) {
        assert!(!revision.id.is_empty());
    }
});
