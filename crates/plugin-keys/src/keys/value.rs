//! What is wrong with one value, said without the value.

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};

use super::published::is_published;
use super::{Form, Key};

/// A key with fewer characters can be guessed.
pub const SHORT: usize = 16;

/// What is wrong: a code, the rest of a sentence that begins with the key's name, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) code: &'static str,
    pub(crate) what: String,
    pub(crate) cure: &'static str,
}

const NEW: &str = "give it a new value, the same for all who hold it";

impl Fault {
    fn new(code: &'static str, what: impl Into<String>, cure: &'static str) -> Self {
        Self { code, what: what.into(), cure }
    }
}

/// The fault of a value that keeps Dify from working or from being safe; the first that is found.
pub(crate) fn fault(key: &Key, value: &str) -> Option<Fault> {
    if value.trim().is_empty() {
        return (!key.may_be_empty).then(|| Fault::new("EMPTY", "is empty", NEW));
    }
    if is_placeholder(value) {
        return Some(Fault::new(
            "PLACEHOLDER",
            "holds a placeholder that nothing filled in",
            "look at what should have put the value there: a template, envsubst, the chart",
        ));
    }
    let judged = match key.form {
        Form::List => value.split(',').try_for_each(|one| judge(key, one.trim())),
        _ => judge(key, value),
    };
    judged.err()
}

fn judge(key: &Key, value: &str) -> Result<(), Fault> {
    // That the password of a server is published is a warning: the server may be out of our reach.
    if !key.is_password() && is_published(value) {
        return Err(Fault::new("PUBLISHED", "is a published default that everybody can read", NEW));
    }
    if value.ends_with(['\n', '\r']) {
        return Err(Fault::new(
            "LINE_BREAK",
            "ends with a line break, which Dify will take for a part of it",
            "write the value without one: printf %s, or echo -n",
        ));
    }
    if value.contains('\u{feff}') {
        return Err(Fault::new(
            "MALFORMED",
            "holds a byte order mark, which an editor put there",
            "save it as UTF-8 without a byte order mark",
        ));
    }
    if value.chars().any(char::is_control) {
        return Err(Fault::new("MALFORMED", "holds a control character", NEW));
    }
    match key.form {
        Form::Header | Form::List => header(value)?,
        Form::Base64Url32 => base64url(value)?,
        Form::Text | Form::Password => {}
    }
    length(key, value)?;
    if !key.is_password() && is_trivial(value) {
        return Err(Fault::new("WEAK", "is one character over and over", NEW));
    }
    Ok(())
}

fn header(value: &str) -> Result<(), Fault> {
    let safe = "use letters and digits alone";
    if !value.is_ascii() {
        return Err(Fault::new(
            "NOT_ASCII",
            "holds letters beyond ASCII, and cannot be sent in a header",
            safe,
        ));
    }
    if value.contains(' ') {
        return Err(Fault::new("MALFORMED", "holds a space, and is sent in a header", safe));
    }
    Ok(())
}

fn base64url(value: &str) -> Result<(), Fault> {
    let must = "must be 32 bytes as base64url without padding (43 characters)";
    let detail = match URL_SAFE_NO_PAD.decode(value) {
        Ok(bytes) if bytes.len() == 32 => return Ok(()),
        Ok(bytes) => format!(", but holds {} bytes", bytes.len()),
        Err(_) if URL_SAFE.decode(value).is_ok() => ", but ends with =".to_owned(),
        Err(_) if value.contains(['+', '/']) => {
            ", but has + or / in it, which base64url writes as - and _".to_owned()
        }
        Err(_) => String::new(),
    };
    let cure = "make one with plugin-keys generate --key DIFY_AGENT_SERVER_SECRET_KEY";
    Err(Fault::new("BASE64URL", format!("{must}{detail}"), cure))
}

fn length(key: &Key, value: &str) -> Result<(), Fault> {
    let (fewest, most) = key.length;
    let count = value.chars().count();
    if count < fewest {
        return Err(Fault::new("TOO_SHORT", format!("is shorter than {fewest} characters"), NEW));
    }
    if count > most {
        return Err(Fault::new("TOO_LONG", format!("is longer than {most} characters"), "shorten it"));
    }
    Ok(())
}

/// What does not stop Dify, but will be felt.
pub(crate) fn warnings(key: &Key, value: &str) -> Vec<String> {
    let mut warnings = Vec::new();
    if value.trim().is_empty() {
        return warnings;
    }
    if key.is_password() && is_published(value) {
        warnings.push("is a published default that everybody can read".to_owned());
    }
    if is_quoted(value) {
        warnings.push("is in quotes, which are a part of the value".to_owned());
    } else if value.trim() != value {
        warnings.push("begins or ends with white space".to_owned());
    }
    let most = key.length.1;
    if !key.is_password() && most > 30 && value.chars().count() < SHORT {
        warnings.push(format!("is shorter than {SHORT} characters"));
    }
    if key.is_password() && value.contains([' ', '\'', '"', '\\']) {
        warnings.push(
            "holds a space, quote or backslash, which Dify and its plugin daemon do not pass on unchanged"
                .to_owned(),
        );
    }
    warnings
}

/// Whether quotes that belong to a file's syntax are part of the value.
pub(crate) fn is_quoted(value: &str) -> bool {
    let value = value.trim();
    ['"', '\''].iter().any(|quote| value.len() > 1 && value.starts_with(*quote) && value.ends_with(*quote))
}

/// `${NAME}`, `$(NAME)`, `{{ .Values.x }}`, `<no value>`, `<your key>`.
fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    let name = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_:-.".contains(c))
    };
    let within = |open: &str, close: char| {
        value.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).is_some_and(name)
    };
    within("${", '}')
        || within("$(", ')')
        || (value.contains("{{") && value.contains("}}"))
        || (value.starts_with('<') && value.ends_with('>'))
}

/// `aaaaaaaa`, `xxxxxx`, `0000`.
fn is_trivial(value: &str) -> bool {
    let first = value.chars().next();
    value.chars().all(|c| Some(c) == first)
}

#[cfg(test)]
mod tests;
