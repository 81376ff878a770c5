//! Tencent Cloud COS.

use super::{
    BUCKET_DOC, Constant, DAEMON_BUCKET_DOC, DAEMON_TYPE_DOC, Fact, Key, Setting, Variable, api, both, daemon,
};

const S: &str = "externalCOS";

/// The group's variables.
pub(super) const VARIABLES: &[Variable] = &[
    api(
        S,
        "STORAGE_TYPE",
        Constant("tencent-cos"),
        "The api dies at its start if the region is not spelt as one.",
    )
    .fact(Fact::Measured),
    both(S, "TENCENT_COS_REGION", Setting("externalCOS.region"), "The region."),
    api(S, "TENCENT_COS_BUCKET_NAME", Setting("externalCOS.bucketName.api"), BUCKET_DOC),
    api(
        S,
        "TENCENT_COS_SCHEME",
        Setting("externalCOS.scheme"),
        "https or http; the daemon always takes https.",
    ),
    daemon(S, "PLUGIN_STORAGE_TYPE", Constant("tencent_cos"), DAEMON_TYPE_DOC),
    daemon(S, "PLUGIN_STORAGE_OSS_BUCKET", Setting("externalCOS.bucketName.pluginDaemon"), DAEMON_BUCKET_DOC),
    both(S, "TENCENT_COS_SECRET_ID", Key("TENCENT_COS_SECRET_ID"), "The id of the key."),
    both(S, "TENCENT_COS_SECRET_KEY", Key("TENCENT_COS_SECRET_KEY"), "The key."),
];
