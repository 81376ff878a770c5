//! Azure Blob Storage: containers of an account, over REST.

mod connection;
mod identity;
mod probe;
mod settings;
mod sign;
mod verdict;

use std::cell::RefCell;

use preflight::http::{Http, Method, Reply, Url};
use preflight::tls::TlsOptions;
use preflight::{ConfigError, Finding, Hop, Secret};

use crate::cli::Side;
use crate::stores::encode::strict;
use crate::stores::token::{Kept, words};
use crate::stores::{Names, Place, Trouble, time};
use identity::Identity;
pub(crate) use settings::{api, daemon, opendal};
use sign::AccountKey;

/// The version of the protocol; every service and emulator of the last years speaks it.
const VERSION: &str = "2021-12-02";

/// What a request is signed with.
enum Credential {
    /// A signature over each request, as the Go SDK makes it of a connection string.
    SharedKey(AccountKey),
    /// A signature for the whole account for an hour, as the api makes it.
    AccountSas(AccountKey),
    /// A shared access signature that somebody gave.
    Sas(Secret),
    /// A token of Entra ID.
    Identity(Box<Identity>, Kept),
}

/// Where a signature or token goes.
enum Proof {
    Header(String),
    Query(String),
}

/// A container and how it is reached.
pub(crate) struct Azure {
    side: Side,
    http: Http,
    /// The path of the URL: emulators have the account there.
    base: String,
    container: String,
    /// Names begin with this and a slash, if it is not empty.
    prefix: String,
    credential: Credential,
    place: Place,
    warnings: Vec<String>,
    /// What the last request was signed with: a server may give it back in its words.
    sent: RefCell<Option<Secret>>,
    /// The version of the blob that was written, in an account that keeps versions.
    version: RefCell<Option<String>>,
    /// A warning about versions that cannot be deleted.
    kept: RefCell<Option<String>>,
}

/// What the configuration says.
struct Account {
    side: Side,
    url: String,
    container: String,
    prefix: String,
    credential: Credential,
    names: Names,
    tls: TlsOptions,
}

impl Azure {
    fn new(account: Account) -> Result<Self, ConfigError> {
        let Account { side, url, container, prefix, credential, names, tls } = account;
        let http = Http::new(names.endpoint, &url, &tls)?;
        let parsed = Url::parse(&url)
            .map_err(|error| ConfigError::new(names.endpoint, format!("is not a URL: {error}")))?;
        if parsed.query().is_some() || parsed.fragment().is_some() {
            return Err(ConfigError::new(names.endpoint, "holds more than scheme, host, port and path"));
        }
        if container.contains(['/', '?', '#', '@', ':', '%']) {
            return Err(ConfigError::new(names.bucket, format!("{container:?} is no name of a container"))
                .hint("give the name alone, without a path or URL"));
        }
        let place = Place {
            product: "Azure Blob",
            kind: "container",
            bucket: container.clone(),
            server: http.address().to_string(),
            region: String::new(),
            names,
        };
        let base = parsed.path().trim_end_matches('/').to_owned();
        let mut warnings = Vec::new();
        if let Credential::AccountSas(key) | Credential::SharedKey(key) = &credential {
            let host = parsed.host_str().unwrap_or_default();
            let of_the_url = host.split('.').next().unwrap_or_default();
            if host.contains(".blob.") && of_the_url != key.account {
                warnings.push(format!(
                    "{} is {:?}, and {} leads to the account {of_the_url:?}",
                    names.access_key, key.account, names.endpoint
                ));
            }
        }
        Ok(Self {
            side,
            http,
            base,
            container,
            prefix,
            credential,
            place,
            warnings,
            sent: RefCell::default(),
            version: RefCell::default(),
            kept: RefCell::default(),
        })
    }

    /// A request for something in the container: `tail` is an object with a slash before it, or nothing.
    async fn send(
        &self,
        method: Method,
        tail: &str,
        query: &[(&str, &str)],
        content: Option<&[u8]>,
    ) -> Result<Reply, Finding> {
        let path = format!("/{}{tail}", self.container);
        let mut headers = vec![("x-ms-date", time::http_date()), ("x-ms-version", VERSION.to_owned())];
        if content.is_some() {
            headers.push(("x-ms-blob-type", "BlockBlob".to_owned()));
        }
        let signed = sign::Request {
            method: method.as_str(),
            path: format!("{}{path}", self.base),
            query,
            headers: &headers,
            length: content.map_or(0, <[u8]>::len),
        };
        let mut pairs: Vec<String> =
            query.iter().map(|(name, value)| format!("{name}={}", strict(value))).collect();
        match self.authorize(&signed).await? {
            Proof::Header(value) => {
                self.sent.replace(Some(Secret::new(value.split(' ').next_back().unwrap_or_default())));
                headers.push(("authorization", value));
            }
            Proof::Query(more) => {
                self.sent.replace(Some(Secret::new(more.as_str())));
                pairs.push(more);
            }
        }
        let has_body = method == Method::PUT;
        let mut request = self.http.request(method, &format!("{path}?{}", pairs.join("&")));
        for (name, value) in &headers {
            request = request.header(*name, value);
        }
        if has_body {
            let content = content.unwrap_or_default();
            request = request.header("content-length", content.len()).body(content.to_vec());
        }
        self.http.send(request).await.map_err(|finding| self.unknown_host(finding))
    }

    async fn authorize(&self, request: &sign::Request<'_>) -> Result<Proof, Finding> {
        Ok(match &self.credential {
            Credential::SharedKey(key) => Proof::Header(sign::shared_key(key, request)),
            Credential::AccountSas(key) => {
                Proof::Query(sign::account_sas(key, &time::iso(time::now() + 3600)))
            }
            Credential::Sas(sas) => Proof::Query(sas.reveal().trim_start_matches('?').to_owned()),
            Credential::Identity(identity, kept) => {
                let token = match kept.get() {
                    Some(token) => token,
                    None => kept.keep(identity.token().await?),
                };
                Proof::Header(format!("Bearer {}", token.reveal()))
            }
        })
    }

    /// Every account has a host name of its own, which is there as long as the account is.
    fn unknown_host(&self, finding: Finding) -> Finding {
        if finding.hop == Hop::Dns && self.place.server.contains(".blob.") {
            let names = self.place.names;
            return finding.hint(format!(
                "an account that does not exist has no name in DNS: check {}; a private endpoint needs its DNS zone linked to this network",
                names.endpoint
            ));
        }
        finding
    }

    /// A reply that is no success.
    pub(crate) fn trouble(&self, reply: &Reply) -> Trouble {
        if let Credential::Identity(_, kept) = &self.credential
            && matches!(reply.status, 401 | 403)
        {
            kept.drop();
        }
        let found = verdict::trouble(reply, &self.credential, &self.place);
        let sent = self.sent.borrow();
        let secrets: Vec<&Secret> = sent.iter().collect();
        Trouble { message: words(&found.message, &secrets), ..found }
    }

    /// The name of an object in a path.
    fn tail(&self, object: &str) -> String {
        if self.prefix.is_empty() { format!("/{object}") } else { format!("/{}/{object}", self.prefix) }
    }
}
