#![no_main]
//! Whatever stands in the variables of plugin-keys: no panic, and no secret in what is said about it.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| fuzz::settings::<plugin_keys::Cli>(&["check"], plugin_keys::VARIABLES, data));
