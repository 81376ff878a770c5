//! What can be wrong with a store, in one vocabulary, and the sentence and hint for each.

use std::fmt;
use std::time::Duration;

use preflight::wait::seconds;
use preflight::{Class, Finding, Hop};

/// The variables that a hint names. An empty one is not there: an identity of the pod has no key.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Names {
    pub(crate) endpoint: &'static str,
    pub(crate) region: &'static str,
    pub(crate) bucket: &'static str,
    pub(crate) access_key: &'static str,
    pub(crate) secret_key: &'static str,
    pub(crate) style: &'static str,
}

/// A bucket, container or folder as sentences call it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// `S3`, `Azure Blob`.
    pub(crate) product: &'static str,
    /// `bucket` or `container`; nothing for a folder.
    pub(crate) kind: &'static str,
    /// Its name, or the path of a folder.
    pub(crate) bucket: String,
    /// Host and port.
    pub(crate) server: String,
    /// The region that the configuration names, if it names one.
    pub(crate) region: String,
    /// Where it all comes from.
    pub(crate) names: Names,
}

/// `bucket "dify" at minio:9000`
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind.is_empty() {
            return f.write_str(&self.bucket);
        }
        write!(f, "{} {:?} at {}", self.kind, self.bucket, self.server)
    }
}

impl Place {
    /// Whose rights are meant.
    pub(crate) fn who(&self) -> &'static str {
        if self.names.access_key.is_empty() { "the identity of this pod" } else { "the key" }
    }
}

/// What was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Look,
    Make,
    Write,
    Read,
    Delete,
}

impl Step {
    pub(crate) fn verb(self) -> &'static str {
        match self {
            Self::Look => "look at",
            Self::Make => "create",
            Self::Write => "write to",
            Self::Read => "read from",
            Self::Delete => "delete from",
        }
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// There is no such bucket, container or folder.
    Missing,
    /// There is no such object.
    NoObject,
    /// The name is taken by somebody else.
    Foreign,
    /// No bucket can have this name.
    BadName,
    /// The credential is known and may not do this.
    Forbidden,
    /// The access key, account or client is not known.
    UnknownKey,
    /// The access key is known, its secret is another.
    WrongSecret,
    /// The credential is refused, and the server does not say which half of it is wrong.
    BadCredential,
    /// The credential was good once.
    Expired,
    /// The server's clock and ours differ by more than it accepts.
    Skewed,
    /// The bucket is in another region; the server may say which.
    WrongRegion(Option<String>),
    /// The server wants the bucket in the host name, or will not have it there.
    StyleRefused,
    /// Something answers that is not this product; the text says what it does: `answers HTTP 404, text/html`.
    WrongProduct(String),
    /// A quota or the disk is used up.
    Quota,
    /// A lock, a lease or a read-only state forbids it to everybody.
    Unwritable,
    /// The server cannot serve the request at the moment.
    Busy,
    /// We ask too often.
    Throttled,
    /// A proxy answers in place of the server.
    NothingBehind,
    /// A finding of its own: the way to the server, an operating system's error.
    Told(Box<Finding>),
    /// None of these.
    Unclear,
}

/// A try that came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) verdict: Verdict,
    /// The server's own code, or else its HTTP status.
    pub(crate) code: Option<String>,
    /// The server's own sentence.
    pub(crate) message: String,
    /// How far the server's clock is ahead of ours, in seconds.
    pub(crate) clock: Option<i64>,
    /// Instead of the usual hint.
    pub(crate) hint: Option<String>,
}

impl Trouble {
    pub(crate) fn new(verdict: Verdict) -> Self {
        Self { verdict, code: None, message: String::new(), clock: None, hint: None }
    }

    pub(crate) fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    pub(crate) fn message(mut self, message: impl Into<String>) -> Self {
        self.message = message.into();
        self
    }

    pub(crate) fn clock(mut self, clock: Option<i64>) -> Self {
        self.clock = clock;
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<Finding> for Trouble {
    fn from(finding: Finding) -> Self {
        Self::new(Verdict::Told(Box::new(finding)))
    }
}

/// The sentence for a trouble.
pub(super) fn judge(place: &Place, step: Step, trouble: &Trouble) -> Finding {
    let found = sentence(place, step, trouble);
    let found = Finding { code: found.code.or_else(|| trouble.code.clone()), ..found };
    let found = Finding { hint: trouble.hint.clone().or(found.hint), ..found };
    // A clock that is off is worth knowing whatever else is wrong with a signature.
    match trouble.clock.filter(|off| found.class == Class::Suspect && off.unsigned_abs() > 300) {
        Some(off) if found.hop == Hop::Auth && trouble.verdict != Verdict::Skewed => {
            found.warning(format!("the clock of this node is {}", ahead(-off)))
        }
        _ => found,
    }
}

/// Eventually consistent servers need a moment.
pub(super) fn made_but_missing(place: &Place, trouble: &Trouble) -> Finding {
    let what = format!("{place} was created but cannot be used yet");
    let found = Finding::not_yet(Hop::State, what);
    Finding { code: trouble.code.clone(), ..found }
}

fn sentence(place: &Place, step: Step, trouble: &Trouble) -> Finding {
    let Place { product, kind, bucket, server, names, .. } = place;
    let suspect = |hop, what: String| Finding::suspect(hop, what);
    match &trouble.verdict {
        Verdict::Told(finding) => finding.as_ref().clone(),
        Verdict::Missing if kind.is_empty() => suspect(Hop::State, format!("folder {bucket} does not exist")),
        Verdict::Missing => suspect(Hop::State, format!("there is no {kind} {bucket:?} at {server}"))
            .hint(format!("run storage-bootstrap ensure, create it, or check {}", names.bucket)),
        Verdict::NoObject => {
            suspect(Hop::State, format!("an object that was written to {place} is not found again"))
                .hint("two servers of different content answer at this address")
        }
        Verdict::Foreign => {
            Finding::never(Hop::Permission, format!("{kind} {bucket:?} belongs to somebody else"))
                .hint(format!("choose another name in {}", names.bucket))
        }
        Verdict::BadName => Finding::never(Hop::Config, format!("{bucket:?} is no name of a {kind}"))
            .hint(format!("check {}", names.bucket)),
        Verdict::Forbidden => {
            let whose = if names.access_key.is_empty() { "its role" } else { "the key" };
            suspect(Hop::Permission, format!("{} may not {} {place}", place.who(), step.verb())).hint(
                format!("allow it in the policy of {whose} or of the {kind}, or check whose {kind} it is"),
            )
        }
        Verdict::UnknownKey => suspect(Hop::Auth, format!("{server} does not know the access key"))
            .hint(check(&[names.access_key])),
        Verdict::WrongSecret => {
            suspect(Hop::Auth, format!("wrong secret key for {server}")).hint(check(&[names.secret_key]))
        }
        Verdict::BadCredential => {
            suspect(Hop::Auth, told(format!("{server} refuses {}", place.who()), trouble))
                .hint(check(&[names.access_key, names.secret_key]))
        }
        Verdict::Expired => suspect(Hop::Auth, format!("the credential for {server} has expired"))
            .hint(check(&[names.access_key, names.secret_key])),
        Verdict::Skewed => {
            let by = trouble.clock.map(|off| format!(": it is {}", ahead(-off))).unwrap_or_default();
            suspect(Hop::Auth, format!("{server} refuses the time of this node{by}"))
                .hint("set the clock of this node or of the server")
        }
        Verdict::WrongRegion(Some(region)) => {
            let what = format!("{kind} {bucket:?} is in region {region:?}, not in {:?}", place.region);
            suspect(Hop::State, what).hint(format!("set {}={region}", names.region))
        }
        Verdict::WrongRegion(None) => {
            let what = format!("{place} is not in region {:?}", place.region);
            suspect(Hop::State, told(what, trouble)).hint(check(&[names.region, names.endpoint]))
        }
        Verdict::StyleRefused => suspect(Hop::State, format!("{server} wants the {kind} in the host name"))
            .hint(format!("set {} to the virtual-host style", names.style)),
        Verdict::WrongProduct(what) => {
            suspect(Hop::Proxy, format!("{server} does not speak {product}: it {what}"))
                .hint(format!("check the host, port and path in {}", names.endpoint))
        }
        Verdict::Quota => suspect(Hop::State, told(format!("cannot {} {place}", step.verb()), trouble))
            .hint("raise the quota or free some space"),
        Verdict::Unwritable => suspect(Hop::State, told(format!("cannot {} {place}", step.verb()), trouble))
            .hint(format!("take the lock, lease or retention off this {kind}, or use another")),
        Verdict::Busy => Finding::not_yet(Hop::State, format!("{server} cannot serve the request now")),
        Verdict::Throttled => Finding::not_yet(Hop::State, format!("{server} is asked too often")),
        Verdict::NothingBehind => Finding::not_yet(Hop::Proxy, format!("{server} has nothing behind it yet"))
            .hint(format!("a proxy or ingress answers in place of the {product} server")),
        Verdict::Unclear => suspect(Hop::State, told(format!("cannot {} {place}", step.verb()), trouble)),
    }
}

/// With the server's own words, where it has some.
fn told(what: String, trouble: &Trouble) -> String {
    let words = trouble.message.trim().trim_end_matches('.');
    if words.is_empty() { what } else { format!("{what}: {words}") }
}

fn check(variables: &[&str]) -> String {
    let mut named: Vec<&str> = variables.iter().copied().filter(|name| !name.is_empty()).collect();
    // A connection string holds all of a credential.
    named.dedup();
    if named.is_empty() {
        return "check the identity that this pod is given".to_owned();
    }
    format!("check {}", named.join(" and "))
}

pub(crate) fn ahead(seconds_ahead: i64) -> String {
    let time = seconds(Duration::from_secs(seconds_ahead.unsigned_abs()));
    if seconds_ahead < 0 {
        format!("{time} behind the server's")
    } else {
        format!("{time} ahead of the server's")
    }
}
