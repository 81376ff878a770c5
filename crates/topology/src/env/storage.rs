//! Where files are kept.

use super::{
    APPLICATION_AND_JOBS, DAEMON_AND_BOOTSTRAP, Fact, Source::Computed, Source::Constant, Source::Key,
    Source::Setting, Variable, When::LocalStorage, When::S3, When::S3Keys,
};

const ALL: &[&str] = &["api", "api-websocket", "worker", "beat", "migrate", "bootstrap", "plugin-daemon"];

/// The group's variables.
pub(super) const VARIABLES: &[Variable] = &[
    Variable::new(
        "STORAGE_TYPE",
        APPLICATION_AND_JOBS,
        Constant("s3"),
        "The api heads the bucket when it starts and dies if nothing answers.",
    )
    .when(S3)
    .fact(Fact::Measured),
    Variable::new(
        "S3_ENDPOINT",
        ALL,
        Setting("externalS3.endpoint"),
        "Left out for AWS itself: an empty text is refused as an invalid endpoint.",
    )
    .when(S3)
    .optional()
    .fact(Fact::Measured),
    Variable::new("S3_REGION", APPLICATION_AND_JOBS, Setting("externalS3.region"), "The region.").when(S3),
    Variable::new(
        "S3_BUCKET_NAME",
        APPLICATION_AND_JOBS,
        Setting("externalS3.bucketName.api"),
        "The bucket.",
    )
    .when(S3),
    Variable::new(
        "S3_ADDRESS_STYLE",
        APPLICATION_AND_JOBS,
        Computed("path or auto"),
        "Whether the bucket stands in the path or in the host name.",
    )
    .when(S3),
    Variable::new(
        "S3_USE_AWS_MANAGED_IAM",
        ALL,
        Setting("externalS3.useIAM"),
        "The machine's identity in place of keys.",
    )
    .when(S3),
    Variable::new(
        "PLUGIN_STORAGE_TYPE",
        DAEMON_AND_BOOTSTRAP,
        Constant("aws_s3"),
        "The daemon's word for S3.",
    )
    .when(S3)
    .fact(Fact::DaemonSource),
    Variable::new(
        "PLUGIN_STORAGE_OSS_BUCKET",
        DAEMON_AND_BOOTSTRAP,
        Setting("externalS3.bucketName.pluginDaemon"),
        "The daemon's bucket.",
    )
    .when(S3)
    .fact(Fact::DaemonSource),
    Variable::new(
        "S3_USE_AWS",
        DAEMON_AND_BOOTSTRAP,
        Constant("false"),
        "The daemon's default is true and is meant for AWS alone.",
    )
    .when(S3)
    .fact(Fact::Compose),
    Variable::new(
        "S3_USE_PATH_STYLE",
        DAEMON_AND_BOOTSTRAP,
        Setting("externalS3.pathStyle"),
        "As S3_ADDRESS_STYLE, for the daemon.",
    )
    .when(S3)
    .fact(Fact::DaemonSource),
    Variable::new(
        "AWS_REGION",
        DAEMON_AND_BOOTSTRAP,
        Setting("externalS3.region"),
        "The region, for the daemon.",
    )
    .when(S3)
    .fact(Fact::DaemonSource),
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
    Variable::new("S3_ACCESS_KEY", APPLICATION_AND_JOBS, Key("S3_ACCESS_KEY"), "The access key.")
        .when(S3Keys),
    Variable::new("S3_SECRET_KEY", APPLICATION_AND_JOBS, Key("S3_SECRET_KEY"), "The secret key.")
        .when(S3Keys),
    Variable::new(
        "AWS_ACCESS_KEY",
        DAEMON_AND_BOOTSTRAP,
        Key("S3_ACCESS_KEY"),
        "The access key, for the daemon.",
    )
    .when(S3Keys)
    .fact(Fact::DaemonSource),
    Variable::new(
        "AWS_SECRET_KEY",
        DAEMON_AND_BOOTSTRAP,
        Key("S3_SECRET_KEY"),
        "The secret key, for the daemon.",
    )
    .when(S3Keys)
    .fact(Fact::DaemonSource),
];
