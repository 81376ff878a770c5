#![no_main]
//! Whatever stands in the variables of storage-bootstrap: no panic, and no secret in what is said about it.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| fuzz::settings::<storage_bootstrap::Cli>(&["check"], storage_bootstrap::VARIABLES, data));
