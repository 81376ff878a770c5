//! Which keys there are, who holds them under which names, and what they must look like.

pub(crate) mod difference;
pub(crate) mod published;
pub(crate) mod release;
pub(crate) mod role;
mod table;
pub(crate) mod value;

use preflight::ConfigError;

use role::Role;
pub(crate) use table::KEYS;

/// What a value has to look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Sent in an HTTP header: visible ASCII.
    Header,
    /// Any text.
    Text,
    /// The password of a server, which may not be ours to change.
    Password,
    /// 32 bytes as unpadded base64url, or the agent backend crashes.
    Base64Url32,
    /// Header-safe keys, separated by commas; each holder has one of them.
    List,
}

/// Who holds a key, and under which names it may stand there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holding {
    pub(crate) role: Role,
    pub(crate) names: &'static [&'static str],
}

/// Whether a new value may take the place of the old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rotation {
    /// Yes; with what is felt meanwhile.
    Free(&'static str),
    /// No: why, and what to do instead.
    Refused(&'static str, &'static str),
}

/// Whether a key is made where it is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Made {
    /// Yes.
    Always,
    /// Only if `--key` names it: most often the server that it belongs to is not ours.
    Asked,
    /// No.
    Never,
}

/// One key of an installation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    /// The data key in the Secret, which is the name under which the api reads it where it does.
    pub(crate) name: &'static str,
    pub(crate) form: Form,
    /// The other names of the very same value in one environment.
    pub(crate) twins: &'static [&'static str],
    /// Who holds it.
    pub(crate) holdings: &'static [Holding],
    /// What breaks without it.
    pub(crate) use_of_it: &'static str,
    /// Whether an empty value is a way to say "no check at all", and not a fault.
    pub(crate) may_be_empty: bool,
    /// Whether `check` wants it without being asked by `--key`.
    pub(crate) needed: bool,
    /// Whether `ensure` and `generate` make it.
    pub(crate) made: Made,
    /// Fewest and most characters.
    pub(crate) length: (usize, usize),
    pub(crate) rotation: Rotation,
}

impl Key {
    /// All names of one environment, its own first.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.twins.iter().copied())
    }

    /// The names under which a component holds it; none if it does not.
    pub(crate) fn names_of(&self, role: Role) -> &'static [&'static str] {
        self.holdings.iter().find(|holding| holding.role == role).map_or(&[], |holding| holding.names)
    }

    /// Whether it is the password of a server that may not be ours to change.
    pub(crate) fn is_password(&self) -> bool {
        self.form == Form::Password
    }
}

/// The keys of these names.
pub(crate) fn chosen(names: &[String]) -> Result<Vec<&'static Key>, ConfigError> {
    if names.is_empty() {
        return Ok(KEYS.iter().collect());
    }
    pick(names, &KEYS.iter().collect::<Vec<_>>(), "is not known")
}

/// The keys of these names; all that are always made where none is named.
pub(crate) fn makeable(names: &[String]) -> Result<Vec<&'static Key>, ConfigError> {
    let of = |made: &[Made]| KEYS.iter().filter(|key| made.contains(&key.made)).collect::<Vec<_>>();
    if names.is_empty() {
        return Ok(of(&[Made::Always]));
    }
    pick(names, &of(&[Made::Always, Made::Asked]), "is no key that can be made")
}

fn pick(names: &[String], known: &[&'static Key], problem: &str) -> Result<Vec<&'static Key>, ConfigError> {
    let mut keys: Vec<&'static Key> = Vec::new();
    for name in names {
        let key = known.iter().find(|key| key.name == name).ok_or_else(|| {
            let known: Vec<&str> = known.iter().map(|key| key.name).collect();
            ConfigError::new("--key", format!("{name:?} {problem}"))
                .hint(format!("use one of {}", known.join(", ")))
        })?;
        if !keys.iter().any(|known| known.name == key.name) {
            keys.push(key);
        }
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_of_stores_that_may_be_anybody_s_are_made_if_asked_for_alone() {
        let names = |asked: &[&str]| -> Vec<&str> {
            let asked: Vec<String> = asked.iter().map(|name| (*name).to_owned()).collect();
            makeable(&asked).unwrap().iter().map(|key| key.name).collect()
        };
        assert!(!names(&[]).iter().any(|name| ["WEAVIATE_API_KEY", "QDRANT_API_KEY"].contains(name)));
        assert_eq!(names(&["WEAVIATE_API_KEY", "QDRANT_API_KEY"]), ["WEAVIATE_API_KEY", "QDRANT_API_KEY"]);
        assert!(makeable(&["MILVUS_PASSWORD".to_owned()]).is_err());
    }
}
