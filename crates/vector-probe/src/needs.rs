//! Which release of Dify needs which version of a server: what the client library that the release pins can talk to.
//!
//! `PREFLIGHT_DIFY_VERSION` tells the release. Without it only what no release can use is refused, and what some
//! cannot use is warned about.

use preflight::{ConfigError, Env, Finding, Hop};
use topology::{Minor, SERVER_RANGES, ServerRange, minor};

pub(crate) const KEY: &str = "PREFLIGHT_DIFY_VERSION";

/// The release of Dify, if it was told.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Dify(Option<Minor>);

impl Dify {
    /// Reads it.
    pub(crate) fn read(env: &Env) -> Result<Self, ConfigError> {
        let text = env.text_or(KEY, "")?;
        if text.is_empty() {
            return Ok(Self(None));
        }
        match minor(&text) {
            Some(release) => Ok(Self(Some(release))),
            None => Err(ConfigError::new(KEY, format!("{text:?} is no version"))
                .hint("write it like the tag of Dify's images, as in 1.16.1")),
        }
    }

    /// Whether this release can use a server: a finding if not, and warnings of releases that could not.
    pub(crate) fn accepts(self, product: &str, version: &str, at: &str) -> Result<Vec<String>, Finding> {
        let Some(server) = minor(version) else { return Ok(Vec::new()) };
        let fits = |need: &ServerRange| need.contains(server);
        let needs: Vec<&ServerRange> = SERVER_RANGES.iter().filter(|need| need.product == product).collect();
        let refusal = |need: &ServerRange, dify: &str| {
            let side = if server < need.from { "too old" } else { "too new" };
            Finding::never(Hop::State, format!("{product} {version} at {at} is {side} for {dify}"))
                .hint(need.hint)
        };
        if let Some(dify) = self.0 {
            let need = needs.iter().rev().find(|need| dify >= need.dify);
            return match need {
                Some(need) if !fits(need) => Err(refusal(need, &format!("Dify {}.{}", dify.0, dify.1))),
                _ => Ok(Vec::new()),
            };
        }
        if let [first, ..] = needs[..]
            && !needs.iter().any(|need| fits(need))
        {
            let (major, minor) = first.dify;
            return Err(refusal(first, &format!("every release of Dify from {major}.{minor} on")));
        }
        let warnings = needs.iter().filter(|need| !fits(need)).map(|need| {
            let (major, minor) = need.dify;
            format!("Dify {major}.{minor} and newer cannot use {product} {version}: {}", need.hint)
        });
        Ok(warnings.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_that_is_none_is_refused() {
        assert_eq!(Dify::read(&Env::of([(KEY, "latest")])).unwrap_err().key, KEY);
    }

    #[test]
    fn what_no_release_can_use_is_refused_without_knowing_the_release() {
        let dify = Dify::default();
        let finding = dify.accepts("Weaviate", "1.19.0", "w:80").unwrap_err();
        assert!(
            finding
                .message
                .contains("Weaviate 1.19.0 at w:80 is too old for every release of Dify from 1.10 on"),
            "{finding}"
        );
        let warnings = dify.accepts("Weaviate", "1.27.27", "w:80").unwrap();
        assert!(warnings[0].starts_with("Dify 1.17 and newer cannot use Weaviate 1.27.27"), "{warnings:?}");
        assert!(dify.accepts("Weaviate", "nightly", "w:80").unwrap().is_empty());
        assert!(dify.accepts("Nothing", "1.0", "w:80").unwrap().is_empty());
    }

    #[test]
    fn a_pair_that_does_not_work_is_refused_by_name() {
        for (dify, server, fits) in [
            ("1.16.1", "1.27.0", true),
            ("1.17.0", "1.27.27", false),
            ("1.19.0", "1.28.0", true),
            ("1.10.1", "1.26.0", false),
            ("1.9.1", "1.19.0", true),
        ] {
            let read = Dify::read(&Env::of([(KEY, dify)])).unwrap();
            let accepted = read.accepts("Weaviate", server, "w:80");
            assert_eq!(accepted.is_ok(), fits, "{dify} {server}: {accepted:?}");
        }
    }
}
