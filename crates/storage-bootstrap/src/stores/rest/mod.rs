//! Stores whose REST is like S3's, each with a signature and error codes of its own: OSS, COS, OBS, TOS, BOS.
//!
//! Their SDKs send the same five requests; what differs is a [`Vendor`].

mod probe;

use std::cell::RefCell;

use preflight::http::{Http, Method, Reply, Url};
use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env, Finding, Secret};

use crate::cli::Side;
use crate::stores::reply::{self, clock, json_text, xml_text};
use crate::stores::s3::codes;
use crate::stores::token::words;
use crate::stores::{Names, Place, Trouble, encode, time};

/// What is particular to a vendor.
pub(crate) trait Vendor: 'static {
    /// As sentences call it.
    const PRODUCT: &'static str;
    /// As targets begin: `oss`.
    const SCHEME: &'static str;
    /// The parameter that bounds a list.
    const LIMIT: &'static str = "max-keys";
    /// The header that names the version of an object, in a bucket that keeps them.
    const VERSION: &'static str;

    /// The headers that prove who asks, the date among them.
    fn sign(&self, request: &Request<'_>) -> Vec<(&'static str, String)>;

    /// What a code means that means something else than with S3, or nothing there.
    fn judge(&self, error: &Refusal<'_>, place: &Place) -> Option<Trouble>;

    /// What is sent to make a bucket.
    fn creation(&self, _place: &Place) -> String {
        String::new()
    }
}

/// A key that the configuration holds.
pub(crate) struct Key {
    pub(crate) id: Secret,
    pub(crate) secret: Secret,
}

impl Key {
    /// Both halves. Some of the vendors' SDKs take white space off their ends; with the others nothing works.
    pub(crate) fn of(env: &Env, names: &Names, trims: bool) -> Result<Self, ConfigError> {
        let read = |name: &str| {
            let secret = env.required_secret(name)?;
            let plain = secret.reveal().trim();
            if plain.len() == secret.reveal().len() {
                return Ok(secret);
            }
            if !trims {
                return Err(ConfigError::new(name, "begins or ends with a space or a line break")
                    .hint("Dify's SDK does not take it off: write the key without it"));
            }
            let plain = Secret::new(plain);
            env.learn(&plain);
            Ok(plain)
        };
        Ok(Self { id: read(names.access_key)?, secret: read(names.secret_key)? })
    }
}

/// A request that is to be signed.
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) bucket: &'a str,
    /// The key of the object, if it is about one.
    pub(crate) object: Option<&'a str>,
    /// As it is sent.
    pub(crate) path: &'a str,
    pub(crate) query: &'a [(&'a str, &'a str)],
    /// As it is sent in `Host`.
    pub(crate) host: &'a str,
    /// Whether the path holds the bucket.
    pub(crate) path_style: bool,
    /// Seconds since 1970.
    pub(crate) now: i64,
}

impl Request<'_> {
    /// The part of the query that belongs to the resource for older signatures, with its question mark.
    pub(crate) fn version(&self) -> String {
        let version = self.query.iter().find(|(name, _)| *name == "versionId");
        version.map(|(name, value)| format!("?{name}={value}")).unwrap_or_default()
    }
}

/// An error of a vendor.
pub(crate) struct Refusal<'a> {
    pub(crate) code: &'a str,
    pub(crate) status: u16,
    pub(crate) message: &'a str,
    pub(crate) body: &'a str,
}

/// Where the bucket is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Before the host name.
    Virtual,
    /// In the path.
    Path,
    /// Nowhere: the host name is that of the bucket.
    Own,
}

/// What the configuration says.
pub(crate) struct Settings<V> {
    pub(crate) side: Side,
    /// With its scheme.
    pub(crate) endpoint: String,
    pub(crate) region: String,
    pub(crate) bucket: String,
    pub(crate) prefix: String,
    pub(crate) style: Style,
    pub(crate) vendor: V,
    pub(crate) names: Names,
    pub(crate) tls: TlsOptions,
    /// Whether this side of Dify needs HEAD of the bucket to be allowed.
    pub(crate) must_head: bool,
}

/// A bucket and how it is reached.
pub(crate) struct Rest<V> {
    settings: Settings<V>,
    http: Http,
    /// As it is sent in `Host`.
    host: String,
    place: Place,
    /// The version of the object that was written, in a bucket that keeps versions.
    version: RefCell<Option<String>>,
    /// A warning about versions that cannot be deleted.
    kept: RefCell<Option<String>>,
}

impl<V: Vendor> Rest<V> {
    pub(crate) fn new(settings: Settings<V>) -> Result<Self, ConfigError> {
        let (names, bucket) = (settings.names, &settings.bucket);
        if bucket.contains(['/', '?', '#', '@', ':', '%']) {
            return Err(ConfigError::new(names.bucket, format!("{bucket:?} is no name of a bucket"))
                .hint("give the name alone, without a path or URL"));
        }
        let checked = Http::new(names.endpoint, &settings.endpoint, &settings.tls)?;
        let url = Url::parse(&settings.endpoint)
            .map_err(|error| ConfigError::new(names.endpoint, format!("is not a URL: {error}")))?;
        if url.path().len() > 1 || url.query().is_some() || url.fragment().is_some() {
            return Err(ConfigError::new(names.endpoint, "holds more than scheme, host and port")
                .hint("give the endpoint of the region, without a path"));
        }
        let endpoint = url.host_str().unwrap_or_default();
        if settings.style == Style::Virtual && endpoint.starts_with(&format!("{bucket}.")) {
            return Err(ConfigError::new(names.endpoint, "begins with the bucket, which Dify adds itself")
                .hint("give the endpoint of the region"));
        }
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let (http, host) = if settings.style == Style::Virtual {
            let host = format!("{bucket}.{endpoint}{port}");
            (Http::new(names.endpoint, &format!("{}://{host}", url.scheme()), &settings.tls)?, host)
        } else {
            (checked, format!("{endpoint}{port}"))
        };
        let place = Place {
            product: V::PRODUCT,
            kind: "bucket",
            bucket: bucket.clone(),
            server: http.address().to_string(),
            region: settings.region.clone(),
            names,
        };
        Ok(Self { settings, http, host, place, version: RefCell::default(), kept: RefCell::default() })
    }

    /// Sends a request about the bucket or an object of it.
    async fn send(
        &self,
        method: Method,
        object: Option<&str>,
        query: &[(&str, &str)],
        content: Option<Vec<u8>>,
    ) -> Result<Reply, Finding> {
        let key = object.map(|object| {
            let prefix = &self.settings.prefix;
            if prefix.is_empty() { object.to_owned() } else { format!("{prefix}/{object}") }
        });
        let path_style = self.settings.style == Style::Path;
        let path = match (path_style, &key) {
            (true, Some(key)) => format!("/{}/{}", self.settings.bucket, encode::path(key)),
            (true, None) => format!("/{}", self.settings.bucket),
            (false, Some(key)) => format!("/{}", encode::path(key)),
            (false, None) => "/".to_owned(),
        };
        let signed = self.settings.vendor.sign(&Request {
            method: method.as_str(),
            bucket: &self.settings.bucket,
            object: key.as_deref(),
            path: &path,
            query,
            host: &self.host,
            path_style,
            now: time::now(),
        });
        let pairs: Vec<String> =
            query.iter().map(|(name, value)| format!("{name}={}", encode::strict(value))).collect();
        let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
        let mut request = self.http.request(method, &format!("{path}{query}"));
        for (name, value) in signed {
            request = request.header(name, value);
        }
        if let Some(content) = content {
            request = request.header("content-length", content.len()).body(content);
        }
        self.http.send(request).await
    }

    /// A reply that is no success.
    pub(crate) fn trouble(&self, reply: &Reply) -> Trouble {
        let body = &reply.body;
        let code = xml_text(body, "Code").map(str::to_owned);
        let code = code.or_else(|| json_text(body, &["Code"])).or_else(|| json_text(body, &["code"]));
        let Some(code) = code.filter(|code| !code.is_empty()) else { return reply::without_code(reply) };
        let message = xml_text(body, "Message").map(str::to_owned);
        let message = message.or_else(|| json_text(body, &["Message"]));
        let message = message.or_else(|| json_text(body, &["message"])).unwrap_or_default();
        let refusal = Refusal { code: &code, status: reply.status, message: &message, body };
        let found = self
            .settings
            .vendor
            .judge(&refusal, &self.place)
            .unwrap_or_else(|| Trouble::new(codes::verdict(&code, reply.status, &message, None)));
        let date = reply.headers.get("date").and_then(|value| value.to_str().ok()).and_then(clock);
        found.code(code).message(words(&message, &[])).clock(date)
    }

    /// The version that a reply names.
    fn version_of(reply: &Reply) -> Option<String> {
        let version = reply.headers.get(V::VERSION)?.to_str().ok()?;
        Some(version.to_owned()).filter(|version| !matches!(version.as_str(), "" | "null"))
    }

    fn is_list(&self, reply: &Reply) -> bool {
        let named = |name: &str| json_text(&reply.body, &[name]);
        let name = xml_text(&reply.body, "Name").map(str::to_owned);
        let name = name.or_else(|| named("Name")).or_else(|| named("name"));
        reply.status == 200 && name.is_some_and(|name| name == self.settings.bucket)
    }
}

/// What to do about a bucket that one region does not know.
pub(crate) fn own_region(place: &Place) -> String {
    let Names { bucket, endpoint, .. } = place.names;
    format!(
        "run storage-bootstrap ensure, create it, or check {bucket} and {endpoint}: only its own region knows a bucket"
    )
}

/// An endpoint as the SDKs take it: with or without a scheme.
pub(crate) fn with_scheme(endpoint: &str, scheme: &str) -> String {
    let endpoint = endpoint.trim().trim_end_matches('/');
    if endpoint.contains("://") { endpoint.to_owned() } else { format!("{scheme}://{endpoint}") }
}

/// Where the bucket goes for SDKs that write it into the path of an address without a name.
pub(crate) fn style_of(endpoint: &str) -> Style {
    let host = Url::parse(endpoint).ok().and_then(|url| url.host_str().map(str::to_owned));
    let is_ip = host.is_some_and(|host| host.parse::<std::net::IpAddr>().is_ok() || host == "localhost");
    if is_ip { Style::Path } else { Style::Virtual }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// What the vendors' own SDKs were asked to sign, too: Monday, 23 November 2026, 17:00:00 UTC.
    pub(crate) const PUT: Request<'static> = Request {
        method: "PUT",
        bucket: "dify",
        object: Some("dify-preflight/a b"),
        path: "/dify-preflight/a%20b",
        query: &[],
        host: "dify.store.test",
        path_style: false,
        now: 1_795_453_200,
    };
    pub(crate) const LIST: Request<'static> =
        Request { method: "GET", object: None, path: "/", query: &[("max-keys", "1")], ..PUT };

    #[test]
    fn an_endpoint_may_come_without_a_scheme() {
        assert_eq!(
            with_scheme("oss-cn-hangzhou.aliyuncs.com/", "http"),
            "http://oss-cn-hangzhou.aliyuncs.com"
        );
        assert_eq!(with_scheme("https://x", "http"), "https://x");
        assert_eq!(style_of("http://127.0.0.1:1"), Style::Path);
        assert_eq!(style_of("http://oss.test"), Style::Virtual);
    }
}
