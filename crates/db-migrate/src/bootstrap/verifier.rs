//! A password in the form in which PostgreSQL stores it, so that the statement that creates a role holds no password:
//! a server logs its statements.

use std::num::NonZeroU32;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use preflight::{Finding, Hop, Secret};
use ring::rand::SecureRandom as _;
use ring::{digest, hmac, pbkdf2, rand};

/// PostgreSQL's own number.
const ROUNDS: NonZeroU32 = NonZeroU32::new(4096).unwrap();

/// `SCRAM-SHA-256$4096:salt$stored:server`. A password with letters beyond ASCII is left as it is: the server
/// normalises those in a way of its own.
pub(super) fn of(password: &Secret) -> Result<String, Finding> {
    if !password.reveal().is_ascii() {
        return Ok(password.reveal().to_owned());
    }
    let mut salt = [0; 16];
    rand::SystemRandom::new()
        .fill(&mut salt)
        .map_err(|_| Finding::never(Hop::Config, "the system gives no random bytes"))?;
    Ok(with_salt(password, &salt))
}

fn with_salt(password: &Secret, salt: &[u8]) -> String {
    let mut salted = [0; digest::SHA256_OUTPUT_LEN];
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ROUNDS, salt, password.reveal().as_bytes(), &mut salted);
    let key = hmac::Key::new(hmac::HMAC_SHA256, &salted);
    let client = hmac::sign(&key, b"Client Key");
    let stored = digest::digest(&digest::SHA256, client.as_ref());
    let server = hmac::sign(&key, b"Server Key");
    format!(
        "SCRAM-SHA-256${ROUNDS}:{}${}:{}",
        STANDARD.encode(salt),
        STANDARD.encode(stored),
        STANDARD.encode(server)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_form_that_the_server_knows() {
        // The example of RFC 7677: password "pencil", this salt, 4096 rounds.
        let salt = STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap();
        let verifier = with_salt(&Secret::new("pencil"), &salt);
        assert_eq!(
            verifier,
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
        );
    }

    #[test]
    fn letters_beyond_ascii_are_left_to_the_server() {
        assert_eq!(of(&Secret::new("größe")).unwrap(), "größe");
    }
}
