//! Google Cloud Storage, over its JSON API.

mod credentials;
mod exchange;
mod jwt;
mod metadata;
mod probe;
mod settings;
mod verdict;

use std::cell::RefCell;

use preflight::http::{Http, Method, Reply, RequestBuilder};
use preflight::tls::TlsOptions;
use preflight::{ConfigError, Finding};

use crate::cli::Side;
use crate::stores::token::{Kept, words};
use crate::stores::{Names, Place, Trouble};
use credentials::Source;
pub(crate) use settings::{api, daemon, opendal};

/// A bucket and how it is reached.
pub(crate) struct Gcs {
    side: Side,
    http: Http,
    bucket: String,
    /// Names begin with this and a slash, if it is not empty.
    prefix: String,
    source: Source,
    kept: Kept,
    /// The project that a new bucket would belong to.
    project: Option<String>,
    place: Place,
    /// The generation of the object that was written.
    generation: RefCell<Option<String>>,
}

/// What the configuration says.
struct Settings {
    side: Side,
    /// Another server in place of Google's.
    emulator: Option<String>,
    bucket: String,
    prefix: String,
    source: Source,
    project: Option<String>,
    names: Names,
    tls: TlsOptions,
}

impl Gcs {
    fn new(settings: Settings) -> Result<Self, ConfigError> {
        let Settings { side, emulator, bucket, prefix, source, project, names, tls } = settings;
        if bucket.contains(['/', '?', '#', '@', ':', '%']) {
            return Err(ConfigError::new(names.bucket, format!("{bucket:?} is no name of a bucket"))
                .hint("give the name alone, without a path or URL"));
        }
        let url = emulator.as_deref().unwrap_or("https://storage.googleapis.com");
        let http = Http::new(names.endpoint, url, &tls)?;
        let place = Place {
            product: "Google Cloud Storage",
            kind: "bucket",
            bucket: bucket.clone(),
            server: http.address().to_string(),
            region: String::new(),
            names,
        };
        Ok(Self {
            side,
            http,
            bucket,
            prefix,
            source,
            kept: Kept::default(),
            project,
            place,
            generation: RefCell::default(),
        })
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, path)
    }

    /// Sends a request with a token that is good for this try.
    async fn send(&self, request: RequestBuilder) -> Result<Reply, Finding> {
        let request = match self.kept.get() {
            Some(token) => request.bearer_auth(token.reveal()),
            None => match self.source.token().await? {
                Some(token) => request.bearer_auth(self.kept.keep(token).reveal()),
                None => request,
            },
        };
        self.http.send(request).await
    }

    /// A reply that is no success.
    pub(crate) fn trouble(&self, reply: &Reply) -> Trouble {
        let token = self.kept.get();
        if matches!(reply.status, 401 | 403) {
            // The next try asks for another: rights are felt by new tokens only.
            self.kept.drop();
        }
        let found = verdict::trouble(reply, &self.place);
        let secrets: Vec<_> = token.iter().collect();
        Trouble { message: words(&found.message, &secrets), ..found }
    }

    /// The name of an object below the place where Dify keeps its files.
    fn name(&self, object: &str) -> String {
        if self.prefix.is_empty() { object.to_owned() } else { format!("{}/{object}", self.prefix) }
    }
}
