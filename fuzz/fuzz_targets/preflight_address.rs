#![no_main]
//! HOST:PORT, with IPv6 in brackets: what is read can be printed and read again.

use libfuzzer_sys::fuzz_target;
use preflight::Address;

fuzz_target!(|text: &str| {
    if let Ok(address) = Address::parse(text, Some(5432)) {
        assert_eq!(Address::parse(&address.to_string(), None).as_ref(), Ok(&address));
    }
});
