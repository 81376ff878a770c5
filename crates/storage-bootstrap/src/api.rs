//! The variables of the api, its workers and the scheduler.

use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env};

use crate::cli::Side;
use crate::scratch::Scratch;
use crate::stores::local::Folder;
use crate::stores::s3::{Bucket, Names, S3, Style};
use crate::stores::{Store, ca_bundle, unknown, unsupported};

/// Where the api runs in its image; a relative folder is meant from there.
const HOME: &str = "/app/api";

/// What `STORAGE_TYPE` may be, beside those that are probed here.
const OTHERS: [&str; 10] = [
    "aliyun-oss",
    "azure-blob",
    "baidu-obs",
    "clickzetta-volume",
    "google-storage",
    "huawei-obs",
    "oci-storage",
    "tencent-cos",
    "volcengine-tos",
    "supabase",
];

pub(crate) fn resolve(env: &Env) -> Result<Store, ConfigError> {
    let key = "STORAGE_TYPE";
    let kind = env.text_or(key, "opendal")?;
    match kind.as_str() {
        "opendal" => opendal(env),
        "local" => folder(env, "STORAGE_LOCAL_PATH"),
        "s3" => s3(env),
        other if OTHERS.contains(&other) => Err(unsupported(key, other)),
        other => {
            let known: Vec<&str> = ["opendal", "local", "s3"].into_iter().chain(OTHERS).collect();
            Err(unknown(key, other, &known))
        }
    }
}

fn folder(env: &Env, key: &'static str) -> Result<Store, ConfigError> {
    let path = env.text_or(key, "storage")?;
    Folder::new(Side::Api, key, &path, HOME).map(Store::Local)
}

/// Dify 1.x hands every `OPENDAL_<SCHEME>_<KEY>` to Apache OpenDAL.
fn opendal(env: &Env) -> Result<Store, ConfigError> {
    let key = "OPENDAL_SCHEME";
    let scheme = env.text_or(key, "fs")?;
    match scheme.as_str() {
        "fs" => folder(env, "OPENDAL_FS_ROOT"),
        "s3" => opendal_s3(env),
        "gcs" | "azblob" | "oss" | "obs" | "cos" | "webdav" | "tos" | "b2" | "swift" | "upyun" | "hdfs" => {
            Err(unsupported(key, &scheme))
        }
        other => Err(unknown(key, other, &["fs", "s3", "gcs", "azblob", "oss", "obs", "cos", "webdav"])),
    }
}

fn s3(env: &Env) -> Result<Store, ConfigError> {
    if env.boolean("S3_USE_AWS_MANAGED_IAM", false)? {
        return Err(unsupported("S3_USE_AWS_MANAGED_IAM", "true"));
    }
    let endpoint = env.text("S3_ENDPOINT")?;
    if endpoint.as_deref().is_some_and(|endpoint| endpoint.trim().is_empty()) {
        return Err(ConfigError::new("S3_ENDPOINT", "is empty")
            .hint("Dify crashes on this: unset it for AWS, or give the URL of the server"));
    }
    let style = env.one_of("S3_ADDRESS_STYLE", "auto", &["auto", "virtual", "path"])?;
    let style = match style.as_str() {
        "virtual" => Style::Virtual,
        "path" => Style::Path,
        // As botocore decides it: a server of one's own is seldom reachable by a name for each bucket.
        _ if endpoint.is_some() => Style::Path,
        _ => Style::Virtual,
    };
    let bucket = Bucket {
        side: Side::Api,
        name: env.required("S3_BUCKET_NAME")?,
        prefix: String::new(),
        endpoint,
        region: region(env, "S3_REGION")?,
        style,
        access_key: env.required_secret("S3_ACCESS_KEY")?,
        secret_key: env.required_secret("S3_SECRET_KEY")?,
        tls: TlsOptions { ca: ca_bundle(env)?, ..TlsOptions::default() },
        names: Names {
            endpoint: "S3_ENDPOINT",
            region: "S3_REGION",
            bucket: "S3_BUCKET_NAME",
            access_key: "S3_ACCESS_KEY",
            secret_key: "S3_SECRET_KEY",
            style: "S3_ADDRESS_STYLE",
        },
        // The api takes a refused HeadBucket for a bucket that it may use.
        must_head: false,
    };
    S3::new(bucket, Scratch::new()?).map(|s3| Store::S3(Box::new(s3)))
}

fn opendal_s3(env: &Env) -> Result<Store, ConfigError> {
    let endpoint = env.text("OPENDAL_S3_ENDPOINT")?.filter(|endpoint| !endpoint.is_empty());
    let virtual_host = env.boolean("OPENDAL_S3_ENABLE_VIRTUAL_HOST_STYLE", false)?;
    let root = env.text_or("OPENDAL_S3_ROOT", "")?;
    let bucket = Bucket {
        side: Side::Api,
        name: env.required("OPENDAL_S3_BUCKET")?,
        prefix: root.trim_matches('/').to_owned(),
        endpoint,
        region: region(env, "OPENDAL_S3_REGION")?,
        style: if virtual_host { Style::Virtual } else { Style::Path },
        access_key: env.required_secret("OPENDAL_S3_ACCESS_KEY_ID")?,
        secret_key: env.required_secret("OPENDAL_S3_SECRET_ACCESS_KEY")?,
        tls: TlsOptions { ca: ca_bundle(env)?, ..TlsOptions::default() },
        names: Names {
            endpoint: "OPENDAL_S3_ENDPOINT",
            region: "OPENDAL_S3_REGION",
            bucket: "OPENDAL_S3_BUCKET",
            access_key: "OPENDAL_S3_ACCESS_KEY_ID",
            secret_key: "OPENDAL_S3_SECRET_ACCESS_KEY",
            style: "OPENDAL_S3_ENABLE_VIRTUAL_HOST_STYLE",
        },
        // OpenDAL never asks for the bucket itself.
        must_head: false,
    };
    S3::new(bucket, Scratch::new()?).map(|s3| Store::S3(Box::new(s3)))
}

/// Without one, botocore signs for `us-east-1`.
pub(crate) fn region(env: &Env, key: &str) -> Result<String, ConfigError> {
    let region = env.text_or(key, "us-east-1")?;
    Ok(if region.trim().is_empty() { "us-east-1".to_owned() } else { region })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault<const N: usize>(pairs: [(&str, &str); N]) -> String {
        resolve(&Env::of(pairs)).err().unwrap().to_string()
    }

    const KEYS: [(&str, &str); 4] =
        [("STORAGE_TYPE", "s3"), ("S3_BUCKET_NAME", "b"), ("S3_ACCESS_KEY", "a"), ("S3_SECRET_KEY", "s")];

    fn s3_with<const N: usize>(extra: [(&str, &str); N]) -> Result<Store, ConfigError> {
        let mut pairs = [("", ""); 8];
        pairs[..4].copy_from_slice(&KEYS);
        pairs[4..4 + N].copy_from_slice(&extra);
        resolve(&Env::of(pairs))
    }

    fn target(store: Store) -> String {
        store.check(crate::stores::Task::Prove).target()
    }

    #[test]
    fn the_default_is_a_folder_of_the_api_image() {
        assert_eq!(target(resolve(&Env::of([])).unwrap()), "/app/api/storage");
    }

    #[test]
    fn every_other_kind_is_refused_by_name() {
        for kind in OTHERS {
            let text = fault([("STORAGE_TYPE", kind)]);
            assert!(text.contains(kind) && text.contains("not supported yet"), "{text}");
        }
        assert!(fault([("STORAGE_TYPE", "ftp")]).contains("is not known"));
        assert!(fault([("OPENDAL_SCHEME", "gcs")]).contains("not supported yet"));
        assert!(fault([("OPENDAL_SCHEME", "")]).contains("OPENDAL_SCHEME"));
    }

    #[test]
    fn what_crashes_dify_is_refused() {
        for (key, value) in [
            ("S3_ENDPOINT", ""),
            ("S3_ENDPOINT", "minio:9000"),
            ("S3_ENDPOINT", "ftp://minio"),
            ("S3_ADDRESS_STYLE", "dns"),
            ("S3_USE_AWS_MANAGED_IAM", ""),
            ("S3_USE_AWS_MANAGED_IAM", "true"),
            ("AWS_CA_BUNDLE", "/nowhere/ca.pem"),
        ] {
            assert_eq!(s3_with([(key, value)]).err().unwrap().key, key, "{value:?}");
        }
    }

    #[test]
    fn the_address_style_follows_botocore() {
        for (endpoint, style, shown) in [
            ("http://rgw:80", "auto", "s3://b at rgw:80"),
            ("http://rgw:80", "path", "s3://b at rgw:80"),
            ("http://rgw:80", "virtual", "s3://b at b.rgw:80"),
        ] {
            let store = s3_with([("S3_ENDPOINT", endpoint), ("S3_ADDRESS_STYLE", style)]).unwrap();
            assert_eq!(target(store), shown, "{style}");
        }
        let aws = s3_with([("S3_REGION", "eu-west-1")]).unwrap();
        assert_eq!(target(aws), "s3://b at b.s3.eu-west-1.amazonaws.com:443");
    }
}
