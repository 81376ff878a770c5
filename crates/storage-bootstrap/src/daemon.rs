//! Which `PLUGIN_STORAGE_TYPE` of the plugin daemon is which store. Its variables go by the names that the daemon
//! itself sees.

use preflight::{Check, ConfigError, Env};

use crate::stores::{Task, azure, cos, gcs, local, obs, oss, s3, tos, unknown};

/// The names that the daemon's own list begins with; each has others.
const TYPES: [&str; 9] = [
    "local",
    "aws_s3",
    "azure_blob",
    "aliyun_oss",
    "tencent_cos",
    "gcs",
    "huawei_obs",
    "volcengine_tos",
    "baidu_bos",
];

/// The store of the daemon.
pub(crate) fn resolve(env: &Env, task: &Task) -> Result<Box<dyn Check>, ConfigError> {
    let key = "PLUGIN_STORAGE_TYPE";
    let kind = env.text_or(key, "local")?;
    Ok(match kind.as_str() {
        "local" | "local_file" => task.check(local::daemon(env)?),
        "aws_s3" | "s3" | "aws-s3" => task.check(s3::daemon(env)?),
        "azure_blob" | "azure" | "azure-blob" => task.check(azure::daemon(env)?),
        "gcs" | "google-storage" | "google_storage" => task.check(gcs::daemon(env)?),
        "aliyun_oss" | "aliyun" | "aliyun-oss" => task.check(oss::daemon(env)?),
        "tencent_cos" | "tencent" | "tencent-cos" => task.check(cos::daemon(env)?),
        "huawei_obs" | "huawei" | "huawei-obs" => task.check(obs::daemon(env)?),
        "volcengine_tos" | "volcengine" | "volcengine-tos" => task.check(tos::daemon(env)?),
        "baidu_bos" | "baidu" | "baidu-bos" => {
            let what = format!(
                "{kind:?} cannot be proven: which variables the plugin daemon reads for it is not known"
            );
            return Err(ConfigError::new(key, what)
                .hint("turn the check of the daemon's storage off, or use another kind"));
        }
        other => return Err(unknown(key, other, &TYPES)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_the_folder_of_the_daemon() {
        let store = resolve(&Env::of([]), &Task::for_tests()).unwrap();
        assert_eq!(store.target(), "/app/storage");
    }

    #[test]
    fn a_kind_that_nobody_knows_is_refused_by_name() {
        let env = Env::of([("PLUGIN_STORAGE_TYPE", "opendal")]);
        let error = resolve(&env, &Task::for_tests()).err().unwrap();
        assert!(error.to_string().contains("not known"), "{error}");
    }
}
