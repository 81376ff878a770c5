//! The kinds of storage, one file or folder each.
//!
//! To add one, write `stores/NAME.rs` with
//!
//! 1. a type that implements [`Store`]: how a bucket is found and made, how an object is put, got and deleted, each
//!    one request; a reply that is no success becomes a [`Trouble`]: its [`Verdict`], the server's code and words
//!    ([`reply`] reads XML and JSON errors and whatever is no answer of the product at all);
//! 2. a function for each side of Dify that has it: `pub(crate) fn api(env: &Env) -> Result<Name, ConfigError>`,
//!    `daemon` and `opendal`, which read that side's variables and nothing else;
//!
//! then name them in the dispatch of `api.rs` (`STORAGE_TYPE`, `OPENDAL_SCHEME`) and `daemon.rs`
//! (`PLUGIN_STORAGE_TYPE`) as `task.check(name::api(env)?)`, its variables in `variables.rs`, and its states in
//! `states.toml`. The order of the steps, what is made and what is not, the sentences and the hints are here
//! already: [`probe`] and [`verdict`] are the same for all.
//!
//! A vendor whose REST is like S3's needs less: a [`rest::Vendor`] (its signature, what its codes mean) and those
//! functions. [`digest`], [`encode`] and [`time`] are what signatures are made of; [`token`] keeps a token to its end.

mod any_reply;
pub(crate) mod azure;
pub(crate) mod baidu;
pub(crate) mod cos;
pub(crate) mod digest;
pub(crate) mod encode;
pub(crate) mod gcs;
pub(crate) mod local;
pub(crate) mod obs;
pub(crate) mod oci;
pub(crate) mod oss;
pub(crate) mod probe;
pub(crate) mod reply;
pub(crate) mod rest;
pub(crate) mod s3;
pub(crate) mod supabase;
pub(crate) mod time;
pub(crate) mod token;
pub(crate) mod tos;
pub(crate) mod verdict;

use preflight::tls::{NamedFile, TlsOptions};
use preflight::{Check, ConfigError, Env};

pub use any_reply::read_any_reply;
pub(crate) use probe::{Made, Store};
pub(crate) use verdict::{Names, Place, Trouble, Verdict};

use crate::scratch::Scratch;
use crate::tenant::Tenant;
use probe::StoreCheck;

/// What to do with a store.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    /// Make a bucket or folder that is missing, instead of saying so.
    pub(crate) make: bool,
    /// What is written, read and deleted.
    pub(crate) scratch: Scratch,
    /// Whose private keys must be there.
    pub(crate) tenants: Vec<Tenant>,
}

impl Task {
    /// A store whose settings are complete, as a check.
    pub(crate) fn check<S: Store>(&self, store: S) -> Box<dyn Check> {
        Box::new(StoreCheck::new(store, self.clone()))
    }
}

/// What is said where versions of our object cannot be deleted.
pub(crate) fn kept(code: &str) -> String {
    format!("the bucket keeps versions: one small object of every check stays{code}")
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

/// The CA file of Python's requests, which most of the api's SDKs send with.
pub(crate) fn requests_tls(env: &Env) -> Result<TlsOptions, ConfigError> {
    for key in ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"] {
        if let Some(path) = env.text(key)?.filter(|path| !path.is_empty()) {
            let ca = Some(NamedFile { key: key.to_owned(), path: path.into() });
            return Ok(TlsOptions { ca, ..TlsOptions::default() });
        }
    }
    Ok(TlsOptions::default())
}

#[cfg(test)]
impl Task {
    pub(crate) fn for_tests() -> Self {
        let scratch = Scratch { name: "x".to_owned(), content: "x".to_owned() };
        Self { make: false, scratch, tenants: Vec::new() }
    }
}
