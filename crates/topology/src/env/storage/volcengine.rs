//! Volcengine TOS.

use super::{
    BUCKET_DOC, Constant, DAEMON_BUCKET_DOC, DAEMON_TYPE_DOC, Key, Setting, Variable, api, both, daemon,
};

const S: &str = "externalTOS";

/// The group's variables.
pub(super) const VARIABLES: &[Variable] = &[
    api(
        S,
        "STORAGE_TYPE",
        Constant("volcengine-tos"),
        "The api dies at its start if any of the store's variables is missing.",
    ),
    both(S, "VOLCENGINE_TOS_ENDPOINT", Setting("externalTOS.endpoint"), "The endpoint of the region."),
    both(S, "VOLCENGINE_TOS_REGION", Setting("externalTOS.region"), "The region."),
    api(S, "VOLCENGINE_TOS_BUCKET_NAME", Setting("externalTOS.bucketName.api"), BUCKET_DOC),
    daemon(S, "PLUGIN_STORAGE_TYPE", Constant("volcengine_tos"), DAEMON_TYPE_DOC),
    daemon(S, "PLUGIN_STORAGE_OSS_BUCKET", Setting("externalTOS.bucketName.pluginDaemon"), DAEMON_BUCKET_DOC),
    both(S, "VOLCENGINE_TOS_ACCESS_KEY", Key("VOLCENGINE_TOS_ACCESS_KEY"), "The access key."),
    both(S, "VOLCENGINE_TOS_SECRET_KEY", Key("VOLCENGINE_TOS_SECRET_KEY"), "The secret key."),
];
