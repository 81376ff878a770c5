//! `DB_CHARSET`: the encoding that the client asks for.

use preflight::{ConfigError, Env};

pub(super) const NAME: &str = "DB_CHARSET";

/// The encodings of PostgreSQL as it compares them: letters and digits alone.
const KNOWN: &[&str] = &[
    "abc",
    "alt",
    "auto",
    "big5",
    "euccn",
    "eucjis2004",
    "eucjp",
    "euckr",
    "euctw",
    "gb18030",
    "gbk",
    "iso88591",
    "iso885910",
    "iso885913",
    "iso885914",
    "iso885915",
    "iso885916",
    "iso88592",
    "iso88593",
    "iso88594",
    "iso88595",
    "iso88596",
    "iso88597",
    "iso88598",
    "iso88599",
    "johab",
    "koi8",
    "koi8r",
    "koi8u",
    "latin1",
    "latin10",
    "latin2",
    "latin3",
    "latin4",
    "latin5",
    "latin6",
    "latin7",
    "latin8",
    "latin9",
    "mskanji",
    "muleinternal",
    "shiftjis",
    "shiftjis2004",
    "sjis",
    "sqlascii",
    "tcvn",
    "tcvn5712",
    "uhc",
    "unicode",
    "utf8",
    "vscii",
    "win",
    "win1250",
    "win1251",
    "win1252",
    "win1253",
    "win1254",
    "win1255",
    "win1256",
    "win1257",
    "win1258",
    "win866",
    "win874",
    "win932",
    "win936",
    "win949",
    "win950",
    "windows1250",
    "windows1251",
    "windows1252",
    "windows1253",
    "windows1254",
    "windows1255",
    "windows1256",
    "windows1257",
    "windows1258",
    "windows866",
    "windows874",
    "windows932",
    "windows936",
    "windows949",
    "windows950",
];

/// Reads it; gives a warning where texts would not fit.
pub(super) fn warning(env: &Env) -> Result<Option<String>, ConfigError> {
    let Some(charset) = env.text(NAME)?.filter(|charset| !charset.is_empty()) else { return Ok(None) };
    let plain: String =
        charset.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    if !KNOWN.contains(&plain.as_str()) {
        let hint = "unset it, or use UTF8; utf8mb4 is a word of MySQL";
        return Err(ConfigError::new(
            NAME,
            format!("{charset:?} is no encoding of PostgreSQL, which would refuse every login"),
        )
        .hint(hint));
    }
    let is_utf8 = matches!(plain.as_str(), "utf8" | "unicode");
    Ok((!is_utf8)
        .then(|| format!("{NAME} is {charset}: texts that it cannot hold will fail; unset it, or use UTF8")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_as_the_server_does() {
        for (charset, known, warned) in [
            ("", true, false),
            ("UTF8", true, false),
            ("utf-8", true, false),
            ("Unicode", true, false),
            ("LATIN1", true, true),
            ("SQL_ASCII", true, true),
            ("utf8mb4", false, false),
            ("none", false, false),
        ] {
            let found = warning(&Env::of([(NAME, charset)]));
            assert_eq!(found.is_ok(), known, "{charset}");
            assert_eq!(found.ok().flatten().is_some(), warned, "{charset}");
        }
    }
}
