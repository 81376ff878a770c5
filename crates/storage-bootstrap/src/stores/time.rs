//! The time of now in the ways in which the vendors' signatures want it.

use std::time::SystemTime;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// A moment in one of the ways to write it.
pub(crate) fn text(at: i64, format: Format) -> String {
    DateTime::from_secs(at).fmt(format).unwrap_or_default()
}

/// `Mon, 23 Nov 2026 17:00:00 GMT`
pub(crate) fn http_date() -> String {
    text(now(), Format::HttpDate)
}

/// `2026-11-23T17:00:00Z`
pub(crate) fn iso(at: i64) -> String {
    text(at, Format::DateTime)
}

/// `20261123T170000Z`
pub(crate) fn compact(at: i64) -> String {
    iso(at).replace(['-', ':'], "")
}
