//! The two signatures of OSS, as Alibaba Cloud documents them: "Include signatures in the Authorization header" (V1)
//! and "Signature version 4".

use aws_smithy_types::date_time::Format;

use crate::stores::digest::{base64, hex, hmac_sha1, hmac_sha256, sha256};
use crate::stores::encode::{path, strict};
use crate::stores::rest::{Key, Request};
use crate::stores::time;

/// What is said of a content that is not signed.
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// HMAC-SHA1 over verb, date and resource.
pub(super) fn v1(key: &Key, request: &Request<'_>) -> Vec<(&'static str, String)> {
    let date = time::text(request.now, Format::HttpDate);
    let object = request.object.unwrap_or_default();
    // Neither a digest nor a type of the content is sent.
    let resource = format!("/{}/{object}{}", request.bucket, request.version());
    let text = format!("{}\n\n\n{date}\n{resource}", request.method);
    let signature = base64(&hmac_sha1(key.secret.reveal().as_bytes(), &text));
    vec![("date", date), ("authorization", format!("OSS {}:{signature}", key.id.reveal()))]
}

/// HMAC-SHA256 over everything, with a key for the day, the region and the product.
pub(super) fn v4(
    key: &Key,
    request: &Request<'_>,
    region: &str,
    product: &str,
) -> Vec<(&'static str, String)> {
    let at = time::compact(request.now);
    let day = &at[..8];
    let resource = path(&format!("/{}/{}", request.bucket, request.object.unwrap_or_default()));
    let mut query: Vec<String> =
        request.query.iter().map(|(name, value)| format!("{}={}", strict(name), strict(value))).collect();
    query.sort();
    let canonical = format!(
        "{}\n{resource}\n{}\nx-oss-content-sha256:{UNSIGNED}\nx-oss-date:{at}\n\n\n{UNSIGNED}",
        request.method,
        query.join("&")
    );
    let scope = format!("{day}/{region}/{product}/aliyun_v4_request");
    let text = format!("OSS4-HMAC-SHA256\n{at}\n{scope}\n{}", sha256(canonical.as_bytes()));
    let mut signing = format!("aliyun_v4{}", key.secret.reveal()).into_bytes();
    for part in [day, region, product, "aliyun_v4_request"] {
        signing = hmac_sha256(&signing, part);
    }
    let signature = hex(&hmac_sha256(&signing, &text));
    let credential = format!("{}/{scope}", key.id.reveal());
    vec![
        ("x-oss-date", at),
        ("x-oss-content-sha256", UNSIGNED.to_owned()),
        ("authorization", format!("OSS4-HMAC-SHA256 Credential={credential}, Signature={signature}")),
    ]
}

#[cfg(test)]
mod tests {
    use preflight::Secret;

    use super::*;
    use crate::stores::rest::tests::{LIST, PUT};

    fn key() -> Key {
        Key { id: Secret::new("AKIDtest"), secret: Secret::new("secret-for-tests") }
    }

    fn last(mut headers: Vec<(&'static str, String)>) -> String {
        headers.pop().unwrap().1
    }

    /// Computed by oss2 2.19.1.
    #[test]
    fn the_signatures_are_those_of_the_vendors_sdk() {
        assert_eq!(last(v1(&key(), &PUT)), "OSS AKIDtest:TNEQfViz6O8Pu3WpjO31N+78hS4=");
        assert_eq!(last(v1(&key(), &LIST)), "OSS AKIDtest:LKf3CEoNPpJnXAVZ/axePrc+i2w=");
        let put = last(v4(&key(), &PUT, "cn-hangzhou", "oss"));
        assert!(
            put.ends_with("Signature=747f3095825fbb7ad619ba435a4ecd9707ef24f0364be86c890392b1ba379b72"),
            "{put}"
        );
        let list = last(v4(&key(), &LIST, "cn-hangzhou", "oss"));
        assert!(
            list.ends_with("Signature=bec625fbe327b97237f9f11d16fe32c8f2c3de872b5b4318ff40f35bbbdb3695"),
            "{list}"
        );
    }
}
