//! The scratch object: a name that nobody else uses, and a content that only this run can know.

use preflight::ConfigError;
use ring::rand::{SecureRandom as _, SystemRandom};

/// Name and content of the scratch object. Both stay the same for a whole run, so that a store that refuses
/// to delete keeps one object of a run and not one of every try.
#[derive(Clone, Debug)]
pub(crate) struct Scratch {
    /// 16 letters and digits.
    pub(crate) name: String,
    /// A line of text.
    pub(crate) content: String,
}

impl Scratch {
    pub(crate) fn new() -> Result<Self, ConfigError> {
        let mut bytes = [0; 8];
        SystemRandom::new()
            .fill(&mut bytes)
            .map_err(|_| ConfigError::new("random numbers", "the operating system gives none"))?;
        let name = format!("{:016x}", u64::from_be_bytes(bytes));
        let content =
            format!("written by dify-preflight to prove that this storage works; may be deleted ({name})\n");
        Ok(Self { name, content })
    }
}
