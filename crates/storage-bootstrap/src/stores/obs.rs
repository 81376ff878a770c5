//! Huawei Cloud OBS. Its signature is documented as "Authentication of Signature in a Header".

use aws_smithy_types::date_time::Format;
use preflight::tls::{TlsOptions, Verify};
use preflight::{ConfigError, Env, Finding, Hop};

use crate::cli::Side;
use crate::stores::digest::{base64, hmac_sha1};
use crate::stores::encode;
use crate::stores::rest::{
    Key, Refusal, Request, Rest, Settings, Style, Vendor, own_region, style_of, with_scheme,
};
use crate::stores::{Names, Place, Trouble, Verdict, time};

/// How OBS is spoken to.
pub(crate) struct Obs {
    key: Key,
}

impl Vendor for Obs {
    const PRODUCT: &'static str = "Huawei Cloud OBS";
    const SCHEME: &'static str = "obs";
    const VERSION: &'static str = "x-obs-version-id";

    fn sign(&self, request: &Request<'_>) -> Vec<(&'static str, String)> {
        let date = time::text(request.now, Format::HttpDate);
        let resource = match request.object {
            Some(object) => format!("/{}/{}{}", request.bucket, encode::path(object), request.version()),
            None if request.path_style => format!("/{}", request.bucket),
            None => format!("/{}/", request.bucket),
        };
        let text = format!("{}\n\n\n{date}\n{resource}", request.method);
        let signature = base64(&hmac_sha1(self.key.secret.reveal().as_bytes(), &text));
        // With the bucket in the path both SDKs sign as for S3, version 2.
        let prefix = if request.path_style { "AWS" } else { "OBS" };
        vec![("date", date), ("authorization", format!("{prefix} {}:{signature}", self.key.id.reveal()))]
    }

    fn judge(&self, error: &Refusal<'_>, place: &Place) -> Option<Trouble> {
        match error.code {
            "NoSuchBucket" => Some(Trouble::new(Verdict::Missing).hint(own_region(place))),
            "VirtualHostDomainRequired" => {
                let hint = "set HUAWEI_OBS_PATH_STYLE=false, and HUAWEI_OBS_SERVER to a host name";
                Some(Trouble::new(Verdict::StyleRefused).hint(hint))
            }
            "InsufficientStorageSpace" => Some(Trouble::new(Verdict::Quota)),
            "InArrearOrInsufficientBalance" => {
                let what = format!("the account of {place} has a bill to pay");
                Some(Finding::suspect(Hop::State, what).hint("look at the account's balance").into())
            }
            "Throttled" | "TooManyRequests" => Some(Trouble::new(Verdict::Throttled)),
            "PermanentRedirect" | "InvalidLocationConstraint" => {
                Some(Trouble::new(Verdict::WrongRegion(None)))
            }
            _ => None,
        }
    }

    /// OBS wants to be told the region of its own endpoint.
    fn creation(&self, place: &Place) -> String {
        let region = place.server.split('.').skip_while(|part| *part != "obs").nth(1).unwrap_or_default();
        if region.is_empty() || !place.server.contains("myhuaweicloud") {
            return String::new();
        }
        format!("<CreateBucketConfiguration><Location>{region}</Location></CreateBucketConfiguration>")
    }
}

/// The api's `STORAGE_TYPE=huawei-obs`.
pub(crate) fn api(env: &Env) -> Result<Rest<Obs>, ConfigError> {
    build(env, Side::Api, names("HUAWEI_OBS_BUCKET_NAME"), not_verified())
}

/// The daemon's `PLUGIN_STORAGE_TYPE=huawei_obs`.
pub(crate) fn daemon(env: &Env) -> Result<Rest<Obs>, ConfigError> {
    build(env, Side::Daemon, names("PLUGIN_STORAGE_OSS_BUCKET"), not_verified())
}

/// The api's `OPENDAL_SCHEME=obs`.
pub(crate) fn opendal(env: &Env) -> Result<Rest<Obs>, ConfigError> {
    let names = Names {
        endpoint: "OPENDAL_OBS_ENDPOINT",
        bucket: "OPENDAL_OBS_BUCKET",
        access_key: "OPENDAL_OBS_ACCESS_KEY_ID",
        secret_key: "OPENDAL_OBS_SECRET_ACCESS_KEY",
        style: "OPENDAL_OBS_ENDPOINT",
        ..Names::default()
    };
    build(env, Side::Api, names, TlsOptions::default())
}

/// Neither of the vendor's SDKs looks at the certificate as Dify uses them.
fn not_verified() -> TlsOptions {
    TlsOptions { verify: Verify::Nothing, ..TlsOptions::default() }
}

fn names(bucket: &'static str) -> Names {
    Names {
        endpoint: "HUAWEI_OBS_SERVER",
        region: "HUAWEI_OBS_SERVER",
        bucket,
        access_key: "HUAWEI_OBS_ACCESS_KEY",
        secret_key: "HUAWEI_OBS_SECRET_KEY",
        style: "HUAWEI_OBS_PATH_STYLE",
    }
}

fn build(env: &Env, side: Side, names: Names, tls: TlsOptions) -> Result<Rest<Obs>, ConfigError> {
    let endpoint = with_scheme(&env.required(names.endpoint)?, "https");
    let path_style = env.boolean("HUAWEI_OBS_PATH_STYLE", false)?;
    let key = Key::of(env, &names, names.bucket == "HUAWEI_OBS_BUCKET_NAME")?;
    let is_opendal = names.endpoint.starts_with("OPENDAL");
    let prefix = if is_opendal { env.text_or("OPENDAL_OBS_ROOT", "")? } else { String::new() };
    Rest::new(Settings {
        side,
        style: if path_style && !is_opendal { Style::Path } else { style_of(&endpoint) },
        endpoint,
        region: String::new(),
        bucket: env.required(names.bucket)?,
        prefix: prefix.trim_matches('/').to_owned(),
        vendor: Obs { key },
        names,
        tls,
        must_head: false,
    })
}

#[cfg(test)]
mod tests {
    use preflight::Secret;

    use super::*;
    use crate::stores::rest::tests::{LIST, PUT};

    fn signed(request: &Request<'_>) -> String {
        let key = Key { id: Secret::new("AKIDtest"), secret: Secret::new("secret-for-tests") };
        Obs { key }.sign(request).swap_remove(1).1
    }

    /// Computed by esdk-obs-python 3.26.6.
    #[test]
    fn the_signature_is_that_of_the_vendors_sdk() {
        assert_eq!(signed(&PUT), "OBS AKIDtest:6SSx0S4wR3HFg9oxVNCElwdFiGY=");
        assert_eq!(signed(&LIST), "OBS AKIDtest:LKf3CEoNPpJnXAVZ/axePrc+i2w=");
        let path_style = Request { path_style: true, ..LIST };
        assert_eq!(signed(&path_style), "AWS AKIDtest:RN5zqwIDQLGO8w3D6C0xv4+1r70=");
    }
}
