//! Alibaba Cloud OSS.

mod settings;
mod sign;

use preflight::{Finding, Hop};

use crate::stores::reply::xml_text;
use crate::stores::rest::{Key, Refusal, Request, Rest, Vendor};
use crate::stores::{Place, Trouble, Verdict};
pub(crate) use settings::{api, daemon, opendal};

/// Which signature.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Version {
    V1,
    /// For a region, and a product: a cloud box is one of its own.
    V4 {
        region: String,
        product: &'static str,
    },
}

/// How OSS is spoken to.
pub(crate) struct Oss {
    key: Key,
    version: Version,
}

type Store = Rest<Oss>;

impl Vendor for Oss {
    const PRODUCT: &'static str = "Alibaba Cloud OSS";
    const SCHEME: &'static str = "oss";
    const VERSION: &'static str = "x-oss-version-id";

    fn sign(&self, request: &Request<'_>) -> Vec<(&'static str, String)> {
        match &self.version {
            Version::V1 => sign::v1(&self.key, request),
            Version::V4 { region, product } => sign::v4(&self.key, request, region, product),
        }
    }

    fn judge(&self, error: &Refusal<'_>, place: &Place) -> Option<Trouble> {
        let names = place.names;
        match error.code {
            "AccessDenied" if error.message.contains("must be addressed using the specified endpoint") => {
                let other = xml_text(error.body, "Endpoint").unwrap_or_default();
                let what = format!("bucket {:?} is in another region: its endpoint is {other}", place.bucket);
                Some(
                    Finding::suspect(Hop::State, what)
                        .hint(format!("set {} to {other}", names.endpoint))
                        .into(),
                )
            }
            "InvalidArgument" if error.message.contains("signing region") => {
                Some(Trouble::new(Verdict::WrongRegion(None)))
            }
            "SecondLevelDomainForbidden" => {
                Some(Trouble::new(Verdict::StyleRefused).hint(format!(
                    "write {} by the host name of the region, not by an address",
                    names.endpoint
                )))
            }
            "InvalidSecurityToken" => Some(Trouble::new(Verdict::BadCredential)),
            "UserDisable" => {
                let what = "the account of the key is disabled, or has a bill to pay";
                Some(Finding::suspect(Hop::Auth, what).hint("look at the account's balance").into())
            }
            "FileImmutable" => Some(Trouble::new(Verdict::Unwritable)),
            "QpsLimitExceeded" | "DownloadTrafficRateLimitExceeded" | "UploadTrafficRateLimitExceeded" => {
                Some(Trouble::new(Verdict::Throttled))
            }
            _ => None,
        }
    }
}
