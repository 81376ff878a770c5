//! A release of Dify, for rules that hold from one on.

use std::str::FromStr;

/// Major, minor and patch number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Release(pub(crate) u16, pub(crate) u16, pub(crate) u16);

/// From here on an empty `SECRET_KEY` is made up and kept in the storage.
pub(crate) const GENERATES_SECRET_KEY: Release = Release(1, 14, 1);
/// From here on the api can be asked for its inner key without a tenant.
pub(crate) const INNER_API_ASKABLE: Release = Release(1, 16, 0);
/// From here on there is a pepper, and the local sandbox wants a token.
pub(crate) const PEPPER: Release = Release(1, 18, 0);

impl FromStr for Release {
    type Err = String;

    /// Reads `1.16.1`, `v1.16.1`, `1.16` and `1.10.1-fix.1`.
    fn from_str(text: &str) -> Result<Self, String> {
        let problem = || format!("{text:?} is no version");
        let bare = text.trim().strip_prefix('v').unwrap_or(text.trim());
        let bare = bare.split(['-', '+']).next().unwrap_or_default();
        let mut numbers = bare.split('.').map(|number| number.parse::<u16>().map_err(|_| problem()));
        let mut next = || numbers.next().unwrap_or(Ok(0));
        let release = Self(next()?, next()?, next()?);
        if numbers.next().is_some() || !bare.contains('.') {
            return Err(problem());
        }
        Ok(release)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_read_and_compared() {
        let release = |text: &str| text.parse::<Release>();
        assert_eq!(release("v1.16.1"), Ok(Release(1, 16, 1)));
        assert_eq!(release("1.10.1-fix.1"), Ok(Release(1, 10, 1)));
        assert!(release("1.9").unwrap() < release("1.10.0").unwrap());
        for text in ["", "1", "latest", "1.2.3.4", "1.x"] {
            assert!(release(text).is_err(), "{text}");
        }
    }
}
