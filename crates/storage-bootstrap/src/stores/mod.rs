//! The kinds of storage, one file or folder each.

pub(crate) mod local;
pub(crate) mod s3;

use preflight::tls::NamedFile;
use preflight::{Check, ConfigError, Env};

use local::{Folder, LocalCheck};
use s3::{S3, S3Check};

/// What to do about a bucket or folder that is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Say so.
    Prove,
    /// Make it.
    Ensure,
}

/// A storage whose settings are complete.
pub(crate) enum Store {
    Local(Folder),
    S3(Box<S3>),
}

impl Store {
    pub(crate) fn check(self, task: Task) -> Box<dyn Check> {
        match self {
            Self::Local(folder) => Box::new(LocalCheck::new(folder, task)),
            Self::S3(s3) => Box::new(S3Check::new(*s3, task)),
        }
    }
}

/// A kind that Dify knows and this tool cannot probe.
pub(crate) fn unsupported(key: &str, value: &str) -> ConfigError {
    ConfigError::new(key, format!("{value:?} is not supported yet by storage-bootstrap"))
        .hint("turn the storage check off for this installation; Dify itself supports it")
}

/// A kind that Dify does not know either.
pub(crate) fn unknown(key: &str, value: &str, known: &[&str]) -> ConfigError {
    ConfigError::new(key, format!("{value:?} is not known")).hint(format!("use one of {}", known.join(", ")))
}

/// The CA file of the AWS SDKs; boto3 and the daemon's SDK trust it and no other.
pub(crate) fn ca_bundle(env: &Env) -> Result<Option<NamedFile>, ConfigError> {
    let key = "AWS_CA_BUNDLE";
    let path = env.text(key)?.filter(|path| !path.is_empty());
    Ok(path.map(|path| NamedFile { key: key.to_owned(), path: path.into() }))
}
