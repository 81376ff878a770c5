//! S3 and what speaks like it.

pub(crate) mod codes;
mod connector;
pub(crate) mod credentials;
mod probe;
mod settings;
mod verdict;

use std::cell::RefCell;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::SharedHttpClient;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, Config, Region, RequestChecksumCalculation, ResponseChecksumValidation,
    StalledStreamProtectionConfig,
};
use preflight::http::{Http, Url};
use preflight::tls::TlsOptions;
use preflight::{Address, ConfigError};

use crate::cli::Side;
use crate::stores::{Names, Place, Trouble};
use connector::Connector;
pub(crate) use credentials::{Key, Source};
pub(crate) use settings::{api, daemon, opendal};

/// How the bucket is written into a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `http://bucket.host/key`
    Virtual,
    /// `http://host/bucket/key`
    Path,
}

/// Everything that the configuration says about a bucket.
pub(crate) struct Bucket {
    pub(crate) side: Side,
    pub(crate) name: String,
    /// Keys begin with this and a slash, if it is not empty.
    pub(crate) prefix: String,
    pub(crate) endpoint: Option<String>,
    pub(crate) region: String,
    pub(crate) style: Style,
    /// Where the key comes from.
    pub(crate) source: Source,
    pub(crate) tls: TlsOptions,
    pub(crate) names: Names,
    /// Whether this side of Dify needs `HeadBucket` to be allowed.
    pub(crate) must_head: bool,
}

/// A bucket and how it is reached.
pub(crate) struct S3 {
    bucket: Bucket,
    /// The host that requests go to.
    address: Address,
    http: SharedHttpClient,
    /// With the key that it signs with; made at the first use, and again when the key has come to its end.
    client: RefCell<Option<(Client, Key)>>,
    place: Place,
    warnings: Vec<String>,
    /// The version of the object that was written, in a bucket that keeps versions.
    version: RefCell<Option<String>>,
    /// A warning about versions that cannot be deleted.
    kept: RefCell<Option<String>>,
}

impl S3 {
    pub(crate) fn new(bucket: Bucket) -> Result<Self, ConfigError> {
        let names = bucket.names;
        if bucket.name.contains(['/', '?', '#', '@', ':']) {
            return Err(ConfigError::new(names.bucket, format!("{:?} is no name of a bucket", bucket.name))
                .hint("give the name alone, without a path or URL"));
        }
        let address = address(&bucket)?;
        let http = Connector::client(names.endpoint, &bucket.tls);
        let place = Place {
            product: "S3",
            kind: "bucket",
            bucket: bucket.name.clone(),
            server: address.to_string(),
            region: bucket.region.clone(),
            names,
        };
        let path =
            bucket.endpoint.as_deref().and_then(|url| Url::parse(url).ok()).map(|url| url.path().len());
        let mut warnings: Vec<String> = bucket.source.warning().map(str::to_owned).into_iter().collect();
        if path.is_some_and(|length| length > 1) {
            warnings.push(format!("{} holds a path, which few servers want", names.endpoint));
        }
        Ok(Self {
            address,
            http,
            client: RefCell::default(),
            bucket,
            place,
            warnings,
            version: RefCell::default(),
            kept: RefCell::default(),
        })
    }

    /// With something that was noticed in the configuration.
    fn with_warning(mut self, warning: String) -> Self {
        self.warnings.push(warning);
        self
    }

    /// A client with a key that is good for this try.
    async fn client(&self) -> Result<Client, Trouble> {
        if let Some((client, _)) = self.client.borrow().as_ref().filter(|(_, key)| key.is_fresh()) {
            return Ok(client.clone());
        }
        let key = self.bucket.source.key().await?;
        let client = Client::from_conf(config(&self.bucket, &key, self.http.clone()));
        self.client.replace(Some((client.clone(), key)));
        Ok(client)
    }

    /// The key of an object.
    fn key(&self, object: &str) -> String {
        if self.bucket.prefix.is_empty() {
            object.to_owned()
        } else {
            format!("{}/{object}", self.bucket.prefix)
        }
    }
}

/// AWS in China has a domain of its own.
fn domain(region: &str) -> &'static str {
    if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" }
}

/// Proves the endpoint to be a URL and the CA file to be one, before anything is sent.
fn address(bucket: &Bucket) -> Result<Address, ConfigError> {
    let aws = format!("https://s3.{}.{}", bucket.region, domain(&bucket.region));
    let (key, base) = match &bucket.endpoint {
        Some(endpoint) => (bucket.names.endpoint, endpoint.as_str()),
        None => (bucket.names.region, aws.as_str()),
    };
    let http = Http::new(key, base, &bucket.tls)?;
    let address = http.address();
    let has_query = Url::parse(base).is_ok_and(|url| url.query().is_some() || url.fragment().is_some());
    if has_query {
        return Err(ConfigError::new(key, "holds more than scheme, host, port and path"));
    }
    let is_ip = address.host.parse::<std::net::IpAddr>().is_ok();
    // The SDK writes the bucket into the path where a host name with it would be none.
    if bucket.style == Style::Path || is_ip || bucket.name.contains('.') && base.starts_with("https") {
        return Ok(address.clone());
    }
    Ok(Address::new(format!("{}.{}", bucket.name, address.host), address.port))
}

fn config(bucket: &Bucket, key: &Key, http: SharedHttpClient) -> Config {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(bucket.region.clone()))
        .credentials_provider(key.credentials())
        .force_path_style(bucket.style == Style::Path)
        .http_client(http)
        // The loop around us tries again and bounds every try.
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::disabled())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        // Servers other than AWS often refuse the newer checksum headers.
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
    match &bucket.endpoint {
        Some(endpoint) => config.endpoint_url(endpoint.trim_end_matches('/')).build(),
        None => config.build(),
    }
}
