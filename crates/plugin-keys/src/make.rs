//! New values, from the operating system's randomness.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use preflight::{ConfigError, Secret};
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::keys::{Form, Key};

const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// 62 to the power of 43 is the first that exceeds 2 to the power of 256.
const LENGTH: usize = 43;

/// A value for a key. Letters and digits need no quoting in a URL, a shell, a header, YAML or a connection string.
pub(crate) fn value(key: &Key) -> Result<Secret, ConfigError> {
    match key.form {
        Form::Base64Url32 => Ok(Secret::new(URL_SAFE_NO_PAD.encode(random::<32>()?))),
        Form::Header | Form::Text | Form::Password | Form::List => letters().map(Secret::new),
    }
}

fn letters() -> Result<String, ConfigError> {
    let mut text = String::with_capacity(LENGTH);
    while text.len() < LENGTH {
        // Values from 248 on are thrown away, or the first eight letters would come more often than the rest.
        let usable = random::<64>()?.into_iter().filter(|byte| *byte < 248);
        let letters = usable.map(|byte| char::from(LETTERS[usize::from(byte % 62)]));
        text.extend(letters.take(LENGTH - text.len()));
    }
    Ok(text)
}

fn random<const N: usize>() -> Result<[u8; N], ConfigError> {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| ConfigError::new("random numbers", "the operating system gives none"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::keys::{KEYS, Made, value::fault};

    #[test]
    fn every_value_is_well_formed_and_new() {
        let mut seen = HashSet::new();
        for _ in 0..200 {
            for key in KEYS.iter().filter(|key| key.made != Made::Never) {
                let value = value(key).unwrap();
                assert_eq!(fault(key, value.reveal()), None, "{}", key.name);
                assert_eq!(value.reveal().len(), 43, "{}", key.name);
                if key.form != Form::Base64Url32 {
                    assert!(value.reveal().bytes().all(|byte| byte.is_ascii_alphanumeric()));
                }
                assert!(seen.insert(value.reveal().to_owned()));
            }
        }
    }

    #[test]
    fn every_letter_comes_about_as_often_as_the_others() {
        let mut counts = [0_u32; 128];
        for _ in 0..2000 {
            for byte in letters().unwrap().bytes() {
                counts[usize::from(byte)] += 1;
            }
        }
        // 1387 of each are expected, with a standard deviation of 37.
        for letter in LETTERS {
            let count = counts[usize::from(*letter)];
            assert!((1100..1700).contains(&count), "{} came {count} times", char::from(*letter));
        }
    }
}
