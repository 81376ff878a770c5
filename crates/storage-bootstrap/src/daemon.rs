//! The variables of the plugin daemon, by the names that the daemon itself sees.

use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env};

use crate::api::region;
use crate::cli::Side;
use crate::scratch::Scratch;
use crate::stores::local::Folder;
use crate::stores::s3::{Bucket, Names, S3, Style};
use crate::stores::{Store, ca_bundle, unknown, unsupported};

/// Where the daemon runs in its image.
const HOME: &str = "/app";

pub(crate) fn resolve(env: &Env) -> Result<Store, ConfigError> {
    let key = "PLUGIN_STORAGE_TYPE";
    let kind = env.text_or(key, "local")?;
    match kind.as_str() {
        "local" | "local_file" => {
            let key = "PLUGIN_STORAGE_LOCAL_ROOT";
            let path = env.text_or(key, "/app/storage")?;
            Folder::new(Side::Daemon, key, &path, HOME).map(Store::Local)
        }
        "aws_s3" | "s3" | "aws-s3" => s3(env),
        "azure_blob" | "azure" | "azure-blob" | "aliyun_oss" | "aliyun" | "aliyun-oss" | "tencent_cos"
        | "tencent" | "tencent-cos" | "gcs" | "google-storage" | "google_storage" | "huawei_obs"
        | "huawei" | "huawei-obs" | "volcengine_tos" | "volcengine" | "volcengine-tos" | "baidu_bos"
        | "baidu" | "baidu-bos" => Err(unsupported(key, &kind)),
        other => Err(unknown(
            key,
            other,
            &[
                "local",
                "aws_s3",
                "azure_blob",
                "aliyun_oss",
                "tencent_cos",
                "gcs",
                "huawei_obs",
                "volcengine_tos",
                "baidu_bos",
            ],
        )),
    }
}

fn s3(env: &Env) -> Result<Store, ConfigError> {
    if env.boolean("S3_USE_AWS_MANAGED_IAM", false)? {
        return Err(unsupported("S3_USE_AWS_MANAGED_IAM", "true"));
    }
    let aws = env.boolean("S3_USE_AWS", true)?;
    let path_style = env.boolean("S3_USE_PATH_STYLE", true)?;
    let endpoint = env.text("S3_ENDPOINT")?.filter(|endpoint| !endpoint.trim().is_empty());
    if !aws && endpoint.is_none() {
        return Err(ConfigError::new("S3_ENDPOINT", "is not set or empty, and S3_USE_AWS is false")
            .hint("give the URL of the server, or set S3_USE_AWS=true"));
    }
    let bucket = Bucket {
        side: Side::Daemon,
        name: env.required("PLUGIN_STORAGE_OSS_BUCKET")?,
        prefix: String::new(),
        endpoint,
        region: region(env, "AWS_REGION")?,
        // For AWS the daemon leaves the style to its SDK.
        style: if path_style && !aws { Style::Path } else { Style::Virtual },
        access_key: env.required_secret("AWS_ACCESS_KEY")?,
        secret_key: env.required_secret("AWS_SECRET_KEY")?,
        tls: TlsOptions { ca: ca_bundle(env)?, ..TlsOptions::default() },
        names: Names {
            endpoint: "S3_ENDPOINT",
            region: "AWS_REGION",
            bucket: "PLUGIN_STORAGE_OSS_BUCKET",
            access_key: "AWS_ACCESS_KEY",
            secret_key: "AWS_SECRET_KEY",
            style: "S3_USE_PATH_STYLE",
        },
        // The daemon tries to create the bucket when HeadBucket fails, and panics when that fails too.
        must_head: true,
    };
    S3::new(bucket, Scratch::new()?).map(|s3| Store::S3(Box::new(s3)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stores::Task;

    const KEYS: [(&str, &str); 4] = [
        ("PLUGIN_STORAGE_TYPE", "aws_s3"),
        ("PLUGIN_STORAGE_OSS_BUCKET", "plugins"),
        ("AWS_ACCESS_KEY", "a"),
        ("AWS_SECRET_KEY", "s"),
    ];

    fn s3_with<const N: usize>(extra: [(&str, &str); N]) -> Result<Store, ConfigError> {
        let mut pairs = [("", ""); 8];
        pairs[..4].copy_from_slice(&KEYS);
        pairs[4..4 + N].copy_from_slice(&extra);
        resolve(&Env::of(pairs))
    }

    #[test]
    fn the_default_is_the_folder_of_the_daemon() {
        let store = resolve(&Env::of([])).unwrap();
        assert_eq!(store.check(Task::Prove).target(), "/app/storage");
    }

    #[test]
    fn a_server_of_ones_own_needs_its_endpoint() {
        assert_eq!(s3_with([("S3_USE_AWS", "false")]).err().unwrap().key, "S3_ENDPOINT");
        assert_eq!(
            s3_with([("S3_USE_AWS_MANAGED_IAM", "true")]).err().unwrap().key,
            "S3_USE_AWS_MANAGED_IAM"
        );
    }

    #[test]
    fn the_path_style_is_the_default_for_a_server_of_ones_own() {
        let own = [("S3_USE_AWS", "false"), ("S3_ENDPOINT", "http://rgw")];
        let store = s3_with(own).unwrap();
        assert_eq!(store.check(Task::Prove).target(), "s3://plugins at rgw:80");
        let store = s3_with([own[0], own[1], ("S3_USE_PATH_STYLE", "false")]).unwrap();
        assert_eq!(store.check(Task::Prove).target(), "s3://plugins at plugins.rgw:80");
    }

    #[test]
    fn other_kinds_are_refused_by_name() {
        for kind in ["gcs", "azure-blob", "volcengine"] {
            let error = resolve(&Env::of([("PLUGIN_STORAGE_TYPE", kind)])).err().unwrap();
            assert!(error.to_string().contains("not supported yet"), "{error}");
        }
        let error = resolve(&Env::of([("PLUGIN_STORAGE_TYPE", "opendal")])).err().unwrap();
        assert!(error.to_string().contains("not known"), "{error}");
    }
}
