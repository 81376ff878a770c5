//! From an error of the SDK to a trouble.

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use preflight::{Address, Finding, Hop};

use super::codes;
use super::connector::{Fault, HAD_BODY};
use crate::stores::token::words;
use crate::stores::{Trouble, Verdict, reply};

/// An operation's error that carries the server's code.
pub(super) trait Answer: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static {}
impl<T: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static> Answer for T {}

/// Takes the SDK's error apart. `region` is ours: the server may name another.
pub(super) fn trouble<E: Answer>(error: &SdkError<E>, address: &Address, region: &str) -> Trouble {
    if let Some(fault) = fault(error) {
        return fault.clone().into();
    }
    let Some(answer) = error.raw_response() else {
        let text = DisplayErrorContext(error).to_string();
        return Finding::not_yet(Hop::Tcp, format!("cannot talk to {address}: {text}")).into();
    };
    let metadata = error.as_service_error().map(ProvideErrorMetadata::meta);
    let status = answer.status().as_u16();
    // For a HEAD the SDK makes up a code of its own.
    let had_body = header(answer, HAD_BODY).is_some();
    let other = header(answer, "x-amz-bucket-region").filter(|theirs| theirs != region);
    let clock = header(answer, "date").and_then(|date| reply::clock(&date));
    let found = match metadata.and_then(|meta| meta.code()).filter(|_| had_body) {
        Some(code) => {
            let message = metadata.and_then(|meta| meta.message()).unwrap_or_default();
            codes::trouble(code, status, message, other)
        }
        None => match other {
            Some(other) if matches!(status, 301 | 307 | 400) => {
                Trouble::new(Verdict::WrongRegion(Some(other))).code(status.to_string())
            }
            _ => {
                let found =
                    reply::of_status(status, &header(answer, "content-type").unwrap_or_default(), had_body);
                match header(answer, "location").filter(|_| (300..400).contains(&status)) {
                    Some(location) => found.hint(redirect(&location)),
                    None => found,
                }
            }
        },
    };
    found.clock(clock)
}

/// Where a redirect leads, without what may be a secret in it.
fn redirect(location: &str) -> String {
    let plain = location.split(['?', '#']).next().unwrap_or_default();
    let plain = plain.rsplit_once('@').map_or(plain, |(_, after)| after);
    format!("it redirects to {}, which no S3 client follows: name the server itself", words(plain, &[]))
}

/// What the connector found, wherever in the chain it is.
fn fault<E: Answer>(error: &SdkError<E>) -> Option<&Finding> {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(fault) = error.downcast_ref::<Fault>() {
            return Some(&fault.0);
        }
        next = error.source();
    }
    None
}

fn header(reply: &HttpResponse, name: &str) -> Option<String> {
    reply.headers().get(name).map(str::to_owned)
}
