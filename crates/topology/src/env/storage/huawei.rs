//! Huawei Cloud OBS.

use super::{
    BUCKET_DOC, Constant, DAEMON_BUCKET_DOC, DAEMON_TYPE_DOC, Key, STORAGE_TYPE_DOC, Setting, Variable, api,
    both, daemon,
};

const S: &str = "externalOBS";

/// The group's variables.
pub(super) const VARIABLES: &[Variable] = &[
    api(S, "STORAGE_TYPE", Constant("huawei-obs"), STORAGE_TYPE_DOC),
    both(S, "HUAWEI_OBS_SERVER", Setting("externalOBS.endpoint"), "The endpoint of the region."),
    api(S, "HUAWEI_OBS_BUCKET_NAME", Setting("externalOBS.bucketName.api"), BUCKET_DOC),
    both(
        S,
        "HUAWEI_OBS_PATH_STYLE",
        Setting("externalOBS.pathStyle"),
        "Whether the bucket stands in the path or in the host name.",
    )
    .since("1.16.1"),
    daemon(S, "PLUGIN_STORAGE_TYPE", Constant("huawei_obs"), DAEMON_TYPE_DOC),
    daemon(S, "PLUGIN_STORAGE_OSS_BUCKET", Setting("externalOBS.bucketName.pluginDaemon"), DAEMON_BUCKET_DOC),
    both(S, "HUAWEI_OBS_ACCESS_KEY", Key("HUAWEI_OBS_ACCESS_KEY"), "The access key."),
    both(S, "HUAWEI_OBS_SECRET_KEY", Key("HUAWEI_OBS_SECRET_KEY"), "The secret key."),
];
