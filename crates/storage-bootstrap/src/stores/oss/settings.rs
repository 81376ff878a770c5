//! Which variables name a bucket of OSS, on each side and through OpenDAL.

use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env};

use super::{Oss, Store, Version};
use crate::cli::Side;
use crate::stores::rest::{Key, Rest, Settings, style_of, with_scheme};
use crate::stores::{Names, requests_tls};

/// The api's `STORAGE_TYPE=aliyun-oss`.
pub(crate) fn api(env: &Env) -> Result<Store, ConfigError> {
    let names = Names {
        endpoint: "ALIYUN_OSS_ENDPOINT",
        region: "ALIYUN_OSS_REGION",
        bucket: "ALIYUN_OSS_BUCKET_NAME",
        access_key: "ALIYUN_OSS_ACCESS_KEY",
        secret_key: "ALIYUN_OSS_SECRET_KEY",
        style: "ALIYUN_OSS_ENDPOINT",
    };
    // The api takes every other word for v1.
    let version = env.text_or("ALIYUN_OSS_AUTH_VERSION", "v1")?;
    let version = version_of(env, version == "v4", "ALIYUN_CLOUDBOX_ID")?;
    build(env, Side::Api, names, version, "ALIYUN_OSS_PATH", requests_tls(env)?)
}

/// The daemon's `PLUGIN_STORAGE_TYPE=aliyun_oss`.
pub(crate) fn daemon(env: &Env) -> Result<Store, ConfigError> {
    let names = Names {
        endpoint: "ALIYUN_OSS_ENDPOINT",
        region: "ALIYUN_OSS_REGION",
        bucket: "PLUGIN_STORAGE_OSS_BUCKET",
        access_key: "ALIYUN_OSS_ACCESS_KEY_ID",
        secret_key: "ALIYUN_OSS_ACCESS_KEY_SECRET",
        style: "ALIYUN_OSS_ENDPOINT",
    };
    // The daemon takes every other word for v4.
    let version = env.text_or("ALIYUN_OSS_AUTH_VERSION", "v4")?;
    let version = version_of(env, version != "v1", "ALIYUN_OSS_CLOUDBOX_ID")?;
    build(env, Side::Daemon, names, version, "ALIYUN_OSS_PATH", TlsOptions::default())
}

/// The api's `OPENDAL_SCHEME=oss`.
pub(crate) fn opendal(env: &Env) -> Result<Store, ConfigError> {
    let names = Names {
        endpoint: "OPENDAL_OSS_ENDPOINT",
        region: "",
        bucket: "OPENDAL_OSS_BUCKET",
        access_key: "OPENDAL_OSS_ACCESS_KEY_ID",
        secret_key: "OPENDAL_OSS_ACCESS_KEY_SECRET",
        style: "OPENDAL_OSS_ENDPOINT",
    };
    build(env, Side::Api, names, Version::V1, "OPENDAL_OSS_ROOT", TlsOptions::default())
}

fn version_of(env: &Env, is_v4: bool, cloud_box: &str) -> Result<Version, ConfigError> {
    if !is_v4 {
        return Ok(Version::V1);
    }
    if let Some(id) = env.text(cloud_box)?.filter(|id| !id.is_empty()) {
        return Ok(Version::V4 { region: id, product: "oss-cloudbox" });
    }
    let key = "ALIYUN_OSS_REGION";
    let region = env.required(key).map_err(|error| {
        error.hint(format!("signature v4 needs the region: set {key}, such as cn-hangzhou"))
    })?;
    // The console shows it with the name of the product before it.
    if let Some(plain) = region.strip_prefix("oss-") {
        return Err(ConfigError::new(key, format!("{region:?} is the name of an endpoint"))
            .hint(format!("set {key}={plain}")));
    }
    Ok(Version::V4 { region, product: "oss" })
}

fn build(
    env: &Env,
    side: Side,
    names: Names,
    version: Version,
    prefix: &str,
    tls: TlsOptions,
) -> Result<Store, ConfigError> {
    let endpoint = with_scheme(&env.required(names.endpoint)?, "http");
    // The SDK of Python takes white space off a key, that of Go does not.
    let trims = names.bucket == "ALIYUN_OSS_BUCKET_NAME";
    let region = match &version {
        Version::V4 { region, .. } => region.clone(),
        Version::V1 => String::new(),
    };
    Rest::new(Settings {
        side,
        style: style_of(&endpoint),
        endpoint,
        region,
        bucket: env.required(names.bucket)?,
        prefix: env.text_or(prefix, "")?.trim_matches('/').to_owned(),
        vendor: Oss { key: Key::of(env, &names, trims)?, version },
        names,
        tls,
        must_head: false,
    })
}
