#![no_main]
//! Whatever a vector store answers: no panic, no endless loop, no memory beyond what was sent.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| vector_probe::read_replies(data));
