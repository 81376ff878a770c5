#![no_main]
//! Whatever a server answers in place of Azure, Google, OSS, COS, OBS, TOS or BOS: two bytes of status, then the body.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((status, body)) = data.split_at_checked(2) else { return };
    let status = u16::from_be_bytes([status[0], status[1]]);
    assert_eq!(storage_bootstrap::read_any_reply(status, &String::from_utf8_lossy(body)), 7);
});
