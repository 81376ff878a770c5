//! Which reply of an S3 server means what: the one table.

use std::time::{Duration, SystemTime};

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use preflight::wait::seconds;
use preflight::{Address, Class, Finding, Hop};

use super::S3;
use super::connector::Fault;

/// An operation's error that carries the server's code.
pub(super) trait Answer: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static {}
impl<T: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static> Answer for T {}

/// A refusal by the other end.
#[derive(Clone, Debug)]
pub(super) struct Trouble {
    /// What was tried: `write to`.
    step: &'static str,
    status: u16,
    /// The code of an S3 error; none in an answer to HEAD, or where no S3 server answered.
    code: Option<String>,
    /// The server's own sentence.
    message: String,
    content_type: String,
    region: Option<String>,
    /// How far the server's clock is ahead of ours, in seconds.
    clock: Option<i64>,
    had_body: bool,
}

impl Trouble {
    /// Takes the SDK's error apart. `Err` is a finding about the way to the server.
    pub(super) fn of<E: Answer>(
        step: &'static str,
        error: &SdkError<E>,
        address: &Address,
    ) -> Result<Self, Finding> {
        if let Some(fault) = fault(error) {
            return Err(fault.clone());
        }
        let Some(reply) = error.raw_response() else {
            let text = DisplayErrorContext(error).to_string();
            return Err(Finding::not_yet(Hop::Tcp, format!("cannot talk to {address}: {text}")));
        };
        let metadata = error.as_service_error().map(ProvideErrorMetadata::meta);
        // For a HEAD the SDK makes up a code of its own.
        let had_body = reply.body().content_length().is_some_and(|length| length > 0);
        let code = metadata.and_then(|meta| meta.code()).filter(|_| had_body);
        Ok(Self {
            step,
            status: reply.status().as_u16(),
            code: code.map(str::to_owned),
            message: metadata.and_then(|meta| meta.message()).unwrap_or_default().to_owned(),
            content_type: header(reply, "content-type").unwrap_or_default(),
            region: header(reply, "x-amz-bucket-region"),
            clock: header(reply, "date").and_then(|date| clock(&date)),
            had_body,
        })
    }

    pub(super) fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The region that the bucket is in, if the server names one that is not ours.
    pub(super) fn other_region(&self, ours: &str) -> Option<String> {
        let is_redirect = matches!(self.status, 301 | 307 | 400);
        self.region.clone().filter(|region| is_redirect && region != ours)
    }

    /// Garage answers `AccessDenied` to a wrong key or secret.
    pub(super) fn is_about_the_key(&self) -> bool {
        let message = self.message.to_ascii_lowercase();
        message.contains("signature") || message.contains("no such key")
    }
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

fn clock(date: &str) -> Option<i64> {
    let theirs = DateTime::from_str(date, DateTimeFormat::HttpDate).ok()?.secs();
    let ours = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
    Some(theirs - i64::try_from(ours).ok()?)
}

impl S3 {
    /// The table.
    pub(super) fn judge(&self, trouble: &Trouble) -> Finding {
        let (names, bucket) = (&self.bucket.names, &self.bucket.name);
        let at = format!("bucket {bucket:?} at {}", self.address);
        let Some(code) = trouble.code() else { return self.judge_status(trouble) };
        let suspect = |hop, what: String| Finding::suspect(hop, what);
        let found = match code {
            "NoSuchBucket" => {
                suspect(Hop::State, format!("there is no bucket {bucket:?} at {}", self.address))
                    .hint(format!("run storage-bootstrap ensure, create it, or check {}", names.bucket))
            }
            "InvalidAccessKeyId" | "NotSignedUp" | "InvalidToken" => {
                suspect(Hop::Auth, format!("{} does not know the access key", self.address))
                    .hint(format!("check {}", names.access_key))
            }
            "SignatureDoesNotMatch" => suspect(Hop::Auth, format!("wrong secret key for {}", self.address))
                .hint(format!("check {}", names.secret_key)),
            "AccessDenied" | "Forbidden" | "AllAccessDisabled" | "AccountProblem" => {
                if trouble.is_about_the_key() {
                    suspect(Hop::Auth, format!("{} refuses the key: {}", self.address, trouble.message))
                        .hint(format!("check {} and {}", names.access_key, names.secret_key))
                } else {
                    suspect(Hop::Permission, format!("the key may not {} {at}", trouble.step))
                        .hint("allow it in the policy of the key or bucket, or check whose bucket it is")
                }
            }
            "RequestTimeTooSkewed" | "RequestExpired" => skewed(trouble, &self.address),
            "PermanentRedirect"
            | "AuthorizationHeaderMalformed"
            | "IllegalLocationConstraintException"
            | "InvalidLocationConstraint"
            | "TemporaryRedirect" => match &trouble.region {
                Some(region) => self.wrong_region(trouble, region),
                None => suspect(
                    Hop::State,
                    format!("{at} is not in region {:?}: {}", self.bucket.region, trouble.message),
                )
                .hint(format!("check {} and {}", names.region, names.endpoint)),
            },
            "BucketAlreadyExists" => {
                Finding::never(Hop::Permission, format!("bucket {bucket:?} belongs to somebody else"))
                    .hint(format!("choose another name in {}", names.bucket))
            }
            "InvalidBucketName" => Finding::never(Hop::Config, format!("{bucket:?} is no name of a bucket"))
                .hint(format!("check {}", names.bucket)),
            "SecondLevelDomainForbidden" | "PathStyleDomainForbidden" => {
                suspect(Hop::State, format!("{} wants the bucket in the host name", self.address))
                    .hint(format!("set {} to the virtual-host style", names.style))
            }
            "QuotaExceeded" | "TooManyBuckets" | "XMinioStorageFull" | "EntityTooLarge" => {
                suspect(Hop::State, format!("cannot {} {at}: {}", trouble.step, trouble.message))
                    .hint("raise the quota or free some space")
            }
            "OperationAborted" | "SlowDown" | "ServiceUnavailable" | "InternalError" | "RequestTimeout" => {
                Finding::not_yet(Hop::State, format!("{} cannot serve the request now", self.address))
            }
            _ if trouble.status >= 500 => {
                Finding::not_yet(Hop::State, format!("{} cannot serve the request now", self.address))
            }
            _ => suspect(Hop::State, format!("cannot {} {at}: {}", trouble.step, trouble.message)),
        };
        let found = found.code(code);
        // A clock that is off is worth knowing whatever else is wrong with a signature.
        match trouble.clock.filter(|off| found.class == Class::Suspect && off.unsigned_abs() > 300) {
            Some(off) if found.hop == Hop::Auth && code != "RequestTimeTooSkewed" => {
                found.warning(format!("the clock of this node is {}", ahead(-off)))
            }
            _ => found,
        }
    }

    /// An answer without an S3 error in it.
    fn judge_status(&self, trouble: &Trouble) -> Finding {
        let status = trouble.status;
        let found = match status {
            502..=504 => Finding::not_yet(Hop::Proxy, format!("{} has nothing behind it yet", self.address))
                .hint("a proxy or ingress answers in place of the S3 server"),
            500.. => Finding::not_yet(Hop::State, format!("{} cannot serve the request now", self.address)),
            403 if !trouble.had_body => {
                Finding::suspect(Hop::Permission, format!("{} refuses the key", self.address))
                    .hint(format!("check {}", self.bucket.names.access_key))
            }
            429 => Finding::not_yet(Hop::State, format!("{} is asked too often", self.address)),
            _ => {
                let kind = match trouble.content_type.split(';').next().unwrap_or_default() {
                    "" => String::new(),
                    kind => format!(", {kind}"),
                };
                return self.not_s3(&format!("answers HTTP {status}{kind}")).code(status.to_string());
            }
        };
        found.code(status.to_string())
    }

    /// Something answers that is no S3 server.
    pub(super) fn not_s3(&self, what: &str) -> Finding {
        Finding::suspect(Hop::Proxy, format!("{} does not speak S3: it {what}", self.address))
            .hint(format!("check the host, port and path in {}", self.bucket.names.endpoint))
    }

    pub(super) fn wrong_region(&self, trouble: &Trouble, region: &str) -> Finding {
        let bucket = &self.bucket.name;
        Finding::suspect(
            Hop::State,
            format!("bucket {bucket:?} is in region {region:?}, not in {:?}", self.bucket.region),
        )
        .code(trouble.code().map_or_else(|| trouble.status.to_string(), str::to_owned))
        .hint(format!("set {}={region}", self.bucket.names.region))
    }
}

fn skewed(trouble: &Trouble, address: &Address) -> Finding {
    let by = trouble.clock.map(|off| format!(": it is {}", ahead(-off))).unwrap_or_default();
    Finding::suspect(Hop::Auth, format!("{address} refuses the time of this node{by}"))
        .hint("set the clock of this node or of the server")
}

fn ahead(seconds_ahead: i64) -> String {
    let time = seconds(Duration::from_secs(seconds_ahead.unsigned_abs()));
    if seconds_ahead < 0 {
        format!("{time} behind the server's")
    } else {
        format!("{time} ahead of the server's")
    }
}
