//! Which server it is that speaks this protocol, from what it says of itself.

/// A server of the family.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Product {
    /// Oracle's, Percona's, and the clouds' that are made from it.
    #[default]
    Mysql,
    /// `MariaDB`.
    MariaDb,
    /// `OceanBase`.
    OceanBase,
    /// `OceanBase`'s small server.
    Seekdb,
    /// `TiDB`, which Dify knows as a vector store only.
    TiDb,
}

impl Product {
    /// Reads the answer of `VERSION()`: what it is, and its own version without the one that it imitates.
    #[must_use]
    pub fn of(version: &str) -> (Self, String) {
        let after = |word: &str| {
            let rest = version.split(word).nth(1).unwrap_or_default();
            digits(rest.trim_start_matches(|c: char| !c.is_ascii_digit()))
        };
        if version.contains("seekdb") {
            (Self::Seekdb, after("seekdb"))
        } else if version.contains("OceanBase") {
            (Self::OceanBase, after("OceanBase"))
        } else if version.contains("TiDB") {
            (Self::TiDb, after("TiDB"))
        } else if version.contains("MariaDB") {
            // Old clients are told that it is a 5.5.5.
            (Self::MariaDb, digits(version.strip_prefix("5.5.5-").unwrap_or(version)))
        } else {
            (Self::Mysql, digits(version))
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mysql => "MySQL",
            Self::MariaDb => "MariaDB",
            Self::OceanBase => "OceanBase",
            Self::Seekdb => "OceanBase seekdb",
            Self::TiDb => "TiDB",
        }
    }

    /// Whether a lock of `GET_LOCK` may outlive its session.
    #[must_use]
    pub fn keeps_locks(self) -> bool {
        matches!(self, Self::OceanBase | Self::Seekdb)
    }

    /// The oldest version that Dify's schema is known to work with.
    #[must_use]
    pub fn floor(self) -> Option<(u32, u32, u32)> {
        match self {
            // Expressions as defaults.
            Self::Mysql => Some((8, 0, 13)),
            Self::MariaDb => Some((10, 5, 0)),
            Self::OceanBase | Self::Seekdb | Self::TiDb => None,
        }
    }

    /// Whether a version is below that.
    #[must_use]
    pub fn is_too_old(self, version: &str) -> bool {
        let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
        let mut next = || parts.next().unwrap_or(0);
        let version = (next(), next(), next());
        version.0 > 0 && self.floor().is_some_and(|floor| version < floor)
    }
}

/// What a text begins with, as far as it is digits and points.
fn digits(text: &str) -> String {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    text[..end].trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_servers_say_of_themselves() {
        for (text, product, version, old) in [
            ("9.7.4-2", Product::Mysql, "9.7.4", false),
            ("8.0.36-28.1", Product::Mysql, "8.0.36", false),
            ("8.0.12", Product::Mysql, "8.0.12", true),
            ("5.7.44-log", Product::Mysql, "5.7.44", true),
            ("5.5.5-10.11.19-MariaDB-0+deb12u1", Product::MariaDb, "10.11.19", false),
            ("11.8.3-MariaDB-0+deb13u1 from Debian", Product::MariaDb, "11.8.3", false),
            ("10.3.39-MariaDB", Product::MariaDb, "10.3.39", true),
            ("5.7.25-OceanBase seekdb-v1.4.0.0", Product::Seekdb, "1.4.0.0", false),
            ("5.7.25-OceanBase_CE-v4.3.5.1", Product::OceanBase, "4.3.5.1", false),
            ("8.0.11-TiDB-v8.5.0", Product::TiDb, "8.5.0", false),
            ("", Product::Mysql, "", false),
        ] {
            assert_eq!(Product::of(text), (product, version.to_owned()), "{text}");
            assert_eq!(product.is_too_old(version), old, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_some_server(text in ".{0,60}") {
            let (product, version) = Product::of(&text);
            prop_assert!(version.chars().all(|c| c.is_ascii_digit() || c == '.'));
            let _ = product.is_too_old(&version);
        }
    }
}
