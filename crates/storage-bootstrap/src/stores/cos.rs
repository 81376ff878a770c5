//! Tencent Cloud COS. Its signature is documented as "Request Signature".

use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env, Finding, Hop};

use crate::cli::Side;
use crate::stores::digest::{hex, hmac_sha1, sha1};
use crate::stores::encode::strict;
use crate::stores::rest::{Key, Refusal, Request, Rest, Settings, Style, Vendor, own_region, with_scheme};
use crate::stores::{Names, Place, Trouble, Verdict, requests_tls};

/// How COS is spoken to.
pub(crate) struct Cos {
    key: Key,
}

/// How long a signature lives, and how far before its making it begins.
const LIFE: i64 = 600;
const BEFORE: i64 = 60;

impl Vendor for Cos {
    const PRODUCT: &'static str = "Tencent Cloud COS";
    const SCHEME: &'static str = "cos";
    const VERSION: &'static str = "x-cos-version-id";

    fn sign(&self, request: &Request<'_>) -> Vec<(&'static str, String)> {
        let time = format!("{};{}", request.now - BEFORE, request.now + LIFE);
        let path = request.object.map_or_else(|| "/".to_owned(), |object| format!("/{object}"));
        let mut query: Vec<(String, String)> = request
            .query
            .iter()
            .map(|(name, value)| (strict(name).to_ascii_lowercase(), strict(value)))
            .collect();
        query.sort();
        let names: Vec<&str> = query.iter().map(|(name, _)| name.as_str()).collect();
        let pairs: Vec<String> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let canonical = format!(
            "{}\n{path}\n{}\nhost={}\n",
            request.method.to_ascii_lowercase(),
            pairs.join("&"),
            strict(request.host)
        );
        let text = format!("sha1\n{time}\n{}\n", sha1(canonical.as_bytes()));
        let signing = hex(&hmac_sha1(self.key.secret.reveal().as_bytes(), &time));
        let signature = hex(&hmac_sha1(signing.as_bytes(), &text));
        let value = format!(
            "q-sign-algorithm=sha1&q-ak={}&q-sign-time={time}&q-key-time={time}&q-header-list=host\
             &q-url-param-list={}&q-signature={signature}",
            self.key.id.reveal(),
            names.join(";")
        );
        vec![("authorization", value)]
    }

    fn judge(&self, error: &Refusal<'_>, place: &Place) -> Option<Trouble> {
        match error.code {
            "NoSuchBucket" => Some(
                Trouble::new(Verdict::Missing)
                    .hint(format!("{}; its name ends in - and the APPID", own_region(place))),
            ),
            "AccessDenied" if error.message.to_ascii_lowercase().contains("expired") => {
                Some(Trouble::new(Verdict::Skewed))
            }
            "PathStyleDomainForbidden" => Some(
                Trouble::new(Verdict::StyleRefused)
                    .hint(format!("{} must be the host name of the bucket itself", place.names.endpoint)),
            ),
            "RequestIsExpired" => Some(Trouble::new(Verdict::Skewed)),
            _ if error.status == 451 => {
                let what = format!("the account of {place} has a bill to pay");
                Some(Finding::suspect(Hop::State, what).hint("look at the account's balance").into())
            }
            "InvalidRegionName" | "InvalidLocation" => Some(Trouble::new(Verdict::WrongRegion(None))),
            "InvalidURI" if error.message.to_ascii_lowercase().contains("bucket") => {
                Some(Trouble::new(Verdict::BadName))
            }
            "FreqControl" | "RequestLimitExceeded" => Some(Trouble::new(Verdict::Throttled)),
            _ => None,
        }
    }
}

/// The api's `STORAGE_TYPE=tencent-cos`.
pub(crate) fn api(env: &Env) -> Result<Rest<Cos>, ConfigError> {
    let domain_name = "TENCENT_COS_CUSTOM_DOMAIN";
    let scheme = env.text_or("TENCENT_COS_SCHEME", "https")?;
    let scheme = if scheme == "http" { "http" } else { "https" };
    let bucket = env.required("TENCENT_COS_BUCKET_NAME")?;
    let domain = env.text(domain_name)?.filter(|domain| !domain.trim().is_empty());
    let (endpoint, region, style, endpoint_name) = if let Some(domain) = domain {
        (format!("{scheme}://{domain}"), String::new(), Style::Own, domain_name)
    } else {
        let region = region(env)?;
        let host = if region.contains("cos.") { region.clone() } else { format!("cos.{region}") };
        (format!("{scheme}://{host}.myqcloud.com"), region, Style::Virtual, "TENCENT_COS_REGION")
    };
    let names = names("TENCENT_COS_BUCKET_NAME", endpoint_name);
    build(env, Side::Api, endpoint, region, bucket, style, names, requests_tls(env)?)
}

/// The daemon's `PLUGIN_STORAGE_TYPE=tencent_cos`. An endpoint of one's own is that of the bucket.
pub(crate) fn daemon(env: &Env) -> Result<Rest<Cos>, ConfigError> {
    let bucket = env.required("PLUGIN_STORAGE_OSS_BUCKET")?;
    let region = region(env)?;
    let endpoint = env.text("TENCENT_COS_ENDPOINT")?.filter(|endpoint| !endpoint.trim().is_empty());
    let (endpoint, style, endpoint_name) = match endpoint {
        Some(endpoint) => (endpoint.trim_end_matches('/').to_owned(), Style::Own, "TENCENT_COS_ENDPOINT"),
        None => (format!("https://cos.{region}.myqcloud.com"), Style::Virtual, "TENCENT_COS_REGION"),
    };
    let names = names("PLUGIN_STORAGE_OSS_BUCKET", endpoint_name);
    build(env, Side::Daemon, endpoint, region, bucket, style, names, TlsOptions::default())
}

/// The api's `OPENDAL_SCHEME=cos`.
pub(crate) fn opendal(env: &Env) -> Result<Rest<Cos>, ConfigError> {
    let names = Names {
        endpoint: "OPENDAL_COS_ENDPOINT",
        bucket: "OPENDAL_COS_BUCKET",
        access_key: "OPENDAL_COS_SECRET_ID",
        secret_key: "OPENDAL_COS_SECRET_KEY",
        style: "OPENDAL_COS_ENDPOINT",
        ..Names::default()
    };
    let endpoint = with_scheme(&env.required(names.endpoint)?, "https");
    let bucket = env.required(names.bucket)?;
    build(env, Side::Api, endpoint, String::new(), bucket, Style::Virtual, names, TlsOptions::default())
}

fn names(bucket: &'static str, endpoint: &'static str) -> Names {
    Names {
        endpoint,
        region: "TENCENT_COS_REGION",
        bucket,
        access_key: "TENCENT_COS_SECRET_ID",
        secret_key: "TENCENT_COS_SECRET_KEY",
        style: endpoint,
    }
}

/// The SDK ends the api at once where this is no region.
fn region(env: &Env) -> Result<String, ConfigError> {
    let key = "TENCENT_COS_REGION";
    let region = env.required(key)?;
    let inner = region.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    let ends = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    if inner && ends(region.bytes().next()) && ends(region.bytes().last()) {
        return Ok(region);
    }
    Err(ConfigError::new(key, format!("{region:?} is no region")).hint("write it like ap-guangzhou"))
}

#[allow(clippy::too_many_arguments, reason = "each is a setting by its own name")]
fn build(
    env: &Env,
    side: Side,
    endpoint: String,
    region: String,
    bucket: String,
    style: Style,
    names: Names,
    tls: TlsOptions,
) -> Result<Rest<Cos>, ConfigError> {
    let key = Key::of(env, &names, false)?;
    let prefix = if names.endpoint.starts_with("OPENDAL") {
        env.text_or("OPENDAL_COS_ROOT", "")?
    } else {
        String::new()
    };
    Rest::new(Settings {
        side,
        endpoint,
        region,
        bucket,
        prefix: prefix.trim_matches('/').to_owned(),
        style,
        vendor: Cos { key },
        names,
        tls,
        must_head: side == Side::Daemon,
    })
}

#[cfg(test)]
mod tests {
    use preflight::Secret;

    use super::*;
    use crate::stores::rest::tests::{LIST, PUT};

    fn signed(request: &Request<'_>) -> String {
        let key = Key { id: Secret::new("AKIDtest"), secret: Secret::new("secret-for-tests") };
        Cos { key }.sign(request).swap_remove(0).1
    }

    /// Computed by cos-python-sdk-v5 1.9.44, asked for the same headers and life.
    #[test]
    fn the_signature_is_that_of_the_vendors_sdk() {
        assert!(
            signed(&PUT).ends_with("&q-signature=a3f48f0dbb4541003280d3ccb3e3a951eaab70ba"),
            "{}",
            signed(&PUT)
        );
        assert!(
            signed(&LIST)
                .ends_with("&q-url-param-list=max-keys&q-signature=69f15841a4869ec97386ce8a3d10c76a6cec7ba2"),
            "{}",
            signed(&LIST)
        );
    }

    #[test]
    fn what_crashes_the_sdk_is_no_region() {
        for text in ["ap guangzhou", "-ap", "ap-", "ap_1", "https://cos"] {
            assert!(region(&Env::of([("TENCENT_COS_REGION", text)])).is_err(), "{text}");
        }
        assert_eq!(region(&Env::of([("TENCENT_COS_REGION", "ap-guangzhou")])).unwrap(), "ap-guangzhou");
    }
}
