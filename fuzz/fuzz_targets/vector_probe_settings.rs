#![no_main]
//! Whatever stands in the variables of vector-probe: no panic, and no secret in what is said about it.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| fuzz::settings::<vector_probe::Cli>(&["check"], vector_probe::VARIABLES, data));
