//! Which error code of S3, and of what speaks like it, means what: the one table.

use crate::stores::token::words;
use crate::stores::{Trouble, Verdict};

/// The verdict for a code. Others than S3 that answer with such codes (OSS, COS, OBS, TOS) may ask here too.
pub(crate) fn verdict(code: &str, status: u16, message: &str, region: Option<String>) -> Verdict {
    match code {
        _ if is_about_encryption(code, message) => Verdict::Unwritable,
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
        | "TemporaryRedirect" => {
            Verdict::WrongRegion(region.or_else(|| expected(message).map(str::to_owned)))
        }
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
        "NotImplemented" => Verdict::Unclear,
        _ if status >= 500 => Verdict::Busy,
        _ => Verdict::Unclear,
    }
}

/// The trouble for an error of S3's form.
pub(crate) fn trouble(code: &str, status: u16, message: &str, region: Option<String>) -> Trouble {
    let found = Trouble::new(verdict(code, status, message, region)).code(code).message(words(message, &[]));
    if is_about_encryption(code, message) {
        return found
            .hint("check the default encryption of the bucket, and whether the key may use its KMS key");
    }
    found
}

/// The bucket is encrypted with a key of a key service, and that is the trouble.
fn is_about_encryption(code: &str, message: &str) -> bool {
    code.starts_with("KMS") || code.starts_with("XMinioKMS") || message.contains("kms:")
}

/// The region in `the region 'us-east-1' is wrong; expecting 'eu-west-3'`.
fn expected(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("expecting '")?;
    let (region, _) = rest.split_once('\'')?;
    let is_region = region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    Some(region).filter(|region| is_region && (1..=40).contains(&region.len()))
}

/// Garage answers `AccessDenied` to a wrong key or secret.
fn is_about_the_key(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    message.contains("signature") || message.contains("no such key")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_that_is_wanted_is_read() {
        assert_eq!(expected("the region 'a' is wrong; expecting 'eu-west-3'"), Some("eu-west-3"));
        for message in ["", "expecting 'x", "expecting ''", "expecting 'a b'", "expecting x"] {
            assert_eq!(expected(message), None, "{message}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_error_is_read(code in ".*", status in 100_u16..600, message in ".*") {
            let found = trouble(&code, status, &message, None);
            assert!(found.message.len() <= 300);
            assert_ne!(found.verdict, Verdict::WrongRegion(Some(String::new())));
        }
    }
}
