//! What a reply over HTTP says when it is no success.

use std::time::SystemTime;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use preflight::http::Reply;

use super::verdict::{Trouble, Verdict};

/// What a reply means that holds no error of the product: a proxy, a web server, an outage.
pub(crate) fn without_code(reply: &Reply) -> Trouble {
    let header = |name: &str| reply.headers.get(name).and_then(|value| value.to_str().ok());
    of_status(reply.status, header("content-type").unwrap_or_default(), !reply.body.is_empty())
        .clock(header("date").and_then(clock))
}

/// The same from its parts.
pub(crate) fn of_status(status: u16, content_type: &str, had_body: bool) -> Trouble {
    let verdict = match status {
        502..=504 => Verdict::NothingBehind,
        429 => Verdict::Throttled,
        500.. => Verdict::Busy,
        401 | 403 if !had_body => Verdict::BadCredential,
        _ => {
            let kind = match content_type.split(';').next().unwrap_or_default() {
                "" => String::new(),
                kind => format!(", {kind}"),
            };
            Verdict::WrongProduct(format!("answers HTTP {status}{kind}"))
        }
    };
    Trouble::new(verdict).code(status.to_string())
}

/// How far the clock that wrote a `Date` header is ahead of ours, in seconds.
pub(crate) fn clock(date: &str) -> Option<i64> {
    let theirs = DateTime::from_str(date, Format::HttpDate).ok()?.secs();
    let ours = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
    Some(theirs - i64::try_from(ours).ok()?)
}

/// The text of the first element of this name in a reply of XML: `Code`, `Message`. No more of XML is needed to read
/// an error, and what is not read cannot blow up.
pub(crate) fn xml_text<'a>(body: &'a str, element: &str) -> Option<&'a str> {
    let mut rest = body;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let end = rest.find('>')?;
        let (tag, after) = (&rest[..end], &rest[end + 1..]);
        let name = tag.split([' ', '\n', '\t', '\r']).next().unwrap_or_default();
        if name == element {
            return after.find('<').map(|end| after[..end].trim());
        }
        rest = after;
    }
    None
}

/// A text of a reply of JSON, by the path to it: `["error", "message"]`. A number is given as it is written.
pub(crate) fn json_text(body: &str, path: &[&str]) -> Option<String> {
    let mut value = &serde_json::from_str::<serde_json::Value>(body).ok()?;
    for step in path {
        value = value.get(step)?;
    }
    match value {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_an_element_is_found_in_xml() {
        let body =
            "<?xml version=\"1.0\"?>\n<Error xmlns=\"x\"><Code a=\"b\"> NoSuchKey </Code><Message/></Error>";
        assert_eq!(xml_text(body, "Code"), Some("NoSuchKey"));
        assert_eq!(xml_text(body, "Region"), None);
        for body in ["", "<", "<Code", "<Code>", "<Code>x", "<html>", "<Code></Code>"] {
            assert!(xml_text(body, "Code").unwrap_or_default().is_empty(), "{body}");
        }
    }

    #[test]
    fn a_text_is_found_in_json() {
        let body = r#"{"error": {"code": 403, "message": "no"}}"#;
        assert_eq!(json_text(body, &["error", "code"]).as_deref(), Some("403"));
        assert_eq!(json_text(body, &["error", "message"]).as_deref(), Some("no"));
        assert_eq!(json_text(body, &["error"]), None);
        assert_eq!(json_text("[", &["error"]), None);
    }
}
