#![no_main]
//! The last sieve: a secret that is long enough is gone from any text, and no control character gets through.

use libfuzzer_sys::fuzz_target;
use preflight::Secret;
use preflight::redact::Redactor;

fuzz_target!(|input: (&str, &str)| {
    let (secret, around) = input;
    let redactor = Redactor::default();
    redactor.learn(&Secret::new(secret));
    let clean = redactor.clean(&format!("{around}{secret}{around}"));
    assert!(!clean.chars().any(char::is_control));
    // What the mask itself, or the text around it, spells is no leak.
    let longer = secret.len() > 8 && !around.contains('*') && !secret.contains('*') && around.len() < secret.len();
    assert!(!longer || !clean.contains(secret), "{clean:?}");
});
