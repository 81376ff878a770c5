//! What a value becomes on its way into Dify's own connection, where it is not quoted or quoted for something else.
//!
//! The api puts user and password into a URL, quoted as in a form, and takes them out again as from a URL; the plugin
//! daemon puts them unquoted between the words of a DSN.

use preflight::{ConfigError, Secret};

/// Refuses what the api would send as something else.
pub(super) fn survives_the_url(key: &str, value: &str) -> Result<(), ConfigError> {
    if value.contains(' ') {
        return Err(ConfigError::new(key, "holds a space, which Dify itself would send as a plus sign")
            .hint(format!("change {key}; letters and digits are always safe")));
    }
    Ok(())
}

/// Refuses what the plugin daemon would cut off or change.
pub(super) fn survives_the_dsn(key: &str, value: &str) -> Result<(), ConfigError> {
    let problem = if value.contains(|c: char| c.is_ascii_whitespace() || c == '\u{b}') {
        "holds a space, at which the plugin daemon would cut it off"
    } else if value.starts_with('\'') {
        "begins with a quote, after which the plugin daemon would look for its end"
    } else if value.contains("\\\\") || value.contains("\\'") || value.ends_with('\\') {
        "holds a backslash that the plugin daemon would drop"
    } else {
        return Ok(());
    };
    Err(ConfigError::new(key, problem).hint(format!("change {key}; letters and digits are always safe")))
}

/// The same for a password, which is never shown.
pub(super) fn each(
    user: (&str, &str),
    password: (&str, Option<&Secret>),
    rule: fn(&str, &str) -> Result<(), ConfigError>,
) -> Result<(), ConfigError> {
    rule(user.0, user.1)?;
    password.1.map_or(Ok(()), |secret| rule(password.0, secret.reveal()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the daemon's driver makes of `password=VALUE dbname=d`.
    fn read_back(value: &str) -> Option<String> {
        let dsn = format!("{value} dbname=d");
        let mut seen = String::new();
        let mut rest = dsn.chars().peekable();
        let quoted = rest.peek() == Some(&'\'');
        if quoted {
            rest.next();
        }
        while let Some(c) = rest.next() {
            match c {
                '\\' => match rest.next()? {
                    next @ ('\\' | '\'') => seen.push(next),
                    next => seen.extend(['\\', next]),
                },
                '\'' if quoted => return Some(seen),
                c if !quoted && c.is_ascii_whitespace() => return Some(seen),
                c => seen.push(c),
            }
        }
        None
    }

    proptest! {
        #[test]
        fn what_is_let_through_is_read_back(value in "[ -~]{1,20}") {
            if survives_the_dsn("DB_PASSWORD", &value).is_ok() {
                prop_assert_eq!(read_back(&value), Some(value));
            }
        }

        #[test]
        fn letters_and_digits_are_always_safe(value in "[A-Za-z0-9]{1,40}") {
            prop_assert!(survives_the_dsn("DB_PASSWORD", &value).is_ok());
            prop_assert!(survives_the_url("DB_PASSWORD", &value).is_ok());
        }
    }

    #[test]
    fn each_dialect_has_its_own_traps() {
        for (value, in_url, in_dsn) in [
            ("a+b%@:/?#", true, true),
            ("a b", false, false),
            ("a\tb", true, false),
            ("it's", true, true),
            ("'quoted'", true, false),
            ("a\\b", true, true),
            ("a\\\\b", true, false),
            ("a\\'b", true, false),
            ("a\\", true, false),
            ("größe", true, true),
        ] {
            assert_eq!(survives_the_url("K", value).is_ok(), in_url, "{value:?} in a URL");
            assert_eq!(survives_the_dsn("K", value).is_ok(), in_dsn, "{value:?} in a DSN");
        }
    }
}
