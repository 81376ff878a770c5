//! Where files are kept: a store of objects, or volumes.
//!
//! The api and the plugin daemon have different names for the same things, and sometimes the same name for the same thing:
//! that is said once, for both.

mod alibaba;
mod azure;
mod google;
mod huawei;
mod s3;
mod tencent;
mod volcengine;

use super::{
    APPLICATION_AND_JOBS, DAEMON_AND_BOOTSTRAP, Fact, Source, Source::Constant, Source::Key, Source::Setting,
    Variable, When, When::LocalStorage,
};

/// The sections of the values that describe a store of objects. At most one of them is enabled; without any, files are kept
/// on volumes.
///
/// The api also knows OCI, Supabase and Baidu BOS by their own protocols, and Apache OpenDAL; the plugin daemon knows none
/// of these. All that speaks S3 as well is used by its S3 endpoint.
pub const OBJECT_STORES: &[&str] = &[
    "externalS3",
    "externalAzureBlobStorage",
    "externalOSS",
    "externalGCS",
    "externalCOS",
    "externalOBS",
    "externalTOS",
];

const ALL: &[&str] = &["api", "api-websocket", "worker", "beat", "migrate", "bootstrap", "plugin-daemon"];
const BOOTSTRAP: &[&str] = &["bootstrap"];

const STORAGE_TYPE_DOC: &str = "The kind of store; the api dies at its start if it does not know it.";
const BUCKET_DOC: &str = "The api's bucket.";
const DAEMON_TYPE_DOC: &str = "The daemon's word for the kind of store.";
const DAEMON_BUCKET_DOC: &str = "The daemon's bucket, whatever the kind of store.";

/// What the application reads of the store that this section describes.
const fn api(section: &'static str, name: &'static str, source: Source, doc: &'static str) -> Variable {
    Variable::new(name, APPLICATION_AND_JOBS, source, doc).when(situation(section, source))
}

/// What the plugin daemon reads of it.
const fn daemon(section: &'static str, name: &'static str, source: Source, doc: &'static str) -> Variable {
    Variable::new(name, DAEMON_AND_BOOTSTRAP, source, doc)
        .when(situation(section, source))
        .fact(Fact::DaemonSource)
}

/// What both read by the same name.
const fn both(section: &'static str, name: &'static str, source: Source, doc: &'static str) -> Variable {
    Variable::new(name, ALL, source, doc).when(situation(section, source))
}

/// Keys are told only where no identity takes their place.
const fn situation(section: &'static str, source: Source) -> When {
    match source {
        Key(_) => When::ObjectStoreKeys(section),
        _ => When::ObjectStore(section),
    }
}

/// Every store of objects.
pub(super) const OBJECTS: &[&[Variable]] = &[
    s3::VARIABLES,
    azure::VARIABLES,
    alibaba::VARIABLES,
    google::VARIABLES,
    tencent::VARIABLES,
    huawei::VARIABLES,
    volcengine::VARIABLES,
];

/// Folders on volumes.
pub(super) const VARIABLES: &[Variable] = &[
    Variable::new("STORAGE_TYPE", APPLICATION_AND_JOBS, Constant("opendal"), "Dify's own default.")
        .when(LocalStorage),
    Variable::new("OPENDAL_SCHEME", APPLICATION_AND_JOBS, Constant("fs"), "A folder.").when(LocalStorage),
    Variable::new(
        "OPENDAL_FS_ROOT",
        APPLICATION_AND_JOBS,
        Constant("/app/api/storage"),
        "The folder; a volume is mounted there.",
    )
    .when(LocalStorage),
    Variable::new("PLUGIN_STORAGE_TYPE", DAEMON_AND_BOOTSTRAP, Constant("local"), "A folder.")
        .when(LocalStorage)
        .fact(Fact::DaemonSource),
    Variable::new(
        "PLUGIN_STORAGE_LOCAL_ROOT",
        DAEMON_AND_BOOTSTRAP,
        Constant("/app/storage"),
        "The folder; a volume is mounted there.",
    )
    .when(LocalStorage)
    .fact(Fact::DaemonSource),
];
