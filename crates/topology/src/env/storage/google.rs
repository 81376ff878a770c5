//! Google Cloud Storage.

use super::{
    BOOTSTRAP, BUCKET_DOC, Constant, DAEMON_BUCKET_DOC, DAEMON_TYPE_DOC, Fact, Key, Setting, Variable, When,
    api, daemon,
};

const S: &str = "externalGCS";

/// The group's variables.
pub(super) const VARIABLES: &[Variable] = &[
    api(
        S,
        "STORAGE_TYPE",
        Constant("google-storage"),
        "The api dies at its start if it finds neither a key nor the identity of the pod.",
    )
    .fact(Fact::Measured),
    api(S, "GOOGLE_STORAGE_BUCKET_NAME", Setting("externalGCS.bucketName.api"), BUCKET_DOC),
    daemon(S, "PLUGIN_STORAGE_TYPE", Constant("gcs"), DAEMON_TYPE_DOC),
    daemon(S, "PLUGIN_STORAGE_OSS_BUCKET", Setting("externalGCS.bucketName.pluginDaemon"), DAEMON_BUCKET_DOC),
    Variable::new(
        "GOOGLE_CLOUD_PROJECT",
        BOOTSTRAP,
        Setting("externalGCS.project"),
        "The project in which missing buckets are made.",
    )
    .when(When::ObjectStore(S))
    .optional()
    .fact(Fact::Preflight),
    api(
        S,
        "GOOGLE_STORAGE_SERVICE_ACCOUNT_JSON_BASE64",
        Key("GOOGLE_STORAGE_SERVICE_ACCOUNT_JSON_BASE64"),
        "The JSON file of a service account's key, in base64; unset it is the identity of the pod.",
    ),
    daemon(
        S,
        "GCS_CREDENTIALS",
        Key("GOOGLE_STORAGE_SERVICE_ACCOUNT_JSON_BASE64"),
        "The same, for the daemon.",
    ),
];
