//! S3 and what speaks like it.

pub(crate) mod codes;
mod connector;
mod probe;
mod settings;
mod verdict;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, Config, Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation,
    StalledStreamProtectionConfig,
};
use preflight::http::{Http, Url};
use preflight::tls::TlsOptions;
use preflight::{Address, ConfigError, Secret};

use crate::cli::Side;
use crate::stores::{Names, Place};
use connector::Connector;
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
    pub(crate) access_key: Secret,
    pub(crate) secret_key: Secret,
    pub(crate) tls: TlsOptions,
    pub(crate) names: Names,
    /// Whether this side of Dify needs `HeadBucket` to be allowed.
    pub(crate) must_head: bool,
}

/// A bucket with a client for it.
pub(crate) struct S3 {
    bucket: Bucket,
    /// The host that requests go to.
    address: Address,
    client: Client,
    place: Place,
}

impl S3 {
    pub(crate) fn new(bucket: Bucket) -> Result<Self, ConfigError> {
        let names = bucket.names;
        if bucket.name.contains(['/', '?', '#', '@', ':']) {
            return Err(ConfigError::new(names.bucket, format!("{:?} is no name of a bucket", bucket.name))
                .hint("give the name alone, without a path or URL"));
        }
        let address = address(&bucket)?;
        let config = config(&bucket);
        let place = Place {
            product: "S3",
            kind: "bucket",
            bucket: bucket.name.clone(),
            server: address.to_string(),
            region: bucket.region.clone(),
            names,
        };
        Ok(Self { address, client: Client::from_conf(config), bucket, place })
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

/// Proves the endpoint to be a URL and the CA file to be one, before anything is sent.
fn address(bucket: &Bucket) -> Result<Address, ConfigError> {
    let aws = format!("https://s3.{}.amazonaws.com", bucket.region);
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

fn config(bucket: &Bucket) -> Config {
    let credentials = Credentials::new(
        bucket.access_key.reveal(),
        bucket.secret_key.reveal(),
        None,
        None,
        "dify-preflight",
    );
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(bucket.region.clone()))
        .credentials_provider(credentials)
        .force_path_style(bucket.style == Style::Path)
        .http_client(Connector::client(bucket.names.endpoint, &bucket.tls))
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
