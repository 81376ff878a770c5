//! The time of now in the ways in which the vendors' signatures want it.

use std::time::SystemTime;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// `Mon, 23 Nov 2026 17:00:00 GMT`
pub(crate) fn http_date() -> String {
    DateTime::from_secs(now()).fmt(Format::HttpDate).unwrap_or_default()
}

/// `2026-11-23T17:00:00Z`, so many seconds from now.
pub(crate) fn iso(ahead: i64) -> String {
    DateTime::from_secs(now() + ahead).fmt(Format::DateTime).unwrap_or_default()
}

/// `20261123T170000Z`
pub(crate) fn compact() -> String {
    iso(0).replace(['-', ':'], "")
}
