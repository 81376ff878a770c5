#![no_main]
//! Whatever stands in the files of a component: no panic, and no value in what is said about them.

use libfuzzer_sys::fuzz_target;

/// Must not come out again.
const CANARY: &str = "canary7f3aQ9z";

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let text = text.replace('\u{1}', CANARY);
    if let Err(said) = plugin_keys::parse_env_file(&text) {
        assert!(!said.contains(CANARY), "{said}");
    }
    // This one names the key at fault, which may be anything.
    let _ = plugin_keys::parse_manifest(&text);
});
