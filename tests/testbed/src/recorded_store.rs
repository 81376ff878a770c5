//! Object stores that cannot be run here: OSS, COS, OBS, TOS and BOS, stood in for as their vendors document them.
//!
//! A stand-in keeps one bucket and its objects in memory, computes the signature of each request anew from the vendor's
//! description, and answers errors in the vendor's form. It shares no line with the tool.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::recorded::{Answer, RecordedHttp, Request};
use crate::recorded_signature::{self as signature, Claim};

/// The access key that it knows.
pub const ID: &str = "AKIDcanary7f3a";
/// The secret of that key.
pub const SECRET: &str = "canary-store-secret-7f3a";

/// Whose store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vendor {
    /// Alibaba Cloud.
    Oss,
    /// Tencent Cloud.
    Cos,
    /// Huawei Cloud.
    Obs,
    /// Volcengine.
    Tos,
    /// Baidu.
    Bos,
}

impl Vendor {
    /// An error in the vendor's form.
    #[must_use]
    pub fn error(self, status: u16, code: &str, message: &str) -> Answer {
        match self {
            Self::Tos => Answer::new(
                status,
                &serde_json::json!({"Code": code, "Message": message, "RequestId": "1", "HostId": "h"})
                    .to_string(),
            ),
            Self::Bos => Answer::new(
                status,
                &serde_json::json!({"code": code, "message": message, "requestId": "1"}).to_string(),
            ),
            Self::Oss | Self::Cos | Self::Obs => Answer::new(
                status,
                &format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message>\
                     <RequestId>1</RequestId><HostId>h</HostId></Error>"
                ),
            ),
        }
    }

    fn list(self, bucket: &str) -> Answer {
        let body = match self {
            Self::Tos => {
                serde_json::json!({"Name": bucket, "Prefix": "", "MaxKeys": 1, "IsTruncated": false})
                    .to_string()
            }
            Self::Bos => {
                serde_json::json!({"name": bucket, "prefix": "", "maxKeys": 1, "isTruncated": false})
                    .to_string()
            }
            _ => format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult><Name>{bucket}</Name><Prefix></Prefix>\
                 <MaxKeys>1</MaxKeys><IsTruncated>false</IsTruncated></ListBucketResult>"
            ),
        };
        Answer::new(200, &body)
    }

    /// The same answer with the version that came of it.
    fn versioned(self, mood: &Mood, content: &mut Content, version: &str, answer: Answer) -> Answer {
        if !mood.versioned {
            return answer;
        }
        content.versions.insert(version.to_owned());
        let header = match self {
            Self::Oss => "x-oss-version-id",
            Self::Cos => "x-cos-version-id",
            Self::Obs => "x-obs-version-id",
            Self::Tos => "x-tos-version-id",
            Self::Bos => "x-bce-version-id",
        };
        answer.header(header, version)
    }

    /// What is said of a time that is too far away.
    fn skewed(self) -> Answer {
        match self {
            Self::Cos => self.error(403, "AccessDenied", "Request has expired"),
            Self::Bos => self.error(403, "RequestExpired", "Request has expired."),
            _ => self.error(
                403,
                "RequestTimeTooSkewed",
                "The difference between the request time and the current time is too large.",
            ),
        }
    }
}

/// What a stand-in is like.
#[derive(Clone, Debug, Default)]
pub struct Mood {
    /// Whether the bucket is there from the beginning.
    pub has_bucket: bool,
    /// How far its clock is ahead, in seconds.
    pub clock: i64,
    /// Whether it keeps versions.
    pub versioned: bool,
    /// Refused with these: `PUT object`, `GET bucket`, and what is answered.
    pub refusals: BTreeMap<&'static str, (u16, &'static str, &'static str)>,
}

impl Mood {
    /// The bucket is there.
    #[must_use]
    pub fn ready() -> Self {
        Self { has_bucket: true, ..Self::default() }
    }

    /// Answers one kind of request with an error.
    #[must_use]
    pub fn refuse(
        mut self,
        what: &'static str,
        status: u16,
        code: &'static str,
        message: &'static str,
    ) -> Self {
        self.refusals.insert(what, (status, code, message));
        self
    }

    /// Answers all kinds of request with an error.
    #[must_use]
    pub fn refuse_all(mut self, status: u16, code: &'static str, message: &'static str) -> Self {
        for what in ["GET bucket", "HEAD bucket", "PUT bucket", "PUT object", "GET object", "DELETE object"] {
            self = self.refuse(what, status, code, message);
        }
        self
    }
}

#[derive(Default)]
struct Content {
    buckets: BTreeSet<String>,
    objects: BTreeMap<String, String>,
    versions: BTreeSet<String>,
}

/// A stand-in, running.
pub struct RecordedStore {
    http: RecordedHttp,
    content: Arc<Mutex<Content>>,
}

impl RecordedStore {
    /// A stand-in for the bucket `dify`.
    #[must_use]
    pub fn start(vendor: Vendor, mood: Mood) -> Self {
        let content = Arc::new(Mutex::new(Content::default()));
        if mood.has_bucket {
            content.lock().unwrap_or_else(PoisonError::into_inner).buckets.insert("dify".to_owned());
        }
        let kept = Arc::clone(&content);
        let http = RecordedHttp::start(move |request| {
            let mut content = kept.lock().unwrap_or_else(PoisonError::into_inner);
            let answer = answer(vendor, &mood, request, &mut content);
            let answer = answer.header("Date", &http_date(now() + mood.clock));
            if request.method == "HEAD" { Answer { body: String::new(), ..answer } } else { answer }
        });
        Self { http, content }
    }

    /// How many objects, versions and markers are left.
    #[must_use]
    pub fn left(&self) -> usize {
        let content = self.content.lock().unwrap_or_else(PoisonError::into_inner);
        content.objects.len() + content.versions.len()
    }

    /// Where it listens on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.http.port
    }

    /// Its URL by address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.http.port)
    }

    /// What was asked so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.http.requests()
    }
}

fn answer(vendor: Vendor, mood: &Mood, request: &Request, content: &mut Content) -> Answer {
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let host = request.headers.get("host").map(String::as_str).unwrap_or_default();
    let (bucket, object) = match host.strip_prefix("dify.") {
        Some(_) => ("dify", path.trim_start_matches('/')),
        // COS takes no bucket in the path: the host is the bucket's own.
        None if vendor == Vendor::Cos => ("dify", path.trim_start_matches('/')),
        None => path.trim_start_matches('/').split_once('/').unwrap_or((path.trim_start_matches('/'), "")),
    };
    let claim = Claim { vendor, request, bucket, object, secret: SECRET };
    match signature::id_of(&claim) {
        None => return vendor.error(403, "AccessDenied", "There is no signature that can be read."),
        Some(id) if id != ID => {
            return vendor.error(
                403,
                "InvalidAccessKeyId",
                "The Access Key Id you provided does not exist in our records.",
            );
        }
        Some(_) => {}
    }
    if !signature::is_right(&claim) {
        let message = "The request signature we calculated does not match the signature you provided. Check your key and signing method.";
        return vendor.error(403, "SignatureDoesNotMatch", message);
    }
    if mood.clock.abs() > 900 {
        return vendor.skewed();
    }
    let version = query.strip_prefix("versionId=");
    let kind = if object.is_empty() { "bucket" } else { "object" };
    let what = format!("{} {}", request.method, if version.is_some() { "version" } else { kind });
    if let Some((status, code, message)) = mood.refusals.get(what.as_str()) {
        return if code.is_empty() {
            Answer::new(*status, message)
        } else {
            vendor.error(*status, code, message)
        };
    }
    if what == "PUT bucket" {
        content.buckets.insert(bucket.to_owned());
        return Answer::new(200, "");
    }
    if !content.buckets.contains(bucket) {
        return vendor.error(404, "NoSuchBucket", "The specified bucket does not exist.");
    }
    match what.as_str() {
        "GET bucket" => vendor.list(bucket),
        "PUT object" => {
            content.objects.insert(object.to_owned(), request.body.clone());
            vendor.versioned(mood, content, "v+1", Answer::new(200, ""))
        }
        "GET object" => match content.objects.get(object) {
            Some(body) => Answer::new(200, body),
            None => vendor.error(404, "NoSuchKey", "The specified key does not exist."),
        },
        "DELETE object" => {
            content.objects.remove(object);
            vendor.versioned(mood, content, "marker+1", Answer::new(204, ""))
        }
        "DELETE version" => {
            let version = version.unwrap_or_default().replace("%2B", "+");
            Answer::new(if content.versions.remove(&version) { 204 } else { 404 }, "")
        }
        _ => Answer::new(200, ""),
    }
}

pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or_default()
}

/// As `Date` is written.
#[must_use]
pub fn http_date(at: i64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (days, rest) = (at.div_euclid(86_400), at.rem_euclid(86_400));
    let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let (mut year, mut left) = (1970, days);
    while left >= 365 + i64::from(leap(year)) {
        left -= 365 + i64::from(leap(year));
        year += 1;
    }
    let lengths = [31, 28 + i64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while left >= lengths[month] {
        left -= lengths[month];
        month += 1;
    }
    let weekday = DAYS[usize::try_from(days.rem_euclid(7)).unwrap_or_default()];
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{weekday}, {:02} {} {year} {hour:02}:{minute:02}:{second:02} GMT", left + 1, MONTHS[month])
}
