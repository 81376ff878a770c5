//! A login that Dify writes into a URL without quoting it.
//!
//! What its client library reads out of that URL again is what the server is told: `%40` comes out as `@`, and a
//! bare `@` in the password ends it, so that the rest is taken for a part of the host.

use percent_encoding::percent_decode_str;
use preflight::{ConfigError, Env, Secret};

/// The user as the client library reads it out of the URL.
pub(super) fn user(key: &str, text: &str) -> Result<String, ConfigError> {
    if let Some(sign) = text.chars().find(|sign| matches!(sign, ':' | '/')) {
        return Err(ConfigError::new(
            key,
            format!("holds a {sign:?}, which Dify writes unquoted into a URL where it ends the name"),
        )
        .hint(format!("write it as %{:02X}, or use a name without it", u32::from(sign))));
    }
    Ok(decoded(text))
}

/// The password as the client library reads it out of the URL.
pub(super) fn password(env: &Env, key: &str, secret: &Secret) -> Result<Secret, ConfigError> {
    if secret.reveal().contains('@') {
        return Err(ConfigError::new(
            key,
            "holds a '@', which Dify writes unquoted into a URL where it ends the password",
        )
        .hint("write it as %40, or use a password of letters and digits"));
    }
    let read = Secret::new(decoded(secret.reveal()));
    env.learn(&read);
    Ok(read)
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_part_of_the_url_is_refused_by_name() {
        for text in ["sys:root", "a/b"] {
            assert_eq!(user("MATRIXONE_USER", text).unwrap_err().key, "MATRIXONE_USER", "{text}");
        }
        let error = password(&Env::of([]), "RELYT_PASSWORD", &Secret::new("a@b")).unwrap_err();
        assert_eq!((error.key.as_str(), error.to_string().contains("a@b")), ("RELYT_PASSWORD", false));
    }

    #[test]
    fn what_is_quoted_by_hand_is_read_as_dify_reads_it() {
        for (written, read) in [
            ("plain", "plain"),
            ("a%40b", "a@b"),
            ("100%", "100%"),
            ("%zz", "%zz"),
            ("a+b", "a+b"),
            ("p:/?#", "p:/?#"),
        ] {
            let secret = password(&Env::of([]), "KEY", &Secret::new(written)).unwrap();
            assert_eq!(secret.reveal(), read);
        }
        assert_eq!(user("KEY", "sys%3Aroot").unwrap(), "sys:root");
    }
}
