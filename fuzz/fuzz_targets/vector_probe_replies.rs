#![no_main]
//! Whatever a vector store answers, or stands in a file of names: no panic.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| vector_probe::untrusted(data));
