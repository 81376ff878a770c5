//! What a user may do in a database, read from `SHOW GRANTS`: the only place where patterns, roles and partly revoked
//! rights are all told.

use std::collections::BTreeSet;

/// What Dify's migrations do, and Dify itself after them.
pub const NEEDED: [&str; 8] = ["SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP", "INDEX"];

/// The rights of the whole account in one database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    rights: BTreeSet<String>,
    /// Roles that were granted, as they are written.
    pub roles: Vec<String>,
    /// Whether a line could not be read: then nothing is known to be missing.
    pub is_vague: bool,
}

impl Grants {
    /// Reads the lines. What is granted on single tables is not counted: a migration makes new ones.
    #[must_use]
    pub fn of<'a>(lines: impl IntoIterator<Item = &'a str>, database: &str) -> Self {
        let mut grants = Self::default();
        let mut revoked = BTreeSet::new();
        for line in lines {
            match Line::of(line) {
                Some(Line::Role(role)) => grants.roles.push(role),
                Some(Line::Rights { takes_away, rights, database: at }) if covers(&at, database) => {
                    if takes_away {
                        revoked.extend(rights);
                    } else {
                        grants.rights.extend(rights);
                    }
                }
                Some(_) => {}
                None => grants.is_vague = true,
            }
        }
        // A partial revoke holds for one database, against a grant that holds for all.
        if revoked.contains("ALL") {
            grants.rights.clear();
        }
        if grants.rights.remove("ALL") {
            grants.rights.extend(NEEDED.map(str::to_owned));
        }
        for right in &revoked {
            grants.rights.remove(right);
        }
        grants
    }

    /// What is missing of what Dify needs.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        if self.is_vague {
            return Vec::new();
        }
        NEEDED.into_iter().filter(|right| !self.rights.contains(*right)).collect()
    }
}

enum Line {
    Role(String),
    Rights { takes_away: bool, rights: Vec<String>, database: String },
}

impl Line {
    /// `GRANT a, b (c) ON d.e TO u`, `REVOKE a ON d.* FROM u`, or `GRANT role TO u`.
    fn of(line: &str) -> Option<Self> {
        let (verb, rest) = line.trim().split_once(' ')?;
        let takes_away = match verb.to_ascii_uppercase().as_str() {
            "GRANT" => false,
            "REVOKE" => true,
            // MariaDB ends its list with the role that is taken on login.
            "SET" => {
                return Some(Self::Rights { takes_away: false, rights: Vec::new(), database: String::new() });
            }
            _ => return None,
        };
        let Some((rights, object)) = split_outside_quotes(rest, " ON ") else {
            let (role, _) = split_outside_quotes(rest, " TO ")?;
            return Some(Self::Role(role.to_owned()));
        };
        let (object, _) = split_outside_quotes(object, if takes_away { " FROM " } else { " TO " })?;
        let object = object.trim();
        let object = object.strip_prefix("TABLE ").unwrap_or(object);
        let database = match split_outside_quotes(object, ".") {
            Some((database, "*")) => unquoted(database),
            // One table, a routine, or PROXY: not a database.
            _ => String::new(),
        };
        let rights = rights.split(',').map(|right| right.trim().to_ascii_uppercase());
        // Rights on columns hold for those alone.
        let rights = rights.filter(|right| !right.contains(['(', ')']));
        let rights = rights.map(|right| if right.starts_with("ALL") { "ALL".to_owned() } else { right });
        Some(Self::Rights { takes_away, rights: rights.collect(), database })
    }
}

/// Parts a text at a word that is not between quotes of any of the three kinds.
fn split_outside_quotes<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '`' | '\'' | '"') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, _) if text[at..].starts_with(word) => {
                return Some((&text[..at], &text[at + word.len()..]));
            }
            _ => {}
        }
    }
    None
}

fn unquoted(text: &str) -> String {
    let text = text.trim();
    for quote in ['`', '\'', '"'] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inner.replace(&format!("{quote}{quote}"), &quote.to_string());
        }
    }
    text.to_owned()
}

/// Whether a database pattern (`*` for all, `%` and `_` as in LIKE, `\` before what is meant as it is) means a database.
fn covers(pattern: &str, database: &str) -> bool {
    if pattern == "*" {
        return true;
    }
    let pattern: Vec<Part> = parts(pattern);
    let letters: Vec<char> = database.chars().collect();
    // One row of the usual table: which beginnings of the name the pattern so far can be.
    let mut reached = vec![false; letters.len() + 1];
    reached[0] = true;
    for part in pattern {
        match part {
            Part::Any => {
                let first = reached.iter().position(|reached| *reached).unwrap_or(reached.len());
                for reached in reached.iter_mut().skip(first) {
                    *reached = true;
                }
            }
            part => {
                for end in (1..reached.len()).rev() {
                    let fits = match part {
                        Part::One => true,
                        Part::Letter(letter) => letter == letters[end - 1],
                        Part::Any => false,
                    };
                    reached[end] = reached[end - 1] && fits;
                }
                reached[0] = false;
            }
        }
    }
    reached.last().copied().unwrap_or(false)
}

#[derive(Clone, Copy)]
enum Part {
    Any,
    One,
    Letter(char),
}

fn parts(pattern: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        parts.push(match c {
            '%' => Part::Any,
            '_' => Part::One,
            '\\' => Part::Letter(rest.next().unwrap_or('\\')),
            c => Part::Letter(c),
        });
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn missing(lines: &[&str]) -> Vec<&'static str> {
        Grants::of(lines.iter().copied(), "dify_1").missing()
    }

    #[test]
    fn what_servers_say() {
        let usage = "GRANT USAGE ON *.* TO `dify`@`%`";
        for all in [
            "GRANT ALL PRIVILEGES ON `dify\\_1`.* TO `dify`@`%`",
            "GRANT ALL PRIVILEGES ON `dify_1`.* TO `dify`@`%` WITH GRANT OPTION",
            "GRANT ALL PRIVILEGES ON `dify%`.* TO 'dify'@'%'",
            "GRANT ALL PRIVILEGES ON *.* TO 'root'@'%' WITH GRANT OPTION",
            "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, INDEX, ALTER ON `dify_1`.* TO `dify`@`%`",
        ] {
            assert_eq!(missing(&[usage, all]), Vec::<&str>::new(), "{all}");
        }
        for none in [
            "GRANT ALL PRIVILEGES ON `dify\\_2`.* TO `dify`@`%`",
            "GRANT ALL PRIVILEGES ON `dify_1`.`apps` TO `dify`@`%`",
            "GRANT SELECT (a, b) ON `dify_1`.`apps` TO `dify`@`%`",
            "GRANT PROXY ON ''@'' TO 'root'@'localhost' WITH GRANT OPTION",
            "GRANT EXECUTE ON PROCEDURE `dify_1`.`p` TO `dify`@`%`",
            "SET DEFAULT ROLE `r` FOR `dify`@`%`",
        ] {
            assert_eq!(missing(&[usage, none]), NEEDED, "{none}");
        }
        let all = "GRANT ALL PRIVILEGES ON `dify_1`.* TO ` ON `@`%`";
        assert_eq!(missing(&[all]), Vec::<&str>::new());
        let some = "GRANT SELECT, INSERT, UPDATE, DELETE ON *.* TO `dify`@`%`";
        assert_eq!(missing(&[some]), ["CREATE", "ALTER", "DROP", "INDEX"]);
        let revoke = "REVOKE CREATE, DROP ON `dify_1`.* FROM `dify`@`%`";
        assert_eq!(missing(&["GRANT ALL PRIVILEGES ON *.* TO `dify`@`%`", revoke]), ["CREATE", "DROP"]);
        assert_eq!(missing(&["something new"]), Vec::<&str>::new());
        let roles = Grants::of([usage, "GRANT `app`@`%`,`b`@`%` TO `dify`@`%`"], "dify").roles;
        assert_eq!(roles, ["`app`@`%`,`b`@`%`"]);
    }

    proptest! {
        #[test]
        fn any_text_is_read(lines in prop::collection::vec("[ -~`'é]{0,60}", 0..4), database in ".{0,10}") {
            let grants = Grants::of(lines.iter().map(String::as_str), &database);
            let _ = grants.missing();
        }

        #[test]
        fn a_name_that_was_escaped_covers_itself_alone(name in "[a-z_%\\\\]{1,12}", other in "[a-z_%\\\\]{1,12}") {
            let pattern = super::super::quote::pattern(&name);
            let line = format!("GRANT ALL PRIVILEGES ON {pattern}.* TO `u`@`%`");
            prop_assert!(Grants::of([line.as_str()], &name).missing().is_empty());
            prop_assert_eq!(Grants::of([line.as_str()], &other).missing().is_empty(), name == other);
        }
    }
}
