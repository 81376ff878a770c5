#![no_main]
//! Whatever a server sends in place of a reply: no panic.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = redis_check::parse_reply(data);
});
