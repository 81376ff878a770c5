//! Baidu AI Cloud BOS, which Dify calls OBS. Its signature is documented as "Authentication mechanism", version 1.

use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env, Finding, Hop};

use crate::cli::Side;
use crate::stores::digest::{hex, hmac_sha256};
use crate::stores::encode::strict;
use crate::stores::rest::{Key, Refusal, Request, Rest, Settings, Style, Vendor, with_scheme};
use crate::stores::{Names, Place, Trouble, Verdict, time};

/// How BOS is spoken to.
pub(crate) struct Baidu {
    key: Key,
}

impl Vendor for Baidu {
    const PRODUCT: &'static str = "Baidu BOS";
    const SCHEME: &'static str = "bos";
    const VERSION: &'static str = "x-bce-version-id";
    const LIMIT: &'static str = "maxKeys";

    fn sign(&self, request: &Request<'_>) -> Vec<(&'static str, String)> {
        let at = time::iso(request.now);
        let scope = format!("bce-auth-v1/{}/{at}/1800", self.key.id.reveal());
        let signing = hex(&hmac_sha256(self.key.secret.reveal().as_bytes(), &scope));
        let mut query: Vec<String> =
            request.query.iter().map(|(name, value)| format!("{}={}", strict(name), strict(value))).collect();
        query.sort();
        let text = format!(
            "{}\n{}\n{}\nhost:{}\nx-bce-date:{}",
            request.method,
            request.path,
            query.join("&"),
            strict(request.host),
            strict(&at)
        );
        let signature = hex(&hmac_sha256(signing.as_bytes(), &text));
        vec![("x-bce-date", at), ("authorization", format!("{scope}/host;x-bce-date/{signature}"))]
    }

    fn judge(&self, error: &Refusal<'_>, place: &Place) -> Option<Trouble> {
        match error.code {
            "RequestExpired" => Some(Trouble::new(Verdict::Skewed)),
            "InvalidHTTPAuthHeader" => Some(Trouble::new(Verdict::BadCredential)),
            "AccountOverdue" | "BucketArrears" => {
                let what = format!("the account of {place} has a bill to pay");
                Some(Finding::suspect(Hop::State, what).hint("look at the account's balance").into())
            }
            "RequestRateLimitExceeded" | "QpsLimitExceeded" => Some(Trouble::new(Verdict::Throttled)),
            "NoSuchVersion" => Some(Trouble::new(Verdict::NoObject)),
            _ => None,
        }
    }
}

/// The api's `STORAGE_TYPE=baidu-obs`.
pub(crate) fn api(env: &Env) -> Result<Rest<Baidu>, ConfigError> {
    let names = Names {
        endpoint: "BAIDU_OBS_ENDPOINT",
        region: "BAIDU_OBS_ENDPOINT",
        bucket: "BAIDU_OBS_BUCKET_NAME",
        access_key: "BAIDU_OBS_ACCESS_KEY",
        secret_key: "BAIDU_OBS_SECRET_KEY",
        style: "BAIDU_OBS_ENDPOINT",
    };
    let key = Key::of(env, &names, false)?;
    Rest::new(Settings {
        side: Side::Api,
        endpoint: with_scheme(&env.required(names.endpoint)?, "http"),
        region: String::new(),
        bucket: env.required(names.bucket)?,
        prefix: String::new(),
        // The service takes both; the path needs no further name.
        style: Style::Path,
        vendor: Baidu { key },
        names,
        tls: TlsOptions::default(),
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
        Baidu { key }.sign(request).swap_remove(1).1
    }

    /// Computed by bce-python-sdk 0.9.79.
    #[test]
    fn the_signature_is_that_of_the_vendors_sdk() {
        assert!(
            signed(&PUT).ends_with(
                "/1800/host;x-bce-date/b53e0f40523663c63b07556691bb02227e6b12b45bc58fa9c4f02eae77dacb40"
            ),
            "{}",
            signed(&PUT)
        );
        assert!(
            signed(&LIST).ends_with(
                "/1800/host;x-bce-date/75b8bbcf408811df428a7629f89307d737da61a55439ba497c91a4dcdcb2bb85"
            ),
            "{}",
            signed(&LIST)
        );
    }
}
