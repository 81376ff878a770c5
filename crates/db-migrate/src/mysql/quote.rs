//! Names and texts inside SQL.

/// An identifier.
#[must_use]
pub fn name(text: &str) -> String {
    format!("`{}`", text.replace('`', "``"))
}

/// A text literal that means the same whatever `sql_mode` and character set are: a hexadecimal one.
#[must_use]
pub fn text(text: &str) -> String {
    if text.chars().all(|c| c.is_ascii_alphanumeric() || " _-.:,/@%".contains(c)) {
        return format!("'{text}'");
    }
    let hex: Vec<String> = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("CONVERT(X'{}' USING utf8mb4)", hex.concat())
}

/// A text where nothing but a literal is allowed; only after `sql_mode` was set to nothing.
#[must_use]
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

/// A name in a GRANT, where `_` and `%` stand for any letters unless they are escaped.
#[must_use]
pub fn pattern(text: &str) -> String {
    name(&text.replace('\\', "\\\\").replace('_', "\\_").replace('%', "\\%"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_ends_a_quote_early() {
        assert_eq!(super::name("a`b"), "`a``b`");
        assert_eq!(super::text("it's"), "CONVERT(X'69742773' USING utf8mb4)");
        assert_eq!(super::text("a_b 1"), "'a_b 1'");
        assert_eq!(super::text("\\"), "CONVERT(X'5c' USING utf8mb4)");
        assert_eq!(super::literal("it's \\"), "'it''s \\\\'");
        assert_eq!(super::pattern("dify_plugin"), "`dify\\_plugin`");
    }
}
