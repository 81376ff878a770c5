//! Alibaba Cloud OSS.

use super::{
    BUCKET_DOC, Constant, DAEMON_BUCKET_DOC, DAEMON_TYPE_DOC, Key, STORAGE_TYPE_DOC, Setting, Variable, api,
    both, daemon,
};

const S: &str = "externalOSS";

/// The group's variables.
pub(super) const VARIABLES: &[Variable] = &[
    api(S, "STORAGE_TYPE", Constant("aliyun-oss"), STORAGE_TYPE_DOC),
    both(S, "ALIYUN_OSS_ENDPOINT", Setting("externalOSS.endpoint"), "The endpoint of the region."),
    both(
        S,
        "ALIYUN_OSS_REGION",
        Setting("externalOSS.region"),
        "The region, which goes into signatures of version 4.",
    )
    .optional(),
    api(S, "ALIYUN_OSS_BUCKET_NAME", Setting("externalOSS.bucketName.api"), BUCKET_DOC),
    both(
        S,
        "ALIYUN_OSS_AUTH_VERSION",
        Setting("externalOSS.authVersion"),
        "Unset it is v1 in the api and v4 in the daemon.",
    ),
    both(S, "ALIYUN_OSS_PATH", Setting("externalOSS.path"), "What every object's name begins with.")
        .optional(),
    api(S, "ALIYUN_CLOUDBOX_ID", Setting("externalOSS.cloudBoxId"), "The cloud box.")
        .optional()
        .since("1.16.1"),
    daemon(S, "ALIYUN_OSS_CLOUDBOX_ID", Setting("externalOSS.cloudBoxId"), "The cloud box, for the daemon.")
        .optional()
        .since("1.16.1"),
    daemon(S, "PLUGIN_STORAGE_TYPE", Constant("aliyun_oss"), DAEMON_TYPE_DOC),
    daemon(S, "PLUGIN_STORAGE_OSS_BUCKET", Setting("externalOSS.bucketName.pluginDaemon"), DAEMON_BUCKET_DOC),
    api(S, "ALIYUN_OSS_ACCESS_KEY", Key("ALIYUN_OSS_ACCESS_KEY"), "The access key's id."),
    api(S, "ALIYUN_OSS_SECRET_KEY", Key("ALIYUN_OSS_SECRET_KEY"), "The access key's secret."),
    daemon(
        S,
        "ALIYUN_OSS_ACCESS_KEY_ID",
        Key("ALIYUN_OSS_ACCESS_KEY"),
        "The access key's id, for the daemon.",
    ),
    daemon(
        S,
        "ALIYUN_OSS_ACCESS_KEY_SECRET",
        Key("ALIYUN_OSS_SECRET_KEY"),
        "The access key's secret, for the daemon.",
    ),
];
