//! Tokens for a time: how one is kept until its end, and how the file of one is read.

use std::cell::RefCell;
use std::time::{Duration, SystemTime};

use preflight::{Finding, Hop, Secret};

/// A token that is about to end is fetched anew.
const MARGIN: Duration = Duration::from_mins(1);

/// A token and its end.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) secret: Secret,
    pub(crate) expires: SystemTime,
}

impl Token {
    /// A token that lives so many seconds from now.
    pub(crate) fn lasting(secret: String, seconds: u64) -> Self {
        // A server's number may be any; a day is longer than any of our runs needs.
        let life = Duration::from_secs(seconds.min(86_400));
        Self { secret: Secret::new(secret), expires: SystemTime::now() + life }
    }
}

/// The last token, as long as it is good.
#[derive(Default)]
pub(crate) struct Kept(RefCell<Option<Token>>);

impl Kept {
    pub(crate) fn get(&self) -> Option<Secret> {
        let kept = self.0.borrow();
        kept.as_ref()
            .filter(|token| token.expires > SystemTime::now() + MARGIN)
            .map(|token| token.secret.clone())
    }

    pub(crate) fn keep(&self, token: Token) -> Secret {
        let secret = token.secret.clone();
        self.0.replace(Some(token));
        secret
    }

    /// A server did not like it: the next try asks for another.
    pub(crate) fn drop(&self) {
        self.0.take();
    }
}

/// A file with a token, read at every use: the kubelet writes it anew before it ends.
pub(crate) fn read(key: &str, path: &str) -> Result<Secret, Finding> {
    let anew = "the token is mounted when the pod is made: check its service account, and make the pod anew";
    let read = std::fs::read_to_string(path).map_err(|error| {
        Finding::suspect(Hop::Config, format!("{key}: cannot read {path}: {error}")).hint(anew)
    })?;
    let token = read.trim();
    if token.is_empty() {
        return Err(Finding::suspect(Hop::Config, format!("{key}: {path} is empty")).hint(anew));
    }
    Ok(Secret::new(token.to_owned()))
}

/// A server's words without a secret that it might give back, on one line and no longer than a sentence.
pub(crate) fn words(text: &str, secrets: &[&Secret]) -> String {
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        text = text.replace(secret.reveal(), "***");
    }
    text.truncate(text.floor_char_boundary(300));
    text
}
