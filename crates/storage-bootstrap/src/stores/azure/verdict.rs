//! What an error of Azure Blob means ("Common REST API error codes", "Blob service error codes").

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use percent_encoding::percent_decode_str;
use preflight::http::Reply;
use preflight::{Finding, Hop, Secret};

use super::Credential;
use crate::stores::reply::{self, clock, xml_text};
use crate::stores::{Place, Trouble, Verdict, time};

/// The trouble for a reply that is no success.
pub(super) fn trouble(reply: &Reply, credential: &Credential, place: &Place) -> Trouble {
    let header = |name: &str| reply.headers.get(name).and_then(|value| value.to_str().ok());
    let code = header("x-ms-error-code").or_else(|| xml_text(&reply.body, "Code")).unwrap_or_default();
    if code.is_empty() {
        return reply::without_code(reply);
    }
    let message = xml_text(&reply.body, "Message").unwrap_or_default();
    let detail = xml_text(&reply.body, "AuthenticationErrorDetail").unwrap_or_default();
    let found = of_code(code, reply.status, message, detail, credential, place);
    let message = message.lines().next().unwrap_or_default();
    Trouble { message: message.to_owned(), ..found.code(code).clock(header("date").and_then(clock)) }
}

fn of_code(
    code: &str,
    status: u16,
    message: &str,
    detail: &str,
    credential: &Credential,
    place: &Place,
) -> Trouble {
    let (server, names) = (&place.server, &place.names);
    let told = |finding: Finding| Trouble::from(finding);
    let verdict = match code {
        "ContainerNotFound" => Verdict::Missing,
        "BlobNotFound" => Verdict::NoObject,
        "ContainerBeingDeleted" | "AccountBeingCreated" | "InternalError" | "OperationTimedOut" => {
            Verdict::Busy
        }
        "ServerBusy" => Verdict::Throttled,
        "InvalidResourceName" | "OutOfRangeInput" => Verdict::BadName,
        "BlobImmutableDueToPolicy"
        | "LeaseIdMissing"
        | "LeaseIdMismatchWithContainerOperation"
        | "ContainerDisabled" => Verdict::Unwritable,
        "ResourceNotFound" => {
            let what = format!("{server} does not know the storage account");
            return told(Finding::suspect(Hop::Auth, what).hint(format!("check {}", names.endpoint)));
        }
        "KeyBasedAuthenticationNotPermitted" => {
            let what = format!("{server} does not accept account keys");
            let hint = "allow storage account key access for this account, or use a managed identity";
            return told(Finding::suspect(Hop::Auth, what).hint(hint));
        }
        "AccountIsDisabled" => {
            return told(
                Finding::suspect(Hop::Auth, format!("the storage account at {server} is disabled"))
                    .hint("look at the subscription's state"),
            );
        }
        "AccountRequiresHttps" | "AuthorizationProtocolMismatch" => {
            let what = format!("{server} wants https");
            return told(
                Finding::suspect(Hop::Config, what).hint(format!("write https in {}", names.endpoint)),
            );
        }
        "AuthorizationSourceIPMismatch" => {
            return Trouble::new(Verdict::Forbidden)
                .hint("the signature is for other addresses than this node's: make one without sip");
        }
        "AuthorizationPermissionMismatch" => {
            let hint = match credential {
                Credential::Identity(..) => {
                    "give it the role Storage Blob Data Contributor; that takes some minutes to be felt"
                }
                _ => "make a signature with the permissions racwdl",
            };
            return Trouble::new(Verdict::Forbidden).hint(hint);
        }
        "AuthorizationFailure" if is_about_the_key(message) => of_signature(detail, credential),
        // Word for word the same for an account whose firewall does not know this node.
        "AuthorizationFailure" => {
            return Trouble::new(Verdict::Forbidden).hint(
                "the firewall of the storage account may not know this node: look at its networking page",
            );
        }
        "AuthorizationResourceTypeMismatch"
        | "AuthorizationServiceMismatch"
        | "InsufficientAccountPermissions" => Verdict::Forbidden,
        "AuthenticationFailed" | "InvalidAuthenticationInfo" | "NoAuthenticationInformation" => {
            of_signature(detail, credential)
        }
        _ if status >= 500 => Verdict::Busy,
        _ => Verdict::Unclear,
    };
    Trouble::new(verdict)
}

/// Azurite says `AuthorizationFailure` of a wrong key.
fn is_about_the_key(message: &str) -> bool {
    message.starts_with("Server failed to authenticate")
}

/// Why a signature or token is refused; the details hold what was signed, and are not repeated.
fn of_signature(detail: &str, credential: &Credential) -> Verdict {
    let detail = detail.to_ascii_lowercase();
    let out_of_time = ["time frame", "date header", "lifetime validation", "is expired"];
    let is_old = out_of_time.iter().any(|words| detail.contains(words));
    match credential {
        // We signed it a moment ago for an hour.
        Credential::AccountSas(_) | Credential::SharedKey(_) if is_old => Verdict::Skewed,
        Credential::AccountSas(_) | Credential::SharedKey(_) => Verdict::WrongSecret,
        // An emulator may not say why.
        Credential::Sas(sas) if is_over(sas) => Verdict::Expired,
        Credential::Sas(_) | Credential::Identity(..) if is_old => Verdict::Expired,
        Credential::Sas(_) | Credential::Identity(..) => Verdict::BadCredential,
    }
}

/// Whether the end that a shared access signature names is past.
fn is_over(sas: &Secret) -> bool {
    let end = sas.reveal().trim_start_matches('?').split('&').find_map(|pair| pair.strip_prefix("se="));
    let end = end.map(|end| percent_decode_str(end).decode_utf8_lossy().into_owned());
    let end = end.and_then(|end| DateTime::from_str(&end, Format::DateTime).ok());
    end.is_some_and(|end| end.secs() < time::now())
}
