//! The broker's URL, where the password would end it.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::Move;
use super::output::at;
use super::report::Fate;

/// Gives the broker a URL of its own, if the password has characters that a URL does not take.
pub(super) fn broker(moving: &mut Move<'_>) {
    if super::choices::in_use(&moving.old, "externalRedis").is_err() {
        return;
    }
    let text = |path: &str| match at(&moving.old, &format!("externalRedis.{path}")) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let or = |text: String, default: &str| if text.is_empty() { default.to_owned() } else { text };
    let password = text("password");
    let safe = password.chars().all(|c| c.is_ascii_alphanumeric() || "._~-".contains(c));
    let sentinels = at(&moving.old, "externalRedis.sentinel.enabled") == Some(&Value::Bool(true));
    let set = moving.output.get("externalRedis.password").is_some();
    if safe || sentinels || !set {
        return;
    }
    let scheme =
        if at(&moving.old, "externalRedis.useSSL") == Some(&Value::Bool(true)) { "rediss" } else { "redis" };
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let url = format!(
        "{scheme}://{}:{}@{}:{}/{}",
        encode(&text("username")),
        encode(&password),
        text("host"),
        or(text("port"), "6379"),
        or(text("db.celery"), "1")
    );
    moving.output.set_secret("externalRedis.brokerUrl", "CELERY_BROKER_URL", &url);
    let note = "the password has characters that end a URL; here they are percent-encoded";
    moving.report.add("externalRedis.brokerUrl", Fate::Added, note);
}
