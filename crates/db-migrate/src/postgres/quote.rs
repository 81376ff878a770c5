//! Names and texts inside SQL.

/// An identifier.
#[must_use]
pub fn name(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// A text literal that means the same whatever `standard_conforming_strings` is.
#[must_use]
pub fn text(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    if doubled.contains('\\') {
        format!("E'{}'", doubled.replace('\\', "\\\\"))
    } else {
        format!("'{doubled}'")
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_ends_a_quote_early() {
        assert_eq!(super::name("a\"b"), "\"a\"\"b\"");
        assert_eq!(super::text("it's"), "'it''s'");
        assert_eq!(super::text("\\'"), "E'\\\\'''");
    }
}
