#![no_main]
//! Whatever stands in the variables of redis-check: no panic, and no secret in what is said about it.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| fuzz::settings::<redis_check::Cli>(&["check"], redis_check::VARIABLES, data));
