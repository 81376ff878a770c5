//! Volcengine TOS. Its signature is documented as "Signature in a header".

use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env, Finding, Hop};

use crate::cli::Side;
use crate::stores::digest::{hex, hmac_sha256, sha256};
use crate::stores::encode::strict;
use crate::stores::rest::{Key, Refusal, Request, Rest, Settings, Vendor, own_region, style_of, with_scheme};
use crate::stores::{Names, Place, Trouble, Verdict, requests_tls, time};

/// How TOS is spoken to.
pub(crate) struct Tos {
    key: Key,
    region: String,
}

impl Vendor for Tos {
    const PRODUCT: &'static str = "Volcengine TOS";
    const SCHEME: &'static str = "tos";
    const VERSION: &'static str = "x-tos-version-id";

    fn sign(&self, request: &Request<'_>) -> Vec<(&'static str, String)> {
        let at = time::compact(request.now);
        let (day, region) = (&at[..8], self.region.as_str());
        let mut query: Vec<String> =
            request.query.iter().map(|(name, value)| format!("{}={}", strict(name), strict(value))).collect();
        query.sort();
        let headers = "host;x-tos-date";
        let canonical = format!(
            "{}\n{}\n{}\nhost:{}\nx-tos-date:{at}\n\n{headers}\nUNSIGNED-PAYLOAD",
            request.method,
            request.path,
            query.join("&"),
            request.host
        );
        let scope = format!("{day}/{region}/tos/request");
        let text = format!("TOS4-HMAC-SHA256\n{at}\n{scope}\n{}", sha256(canonical.as_bytes()));
        let mut signing = self.key.secret.reveal().as_bytes().to_vec();
        for part in [day, region, "tos", "request"] {
            signing = hmac_sha256(&signing, part);
        }
        let signature = hex(&hmac_sha256(&signing, &text));
        let value = format!(
            "TOS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={headers}, Signature={signature}",
            self.key.id.reveal()
        );
        vec![("x-tos-date", at), ("authorization", value)]
    }

    fn judge(&self, error: &Refusal<'_>, place: &Place) -> Option<Trouble> {
        match error.code {
            "NoSuchBucket" => Some(Trouble::new(Verdict::Missing).hint(own_region(place))),
            "InvalidCredential" | "InvalidAuthorization" | "InvalidAuthorizationHeader"
                if error.message.to_ascii_lowercase().contains("region") =>
            {
                Some(Trouble::new(Verdict::WrongRegion(None)))
            }
            "InvalidBucketName" => Some(Trouble::new(Verdict::BadName)),
            "ExceedAccountQPSLimit"
            | "ExceedAccountRateLimit"
            | "ExceedBucketQPSLimit"
            | "ExceedBucketRateLimit" => Some(Trouble::new(Verdict::Throttled)),
            "ExceedBucketQuota" | "StorageQuotaExceeded" => Some(Trouble::new(Verdict::Quota)),
            "AccountOverdue" | "ServiceSuspended" => {
                let what = format!("the account of {place} has a bill to pay, or has not opened TOS");
                Some(Finding::suspect(Hop::State, what).hint("look at the account's balance").into())
            }
            _ => None,
        }
    }
}

/// The api's `STORAGE_TYPE=volcengine-tos`.
pub(crate) fn api(env: &Env) -> Result<Rest<Tos>, ConfigError> {
    let tls = requests_tls(env)?;
    build(env, Side::Api, names("VOLCENGINE_TOS_BUCKET_NAME"), env.required("VOLCENGINE_TOS_REGION")?, tls)
}

/// The daemon's `PLUGIN_STORAGE_TYPE=volcengine_tos`.
pub(crate) fn daemon(env: &Env) -> Result<Rest<Tos>, ConfigError> {
    let region = env.text_or("VOLCENGINE_TOS_REGION", "")?;
    build(env, Side::Daemon, names("PLUGIN_STORAGE_OSS_BUCKET"), region, TlsOptions::default())
}

/// The api's `OPENDAL_SCHEME=tos`.
pub(crate) fn opendal(env: &Env) -> Result<Rest<Tos>, ConfigError> {
    let names = Names {
        endpoint: "OPENDAL_TOS_ENDPOINT",
        region: "OPENDAL_TOS_REGION",
        bucket: "OPENDAL_TOS_BUCKET",
        access_key: "OPENDAL_TOS_ACCESS_KEY_ID",
        secret_key: "OPENDAL_TOS_SECRET_ACCESS_KEY",
        style: "OPENDAL_TOS_ENDPOINT",
    };
    build(env, Side::Api, names, env.required(names.region)?, TlsOptions::default())
}

fn names(bucket: &'static str) -> Names {
    Names {
        endpoint: "VOLCENGINE_TOS_ENDPOINT",
        region: "VOLCENGINE_TOS_REGION",
        bucket,
        access_key: "VOLCENGINE_TOS_ACCESS_KEY",
        secret_key: "VOLCENGINE_TOS_SECRET_KEY",
        style: "VOLCENGINE_TOS_ENDPOINT",
    }
}

fn build(
    env: &Env,
    side: Side,
    names: Names,
    region: String,
    tls: TlsOptions,
) -> Result<Rest<Tos>, ConfigError> {
    let endpoint = with_scheme(&env.required(names.endpoint)?, "https");
    if endpoint.contains("tos-s3-") {
        return Err(ConfigError::new(names.endpoint, "is the endpoint for S3, which Dify does not sign for")
            .hint("take out s3-: tos-cn-beijing.volces.com"));
    }
    let key = Key::of(env, &names, names.bucket == "VOLCENGINE_TOS_BUCKET_NAME")?;
    let is_opendal = names.endpoint.starts_with("OPENDAL");
    let prefix = if is_opendal { env.text_or("OPENDAL_TOS_ROOT", "")? } else { String::new() };
    Rest::new(Settings {
        side,
        style: style_of(&endpoint),
        endpoint,
        region: region.clone(),
        bucket: env.required(names.bucket)?,
        prefix: prefix.trim_matches('/').to_owned(),
        vendor: Tos { key, region },
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
        let region = "cn-beijing".to_owned();
        Tos { key, region }.sign(request).swap_remove(1).1
    }

    /// Computed by the tos package of Python, 2.9.3.
    #[test]
    fn the_signature_is_that_of_the_vendors_sdk() {
        assert!(
            signed(&PUT)
                .ends_with("Signature=7418fd166e2b4d907e5b7f45323bb0fcad5e59ff5df9c40252230cf80f8d8746"),
            "{}",
            signed(&PUT)
        );
        assert!(
            signed(&LIST)
                .ends_with("Signature=d4518cff5fd14d8a1cf582714dfebb9edb1178793d1f19de2a826aace4674f94"),
            "{}",
            signed(&LIST)
        );
    }
}
