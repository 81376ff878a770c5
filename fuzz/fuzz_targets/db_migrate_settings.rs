#![no_main]
//! Whatever stands in the variables of db-migrate: no panic, and no secret in what is said about it.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| fuzz::settings::<db_migrate::Cli>(&["check", "--for", "database"], db_migrate::VARIABLES, data));
