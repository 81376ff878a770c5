//! S3.

use super::{
    Constant, DAEMON_BUCKET_DOC, DAEMON_TYPE_DOC, Fact, Key, Setting, Source::Computed, Variable, api, both,
    daemon,
};

const S: &str = "externalS3";

/// The group's variables.
pub(super) const VARIABLES: &[Variable] = &[
    api(
        S,
        "STORAGE_TYPE",
        Constant("s3"),
        "The api heads the bucket when it starts and dies if nothing answers.",
    )
    .fact(Fact::Measured),
    both(
        S,
        "S3_ENDPOINT",
        Setting("externalS3.endpoint"),
        "Left out for AWS itself: an empty text is refused as an invalid endpoint.",
    )
    .optional()
    .fact(Fact::Measured),
    api(S, "S3_REGION", Setting("externalS3.region"), "The region."),
    api(S, "S3_BUCKET_NAME", Setting("externalS3.bucketName.api"), "The bucket."),
    api(
        S,
        "S3_ADDRESS_STYLE",
        Computed("path or auto"),
        "Whether the bucket stands in the path or in the host name.",
    ),
    both(
        S,
        "S3_USE_AWS_MANAGED_IAM",
        Setting("externalS3.useIAM"),
        "The machine's identity in place of keys.",
    ),
    daemon(S, "PLUGIN_STORAGE_TYPE", Constant("aws_s3"), DAEMON_TYPE_DOC),
    daemon(S, "PLUGIN_STORAGE_OSS_BUCKET", Setting("externalS3.bucketName.pluginDaemon"), DAEMON_BUCKET_DOC),
    daemon(
        S,
        "S3_USE_AWS",
        Computed("true without an endpoint, or with an identity"),
        "Whether it is S3 of AWS: there alone the daemon leaves the endpoint to its SDK and takes the machine's identity.",
    )
    .fact(Fact::DaemonSource),
    daemon(S, "S3_USE_PATH_STYLE", Setting("externalS3.pathStyle"), "As S3_ADDRESS_STYLE, for the daemon."),
    daemon(S, "AWS_REGION", Setting("externalS3.region"), "The region, for the daemon."),
    api(S, "S3_ACCESS_KEY", Key("S3_ACCESS_KEY"), "The access key."),
    api(S, "S3_SECRET_KEY", Key("S3_SECRET_KEY"), "The secret key."),
    daemon(S, "AWS_ACCESS_KEY", Key("S3_ACCESS_KEY"), "The access key, for the daemon."),
    daemon(S, "AWS_SECRET_KEY", Key("S3_SECRET_KEY"), "The secret key, for the daemon."),
];
