//! Which error code of S3, and of what speaks like it, means what: the one table.

use crate::stores::{Trouble, Verdict};

/// The verdict for a code. Others than S3 that answer with such codes (OSS, COS, OBS, TOS) may ask here too.
pub(crate) fn verdict(code: &str, status: u16, message: &str, region: Option<String>) -> Verdict {
    match code {
        "NoSuchBucket" => Verdict::Missing,
        "NoSuchKey" => Verdict::NoObject,
        "InvalidAccessKeyId" | "NotSignedUp" | "InvalidToken" | "InvalidClientTokenId" => Verdict::UnknownKey,
        "InvalidTokenId" | "InvalidSecurity" => Verdict::BadCredential,
        "SignatureDoesNotMatch" => Verdict::WrongSecret,
        "ExpiredToken" | "TokenRefreshRequired" => Verdict::Expired,
        "AccessDenied" | "Forbidden" | "AllAccessDisabled" | "AccountProblem" | "MethodNotAllowed" => {
            if is_about_the_key(message) {
                Verdict::BadCredential
            } else {
                Verdict::Forbidden
            }
        }
        "RequestTimeTooSkewed" | "RequestExpired" => Verdict::Skewed,
        "PermanentRedirect"
        | "AuthorizationHeaderMalformed"
        | "IllegalLocationConstraintException"
        | "InvalidLocationConstraint"
        | "InvalidRegion"
        | "TemporaryRedirect" => Verdict::WrongRegion(region),
        "BucketAlreadyExists" => Verdict::Foreign,
        "InvalidBucketName" => Verdict::BadName,
        "SecondLevelDomainForbidden" | "PathStyleDomainForbidden" => Verdict::StyleRefused,
        "QuotaExceeded"
        | "TooManyBuckets"
        | "XMinioStorageFull"
        | "XMinioAdminBucketQuotaExceeded"
        | "EntityTooLarge"
        | "InsufficientCapacity" => Verdict::Quota,
        "InvalidBucketState" | "ObjectLocked" | "WORMProtected" => Verdict::Unwritable,
        "SlowDown" | "ThrottlingException" | "RequestLimitExceeded" | "SlowDownWrite" | "SlowDownRead" => {
            Verdict::Throttled
        }
        "OperationAborted"
        | "ServiceUnavailable"
        | "InternalError"
        | "RequestTimeout"
        | "XMinioServerNotInitialized" => Verdict::Busy,
        _ if status >= 500 => Verdict::Busy,
        _ => Verdict::Unclear,
    }
}

/// The trouble for an error of S3's form.
pub(crate) fn trouble(code: &str, status: u16, message: &str, region: Option<String>) -> Trouble {
    Trouble::new(verdict(code, status, message, region)).code(code).message(message)
}

/// Garage answers `AccessDenied` to a wrong key or secret.
fn is_about_the_key(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    message.contains("signature") || message.contains("no such key")
}
