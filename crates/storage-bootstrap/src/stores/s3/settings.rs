//! Which variables name a bucket of S3, on each side and through OpenDAL.

use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env};

use super::{Bucket, Key, S3, Source, Style};
use crate::cli::Side;
use crate::stores::{Names, ca_bundle};

/// The api's `STORAGE_TYPE=s3`.
pub(crate) fn api(env: &Env) -> Result<S3, ConfigError> {
    if env.boolean("S3_USE_AWS_MANAGED_IAM", false)? {
        return api_managed(env);
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
    let names = Names {
        endpoint: "S3_ENDPOINT",
        region: "S3_REGION",
        bucket: "S3_BUCKET_NAME",
        access_key: "S3_ACCESS_KEY",
        secret_key: "S3_SECRET_KEY",
        style: "S3_ADDRESS_STYLE",
    };
    let (region, tls) = (region(env, "S3_REGION")?, tls(env)?);
    S3::new(Bucket {
        side: Side::Api,
        name: env.required("S3_BUCKET_NAME")?,
        prefix: String::new(),
        endpoint,
        style,
        source: keys_or_chain(env, &names, &region, &tls)?,
        region,
        tls,
        names,
        // The api takes a refused HeadBucket for a bucket that it may use.
        must_head: false,
    })
}

/// With `S3_USE_AWS_MANAGED_IAM` Dify takes the region and the bucket, and leaves all else to boto3.
fn api_managed(env: &Env) -> Result<S3, ConfigError> {
    let region = match env.text("S3_REGION")?.filter(|region| !region.trim().is_empty()) {
        Some(region) => region,
        None => region(env, "AWS_DEFAULT_REGION")?,
    };
    let endpoint = aws_endpoint(env)?;
    let tls = tls(env)?;
    let bucket = Bucket {
        side: Side::Api,
        name: env.required("S3_BUCKET_NAME")?,
        prefix: String::new(),
        style: if endpoint.is_some() { Style::Path } else { Style::Virtual },
        endpoint,
        source: Source::of_chain(env, &region, &tls)?,
        region,
        tls,
        names: managed(Names { region: "S3_REGION", bucket: "S3_BUCKET_NAME", ..Names::default() }),
        must_head: false,
    };
    let ignored: Vec<&str> = ["S3_ENDPOINT", "S3_ACCESS_KEY", "S3_SECRET_KEY"]
        .into_iter()
        .filter(|name| env.text(name).is_ok_and(|text| text.is_some_and(|text| !text.is_empty())))
        .collect();
    let s3 = S3::new(bucket)?;
    if ignored.is_empty() {
        return Ok(s3);
    }
    Ok(s3.with_warning(format!("with S3_USE_AWS_MANAGED_IAM Dify does not look at {}", ignored.join(", "))))
}

/// The api's `OPENDAL_SCHEME=s3`.
pub(crate) fn opendal(env: &Env) -> Result<S3, ConfigError> {
    let endpoint = env.text("OPENDAL_S3_ENDPOINT")?.filter(|endpoint| !endpoint.is_empty());
    let virtual_host = env.boolean("OPENDAL_S3_ENABLE_VIRTUAL_HOST_STYLE", false)?;
    let root = env.text_or("OPENDAL_S3_ROOT", "")?;
    let names = Names {
        endpoint: "OPENDAL_S3_ENDPOINT",
        region: "OPENDAL_S3_REGION",
        bucket: "OPENDAL_S3_BUCKET",
        access_key: "OPENDAL_S3_ACCESS_KEY_ID",
        secret_key: "OPENDAL_S3_SECRET_ACCESS_KEY",
        style: "OPENDAL_S3_ENABLE_VIRTUAL_HOST_STYLE",
    };
    let (region, tls) = (opendal_region(env)?, tls(env)?);
    let token = env.secret("OPENDAL_S3_SESSION_TOKEN")?;
    S3::new(Bucket {
        side: Side::Api,
        name: env.required("OPENDAL_S3_BUCKET")?,
        prefix: root.trim_matches('/').to_owned(),
        endpoint,
        style: if virtual_host { Style::Virtual } else { Style::Path },
        source: keys_or_chain(env, &names, &region, &tls)?.with_token(token),
        region,
        tls,
        names,
        // OpenDAL never asks for the bucket itself.
        must_head: false,
    })
}

/// The daemon's `PLUGIN_STORAGE_TYPE=aws_s3`.
pub(crate) fn daemon(env: &Env) -> Result<S3, ConfigError> {
    let aws = env.boolean("S3_USE_AWS", true)?;
    let path_style = env.boolean("S3_USE_PATH_STYLE", true)?;
    let endpoint = env.text("S3_ENDPOINT")?.filter(|endpoint| !endpoint.trim().is_empty());
    if !aws && endpoint.is_none() {
        return Err(ConfigError::new("S3_ENDPOINT", "is not set or empty, and S3_USE_AWS is false")
            .hint("give the URL of the server, or set S3_USE_AWS=true"));
    }
    let managed_iam = env.boolean("S3_USE_AWS_MANAGED_IAM", false)?;
    let names = Names {
        endpoint: "S3_ENDPOINT",
        region: "AWS_REGION",
        bucket: "PLUGIN_STORAGE_OSS_BUCKET",
        access_key: "AWS_ACCESS_KEY",
        secret_key: "AWS_SECRET_KEY",
        style: "S3_USE_PATH_STYLE",
    };
    let (region, tls) = (region(env, "AWS_REGION")?, tls(env)?);
    let (source, names) = if aws && managed_iam {
        (Source::of_chain(env, &region, &tls)?, managed(names))
    } else {
        let (id, secret) = (names.access_key, names.secret_key);
        (Source::Fixed(Key::fixed(env.required_secret(id)?, env.required_secret(secret)?, None)), names)
    };
    S3::new(Bucket {
        side: Side::Daemon,
        name: env.required("PLUGIN_STORAGE_OSS_BUCKET")?,
        prefix: String::new(),
        endpoint,
        // For AWS the daemon leaves the style to its SDK.
        style: if path_style && !aws { Style::Path } else { Style::Virtual },
        source,
        region,
        tls,
        names,
        // The daemon tries to create the bucket when HeadBucket fails, and panics when that fails too.
        must_head: true,
    })
}

/// The keys that the configuration holds, or what the SDKs find where it holds none.
fn keys_or_chain(env: &Env, names: &Names, region: &str, tls: &TlsOptions) -> Result<Source, ConfigError> {
    let neither_is_set = !env.is_set(names.access_key)? && !env.is_set(names.secret_key)?;
    if neither_is_set && Source::is_named(env)? {
        return Source::of_chain(env, region, tls);
    }
    let (id, secret) = (env.required_secret(names.access_key)?, env.required_secret(names.secret_key)?);
    Ok(Source::Fixed(Key::fixed(id, secret, None)))
}

/// OpenDAL does not start without a region.
fn opendal_region(env: &Env) -> Result<String, ConfigError> {
    for name in ["OPENDAL_S3_REGION", "AWS_REGION", "AWS_DEFAULT_REGION"] {
        if let Some(region) = env.text(name)?.filter(|region| !region.trim().is_empty()) {
            return Ok(region);
        }
    }
    Err(ConfigError::new("OPENDAL_S3_REGION", "is not set or empty")
        .hint("Dify does not start without it: set it, to auto for a server that has no regions"))
}

/// A role has no key that a variable could hold.
fn managed(names: Names) -> Names {
    Names { endpoint: "AWS_ENDPOINT_URL_S3", access_key: "", secret_key: "", ..names }
}

/// Another server in place of AWS, as the SDKs name it.
fn aws_endpoint(env: &Env) -> Result<Option<String>, ConfigError> {
    for name in ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"] {
        if let Some(url) = env.text(name)?.filter(|url| !url.is_empty()) {
            return Ok(Some(url));
        }
    }
    Ok(None)
}

fn tls(env: &Env) -> Result<TlsOptions, ConfigError> {
    Ok(TlsOptions { ca: ca_bundle(env)?, ..TlsOptions::default() })
}

/// Without one, botocore signs for `us-east-1`.
pub(crate) fn region(env: &Env, key: &str) -> Result<String, ConfigError> {
    let region = env.text_or(key, "us-east-1")?;
    Ok(if region.trim().is_empty() { "us-east-1".to_owned() } else { region })
}

#[cfg(test)]
mod tests;
