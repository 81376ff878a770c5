//! How two values that should be equal differ, as far as that can be said without showing them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;

/// What somebody who looks at both would like to be told; `None` if they are simply two values.
pub(crate) fn difference(a: &str, b: &str) -> Option<&'static str> {
    let either = |test: &dyn Fn(&str, &str) -> bool| test(a, b) || test(b, a);
    if a.trim_end_matches(['\n', '\r']) == b.trim_end_matches(['\n', '\r']) {
        return Some("in a line break at the end alone");
    }
    if a.trim() == b.trim() {
        return Some("in white space at an edge alone");
    }
    if unquoted(a) == unquoted(b) {
        return Some("in quotes around one of them alone");
    }
    if a.eq_ignore_ascii_case(b) {
        return Some("in upper and lower case alone");
    }
    if either(&|a, b| is_base64_of(b, a)) {
        return Some("in that one is the other in base64: it was encoded twice");
    }
    if either(&|a, b| a != b && percent_decode_str(a).decode_utf8().is_ok_and(|a| a == b)) {
        return Some("in that one is percent-encoded");
    }
    if either(&|a, b| a.len() >= 8 && b.starts_with(a)) {
        return Some("in that one is cut short");
    }
    None
}

fn is_base64_of(encoded: &str, value: &str) -> bool {
    STANDARD
        .decode(encoded.trim())
        .is_ok_and(|bytes| !bytes.is_empty() && bytes.trim_ascii() == value.trim().as_bytes())
}

fn unquoted(value: &str) -> &str {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inner;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// What was done to a value is told, whichever side it was done to.
        #[test]
        fn what_happened_to_a_value_is_told(value in "[a-zA-Z][a-zA-Z0-9+/]{10,40}[a-z]") {
            let quoted = format!("\"{value}\"");
            for (other, part) in [
                (format!("{value}\n"), "line break"),
                (format!(" {value}"), "white space"),
                (quoted, "quotes"),
                (value.to_uppercase(), "upper and lower case"),
                (STANDARD.encode(&value), "base64"),
                (STANDARD.encode(format!("{value}\n")), "base64"),
                (value[..9].to_owned(), "cut short"),
            ] {
                for (a, b) in [(&value, &other), (&other, &value)] {
                    let told = difference(a, b);
                    prop_assert!(told.is_some_and(|told| told.contains(part)), "{a} {b} {told:?}");
                }
            }
        }

        #[test]
        fn it_never_fails_and_is_the_same_both_ways(a in ".*", b in ".*") {
            prop_assert_eq!(difference(&a, &b), difference(&b, &a));
        }
    }
}
