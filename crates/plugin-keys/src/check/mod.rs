//! What is given to Dify's components: keys that are there, well-formed, equal and secret; URLs that they can use.

mod pair;
mod requirements;
mod url_rules;
mod urls;

use std::rc::Rc;

use preflight::{Check, CommonArgs, ConfigError, Env};

use crate::holder::{Source, View};
use crate::keys::release::Release;
use crate::keys::{self, Key};
use pair::KeyCheck;
pub(crate) use requirements::PLAIN;
use urls::UrlCheck;

/// What a check is asked to look at.
pub(crate) struct Wanted<'a> {
    pub(crate) names: &'a [String],
    pub(crate) holders: &'a [String],
    pub(crate) release: Option<Release>,
}

/// Where it is looked, and what at.
pub(crate) type Looked = (Rc<Source>, Vec<Box<dyn Check>>);

/// The keys that were named; else those that Dify cannot do without and whatever else is set, with all URLs.
pub(crate) fn plan(env: &Env, common: &CommonArgs, wanted: &Wanted<'_>) -> Result<Looked, ConfigError> {
    let source = Rc::new(Source::new(common, wanted.holders)?);
    let chosen = keys::chosen(wanted.names)?;
    let accepts = env.boolean("PREFLIGHT_ACCEPT_PUBLISHED", false)?;
    if wanted.holders.is_empty() {
        show(env)?;
    }
    // Files may still be on their way; what they hold is then looked for at every try.
    let views = source.read().unwrap_or_default();
    let mut checks: Vec<Box<dyn Check>> = Vec::new();
    for key in chosen {
        if !wanted.names.is_empty() || is_of_interest(key, &source, &views, wanted.release) {
            let accepts_published = accepts && key.name == "SECRET_KEY";
            let source = Rc::clone(&source);
            checks.push(Box::new(KeyCheck { key, source, release: wanted.release, accepts_published }));
        }
    }
    if wanted.names.is_empty() {
        for rule in url_rules::RULES.iter().filter(|rule| urls::is_of_interest(rule, &views)) {
            checks.push(Box::new(UrlCheck { rule, source: Rc::clone(&source) }));
        }
    }
    if checks.is_empty() {
        return Err(ConfigError::new("--holder", "none of these components holds a key that is known"));
    }
    Ok((source, checks))
}

fn is_of_interest(key: &Key, source: &Source, views: &[View], release: Option<Release>) -> bool {
    if views.iter().any(|view| !view.held(key).is_empty()) {
        return true;
    }
    let wanted = key.needed || requirements::demanded(key, views, release).is_some();
    wanted
        && match source {
            Source::Own { .. } => true,
            Source::Holders(holders) => holders.iter().any(|holder| !key.names_of(holder.role).is_empty()),
        }
}

/// Reads all of it once more with the program's own input, so that `--print-config` shows it and its secrets are known.
fn show(env: &Env) -> Result<(), ConfigError> {
    for name in keys::KEYS.iter().flat_map(Key::names).chain(["INNER_API_KEY"]) {
        if env.is_set(name)? {
            env.secret(name)?;
        }
    }
    for name in PLAIN.iter().filter(|name| **name != "INNER_API_KEY") {
        if let Some(text) = env.text(name)? {
            urls::hide_password(env, name, &text);
        }
    }
    Ok(())
}
