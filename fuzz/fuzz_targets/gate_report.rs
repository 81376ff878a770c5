#![no_main]
//! Whatever a command prints: no panic, and never ready with nothing said.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let (code, lines) = data.split_first().map_or((0, data), |(code, lines)| (*code, lines));
    let exit = gate::read_report(lines, code);
    assert!(exit != 0 || (code == 0 && !lines.is_empty()), "{code} became {exit}");
});
