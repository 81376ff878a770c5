//! Which `STORAGE_TYPE` of the api, its workers and the scheduler is which store.

use preflight::{Check, ConfigError, Env};

use crate::stores::{
    Task, azure, baidu, cos, gcs, local, obs, oci, oss, s3, supabase, tos, unknown, unsupported,
};

/// What `STORAGE_TYPE` may be.
const TYPES: [&str; 13] = [
    "opendal",
    "local",
    "s3",
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

/// What `OPENDAL_SCHEME` may be: those that are proven, then the others that OpenDAL has.
const SCHEMES: [&str; 35] = [
    "fs",
    "s3",
    "gcs",
    "azblob",
    "oss",
    "obs",
    "cos",
    "tos",
    "azdls",
    "azfile",
    "b2",
    "dropbox",
    "ftp",
    "gdrive",
    "hdfs",
    "http",
    "huggingface",
    "ipfs",
    "koofr",
    "memory",
    "mongodb",
    "mysql",
    "onedrive",
    "pcloud",
    "postgresql",
    "redis",
    "seafile",
    "sftp",
    "sqlite",
    "swift",
    "upyun",
    "vercel-blob",
    "webdav",
    "webhdfs",
    "yandex-disk",
];
/// How many of them are proven.
const PROVEN: usize = 8;

/// The store of the api.
pub(crate) fn resolve(env: &Env, task: &Task) -> Result<Box<dyn Check>, ConfigError> {
    let key = "STORAGE_TYPE";
    let kind = env.text_or(key, "opendal")?;
    Ok(match kind.as_str() {
        "opendal" => return opendal(env, task),
        "local" => task.check(local::api(env)?),
        "s3" => task.check(s3::api(env)?),
        "azure-blob" => task.check(azure::api(env)?),
        "google-storage" => task.check(gcs::api(env)?),
        "aliyun-oss" => task.check(oss::api(env)?),
        "tencent-cos" => task.check(cos::api(env)?),
        "huawei-obs" => task.check(obs::api(env)?),
        "volcengine-tos" => task.check(tos::api(env)?),
        "oci-storage" => task.check(oci::api(env)?),
        "supabase" => task.check(supabase::api(env)?),
        "baidu-obs" => task.check(baidu::api(env)?),
        known if TYPES.contains(&known) => return Err(unsupported(key, known)),
        other => return Err(unknown(key, other, &TYPES)),
    })
}

/// Dify 1.x hands every `OPENDAL_<SCHEME>_<KEY>` to Apache OpenDAL.
fn opendal(env: &Env, task: &Task) -> Result<Box<dyn Check>, ConfigError> {
    let key = "OPENDAL_SCHEME";
    let scheme = env.text_or(key, "fs")?;
    Ok(match scheme.as_str() {
        "fs" => task.check(local::opendal(env)?),
        "s3" => task.check(s3::opendal(env)?),
        "azblob" => task.check(azure::opendal(env)?),
        "gcs" => task.check(gcs::opendal(env)?),
        "oss" => task.check(oss::opendal(env)?),
        "cos" => task.check(cos::opendal(env)?),
        "obs" => task.check(obs::opendal(env)?),
        "tos" => task.check(tos::opendal(env)?),
        known if SCHEMES.contains(&known) => return Err(unsupported(key, known)),
        other => return Err(unknown(key, other, &SCHEMES[..PROVEN])),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved<const N: usize>(pairs: [(&str, &str); N]) -> Result<Box<dyn Check>, ConfigError> {
        resolve(&Env::of(pairs), &Task::for_tests())
    }

    fn fault<const N: usize>(pairs: [(&str, &str); N]) -> String {
        resolved(pairs).err().unwrap().to_string()
    }

    #[test]
    fn the_default_is_a_folder_of_the_api_image() {
        assert_eq!(resolved([]).unwrap().target(), "/app/api/storage");
    }

    #[test]
    fn a_kind_that_nobody_knows_is_refused_by_name() {
        assert!(fault([("STORAGE_TYPE", "ftp")]).contains("is not known"));
        assert!(fault([("OPENDAL_SCHEME", "")]).contains("OPENDAL_SCHEME"));
    }
}
