//! The last sieve before any output.
//!
//! Secrets are kept out of messages by their type ([`crate::Secret`]). A server's own text may still hold
//! one (a URL echoed back, a DSN in a driver's error), so whatever leaves the process passes through
//! [`Redactor::clean`], which knows every secret that was read.

use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::secret::{MASK, Secret};

/// Shorter values would blot out ordinary words; they are kept out by type alone.
const SHORTEST: usize = 4;

/// Knows the secrets of this process and removes them from text. Clones share what they know.
#[derive(Clone, Default)]
pub struct Redactor {
    needles: Arc<Mutex<Vec<String>>>,
}

impl Redactor {
    /// Remembers a secret, in the spellings in which it may come back: raw, percent-encoded, quoted, base64.
    pub fn learn(&self, secret: &Secret) {
        let raw = secret.reveal();
        if raw.len() < SHORTEST {
            return;
        }
        let quoted = format!("{raw:?}");
        let spellings = [
            raw.to_owned(),
            utf8_percent_encode(raw, NON_ALPHANUMERIC).to_string(),
            url::form_urlencoded::byte_serialize(raw.as_bytes()).collect(),
            quoted.trim_matches('"').to_owned(),
            base64::engine::general_purpose::STANDARD.encode(raw),
        ];
        let mut needles = self.needles.lock().unwrap_or_else(PoisonError::into_inner);
        for spelling in spellings {
            if !needles.contains(&spelling) {
                needles.push(spelling);
            }
        }
        // The longest first, or a secret that contains another would be left half readable.
        needles.sort_by_key(|needle| std::cmp::Reverse(needle.len()));
    }

    /// The text without secrets and without control characters (a server's text may carry terminal codes).
    #[must_use]
    pub fn clean(&self, text: &str) -> String {
        let mut clean = self.mask(text);
        if clean.chars().any(char::is_control) {
            clean = clean
                .chars()
                .map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() })
                .collect();
        }
        clean
    }

    /// The text without secrets, and otherwise as it is.
    #[must_use]
    pub fn mask(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for needle in self.needles.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            if masked.contains(needle.as_str()) {
                masked = masked.replace(needle.as_str(), MASK);
            }
        }
        masked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_removed_in_every_spelling() {
        let redactor = Redactor::default();
        redactor.learn(&Secret::new("p@ss w\"rd/+1"));
        for text in [
            "url redis://:p%40ss%20w%22rd%2F%2B1@host",
            "form p%40ss+w%22rd%2F%2B1",
            "raw p@ss w\"rd/+1 end",
            "debug \"p@ss w\\\"rd/+1\"",
            "basic cEBzcyB3InJkLysx",
        ] {
            let clean = redactor.clean(text);
            assert!(clean.contains(MASK), "{clean}");
            assert!(!clean.to_lowercase().contains("ss w") && !clean.contains("cEBz"), "{clean}");
        }
    }

    #[test]
    fn terminal_codes_of_a_server_are_shown_not_obeyed() {
        assert_eq!(Redactor::default().clean("bad\u{1b}[31m\nline"), "bad\\u{1b}[31m\\nline");
    }
}
