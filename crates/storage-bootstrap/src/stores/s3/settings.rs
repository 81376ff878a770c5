//! Which variables name a bucket of S3, on each side and through OpenDAL.

use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env};

use super::{Bucket, S3, Style};
use crate::cli::Side;
use crate::stores::{Names, ca_bundle, unsupported};

/// The api's `STORAGE_TYPE=s3`.
pub(crate) fn api(env: &Env) -> Result<S3, ConfigError> {
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
    S3::new(Bucket {
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
    })
}

/// The api's `OPENDAL_SCHEME=s3`.
pub(crate) fn opendal(env: &Env) -> Result<S3, ConfigError> {
    let endpoint = env.text("OPENDAL_S3_ENDPOINT")?.filter(|endpoint| !endpoint.is_empty());
    let virtual_host = env.boolean("OPENDAL_S3_ENABLE_VIRTUAL_HOST_STYLE", false)?;
    let root = env.text_or("OPENDAL_S3_ROOT", "")?;
    S3::new(Bucket {
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
    })
}

/// The daemon's `PLUGIN_STORAGE_TYPE=aws_s3`.
pub(crate) fn daemon(env: &Env) -> Result<S3, ConfigError> {
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
    S3::new(Bucket {
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
    })
}

/// Without one, botocore signs for `us-east-1`.
pub(crate) fn region(env: &Env, key: &str) -> Result<String, ConfigError> {
    let region = env.text_or(key, "us-east-1")?;
    Ok(if region.trim().is_empty() { "us-east-1".to_owned() } else { region })
}

#[cfg(test)]
mod tests;
