//! Files of `NAME=value` lines, as Docker Compose reads them.

use std::collections::BTreeMap;

use preflight::Secret;

/// Reads the lines. Quotes around a value are taken off, a comment after it too; `export` is passed over.
///
/// # Errors
/// The number of the line that is none, without its text.
pub fn parse(text: &str) -> Result<BTreeMap<String, Secret>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut values = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_start();
        if line.trim_end().is_empty() || line.starts_with('#') {
            continue;
        }
        let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
        let Some((name, value)) = line.split_once('=').map(|(name, value)| (name.trim_end(), value)) else {
            return Err(format!("line {} is not NAME=value", number + 1));
        };
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c)) {
            return Err(format!("line {} does not begin with a name", number + 1));
        }
        values.insert(name.to_owned(), Secret::new(unquote(value.trim())));
    }
    Ok(values)
}

fn unquote(value: &str) -> String {
    if let Some(inner) = between(value, '\'') {
        return inner.to_owned();
    }
    if let Some(inner) = between(value, '"') {
        return inner.replace("\\n", "\n").replace("\\\"", "\"").replace("\\\\", "\\");
    }
    // A comment begins after white space alone: a password may hold a hash.
    value.find(" #").map_or(value, |at| &value[..at]).trim_end().to_owned()
}

/// What stands in quotes, if only a comment stands behind them.
fn between(value: &str, quote: char) -> Option<&str> {
    let rest = value.strip_prefix(quote)?;
    let mut escaped = false;
    let end = rest.char_indices().find(|(_, c)| {
        let ends = *c == quote && !escaped;
        escaped = *c == '\\' && quote == '"' && !escaped;
        ends
    });
    let (inner, after) = rest.split_at(end?.0);
    let after = after[quote.len_utf8()..].trim_start();
    (after.is_empty() || after.starts_with('#')).then_some(inner)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_are_read_as_compose_reads_them() {
        let text = "\u{feff}# comment\r\n\nA=1\r\nexport B = two words # comment\nC='#3 ' # x\nD=\"a\\\"b\\\\\"\nE=\nF=p#w\nG=\"open\n";
        let values = parse(text).unwrap();
        let shown: Vec<(&str, &str)> =
            values.iter().map(|(name, value)| (name.as_str(), value.reveal())).collect();
        assert_eq!(
            shown,
            [
                ("A", "1"),
                ("B", "two words"),
                ("C", "#3 "),
                ("D", "a\"b\\"),
                ("E", ""),
                ("F", "p#w"),
                ("G", "\"open")
            ]
        );
    }

    #[test]
    fn a_line_that_is_none_is_named_by_its_number_alone() {
        assert_eq!(parse("A=1\ncanary").unwrap_err(), "line 2 is not NAME=value");
        assert_eq!(parse("ca nary=1").unwrap_err(), "line 1 does not begin with a name");
    }

    proptest! {
        #[test]
        fn it_never_fails_hard(text in "(?s).{0,200}") {
            let _ = parse(&text);
        }

        /// What stands in single quotes comes back as it is.
        #[test]
        fn a_quoted_value_comes_back(value in "[ -&(-~]{0,40}") {
            let values = parse(&format!("KEY='{value}'")).unwrap();
            prop_assert_eq!(values["KEY"].reveal(), value.as_str());
        }
    }
}
