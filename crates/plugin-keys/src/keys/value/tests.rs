use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

use super::*;
use crate::keys::KEYS;

fn key(name: &str) -> &'static Key {
    KEYS.iter().find(|key| key.name == name).unwrap()
}

fn code(name: &str, value: &str) -> Option<&'static str> {
    fault(key(name), value).map(|fault| fault.code)
}

#[test]
fn every_fault_has_its_code() {
    let good = "aGoodValueOfItsOwn0123";
    for (name, value, expected) in [
        ("SECRET_KEY", good, None),
        ("SECRET_KEY", "any text is allowed here ä", None),
        ("SECRET_KEY", " ", Some("EMPTY")),
        ("SECRET_KEY", "${SECRET_KEY}", Some("PLACEHOLDER")),
        ("SECRET_KEY", "$(SECRET_KEY)", Some("PLACEHOLDER")),
        ("SECRET_KEY", "{{ .Values.key }}", Some("PLACEHOLDER")),
        ("SECRET_KEY", "<no value>", Some("PLACEHOLDER")),
        ("SECRET_KEY", "value\n", Some("LINE_BREAK")),
        ("SECRET_KEY", "\u{feff}value", Some("MALFORMED")),
        ("SECRET_KEY", "val\u{7}ue", Some("MALFORMED")),
        ("SECRET_KEY", "aaaaaaaaaaaaaaaaaaaaaaaa", Some("WEAK")),
        ("PLUGIN_DAEMON_KEY", "schlüssel-der-lang-ist", Some("NOT_ASCII")),
        ("PLUGIN_DAEMON_KEY", "two words", Some("MALFORMED")),
        ("INIT_PASSWORD", "0123456789-0123456789-012345678", Some("TOO_LONG")),
        ("INIT_PASSWORD", "0123456789-0123456789-01234567", None),
        ("ADMIN_API_KEY", "short-key", Some("TOO_SHORT")),
        ("SHELLCTL_AUTH_TOKEN", "", None),
        ("WEAVIATE_API_KEY", "one-key-of-mine, another-of-mine", None),
        ("WEAVIATE_API_KEY", "one-key-of-mine,two words", Some("MALFORMED")),
    ] {
        assert_eq!(code(name, value), expected, "{name}={value:?}");
    }
}

#[test]
fn a_key_of_the_wrong_kind_of_base64_is_told_apart() {
    let name = "DIFY_AGENT_SERVER_SECRET_KEY";
    let bytes: Vec<u8> = (0..32).map(|n| 255 - n).collect();
    assert_eq!(code(name, &URL_SAFE_NO_PAD.encode(&bytes)), None);
    for (value, part) in [
        (URL_SAFE.encode(&bytes), "ends with ="),
        (STANDARD.encode(&bytes), "+ or /"),
        (URL_SAFE_NO_PAD.encode(&bytes[..31]), "holds 31 bytes"),
        ("f0".repeat(32), "holds 48 bytes"),
        ("not base64!".to_owned(), "43 characters"),
    ] {
        let fault = fault(key(name), &value).unwrap();
        assert_eq!(fault.code, "BASE64URL");
        assert!(fault.what.contains(part), "{value}: {fault:?}");
    }
}

proptest! {
    /// No sentence about a value shows a part of it that could be told from our own words.
    #[test]
    fn no_sentence_shows_the_value(value in "[!-~]{0,3}[ äß\n\"]?[a-z0-9]{12}[ -~]{0,30}\n?", at in 0..KEYS.len()) {
        let key = &KEYS[at];
        let said = fault(key, &value).map(|fault| format!("{} {}", fault.what, fault.cure));
        let said = format!("{} {}", said.unwrap_or_default(), warnings(key, &value).join(" "));
        let core: String = value.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
        prop_assert!(core.len() < 8 || !said.contains(&core), "{value:?}: {said}");
    }

    /// What is sent in a header is refused, or can be sent in one.
    #[test]
    fn what_passes_can_be_sent_in_a_header(value in ".{0,40}") {
        let passes = fault(key("PLUGIN_DAEMON_KEY"), &value).is_none();
        prop_assert!(!passes || value.bytes().all(|byte| byte.is_ascii_graphic()), "{value:?}");
    }

    /// Every 32 bytes pass as base64url, and no other number of bytes does.
    #[test]
    fn the_agent_s_key_is_32_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let value = URL_SAFE_NO_PAD.encode(&bytes);
        let fault = fault(key("DIFY_AGENT_SERVER_SECRET_KEY"), &value);
        let trivial = bytes.len() == 32 && fault.as_ref().is_some_and(|fault| fault.code == "WEAK");
        prop_assert!(trivial || fault.is_none() == (bytes.len() == 32), "{fault:?}");
    }
}
