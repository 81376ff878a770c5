//! What an error of Google Cloud Storage means ("HTTP status and error codes for JSON").

use preflight::http::Reply;
use preflight::{Finding, Hop};
use serde_json::Value;

use crate::stores::reply::{self, clock};
use crate::stores::{Place, Trouble, Verdict};

/// The trouble for a reply that is no success.
pub(super) fn trouble(reply: &Reply, place: &Place) -> Trouble {
    let json: Value = serde_json::from_str(&reply.body).unwrap_or_default();
    let Some(error) = json.get("error").filter(|error| error.is_object()) else {
        return of_text(reply);
    };
    let first = error.get("errors").and_then(|errors| errors.get(0));
    let text = |value: Option<&Value>, name: &str| {
        value.and_then(|value| value.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let (reason, message) = (text(first, "reason"), text(Some(error), "message"));
    let code = if reason.is_empty() { reply.status.to_string() } else { reason };
    let date = reply.headers.get("date").and_then(|value| value.to_str().ok());
    judge(&code, reply.status, &message, place).code(code).message(message).clock(date.and_then(clock))
}

/// The upload and download paths answer in plain text.
fn of_text(reply: &Reply) -> Trouble {
    let kind = reply.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let verdict = match (reply.status, reply.body.trim()) {
        (404, "Not Found") => Verdict::NoObject,
        (404, text) if text.starts_with("No such object") => Verdict::NoObject,
        (403, text) if kind.starts_with("text/plain") && text.contains(" access") => Verdict::Forbidden,
        _ => return reply::without_code(reply),
    };
    Trouble::new(verdict).code(reply.status.to_string())
}

fn judge(code: &str, status: u16, message: &str, place: &Place) -> Trouble {
    let told = |finding: Finding| Trouble::from(finding);
    let verdict = match code {
        "required" | "authError" => Verdict::BadCredential,
        "insufficientPermissions" => {
            let hint = "the token's scopes do not hold storage: make the node pool with the scope cloud-platform, or give this pod a workload identity";
            return Trouble::new(Verdict::Forbidden).hint(hint);
        }
        "accountDisabled" | "billingDisabled" => {
            let what = format!("the project of {place} is disabled, or nobody pays for it");
            return told(Finding::suspect(Hop::State, what).hint("look at the project's billing account"));
        }
        "accessNotConfigured" => {
            return told(
                Finding::suspect(Hop::State, "the Cloud Storage API is switched off in the project")
                    .hint("switch on storage.googleapis.com for the project of the service account"),
            );
        }
        "retentionPolicyNotMet" | "objectUnderActiveHold" => Verdict::Unwritable,
        "rateLimitExceeded" | "userRateLimitExceeded" => Verdict::Throttled,
        "quotaExceeded" | "dailyLimitExceeded" => Verdict::Quota,
        "userProjectMissing" => {
            return Trouble::new(Verdict::Forbidden)
                .hint("the bucket is one whose reader pays, which Dify does not do: switch that off");
        }
        "vpcServiceControls" => return perimeter(),
        "forbidden" if message.contains("vpcServiceControlsUniqueIdentifier") => return perimeter(),
        "forbidden" if message.contains("billing account") => {
            return judge("accountDisabled", status, "", place);
        }
        "forbidden" => Verdict::Forbidden,
        "notFound" if message.contains("bucket") => Verdict::Missing,
        "notFound" => Verdict::NoObject,
        "conflict" if message.to_ascii_lowercase().contains("you already own") => Verdict::Unclear,
        "conflict" => Verdict::Foreign,
        "invalid" | "invalidParameter" if message.to_ascii_lowercase().contains("bucket name") => {
            Verdict::BadName
        }
        "backendError" | "internalError" => Verdict::Busy,
        _ => match status {
            401 => Verdict::BadCredential,
            403 => Verdict::Forbidden,
            429 => Verdict::Throttled,
            500.. => Verdict::Busy,
            // An emulator gives no reasons.
            404 => Verdict::Missing,
            409 => Verdict::Foreign,
            _ => Verdict::Unclear,
        },
    };
    Trouble::new(verdict)
}

fn perimeter() -> Trouble {
    Trouble::new(Verdict::Forbidden)
        .hint("a VPC service perimeter keeps this network out: let it in, or move the bucket's project")
}
