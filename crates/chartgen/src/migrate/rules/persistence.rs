//! Volumes for files.

use super::Rule::{By, Dropped, Refused, To};
use crate::migrate::carry;

const MOUNT_PATH: super::Rule = Dropped("the place inside the container is fixed");
const SUB_PATH: super::Rule = Refused(
    "the chart mounts the whole volume: move the files of the folder to its root, or to a volume of their own",
);
const ANNOTATIONS: super::Rule = Dropped("the chart's claims are kept when the release is removed");

pub(super) const RULES: super::Rules = &[
    ("api.persistence.mountPath", MOUNT_PATH),
    ("api.persistence.annotations", ANNOTATIONS),
    ("api.persistence.persistentVolumeClaim.existingClaim", To("api.persistence.existingClaim")),
    (
        "api.persistence.persistentVolumeClaim.storageClass",
        By(carry::storage_class, "it is now api.persistence.storageClass"),
    ),
    (
        "api.persistence.persistentVolumeClaim.accessModes",
        By(carry::access_mode, "it is now api.persistence.accessMode"),
    ),
    ("api.persistence.persistentVolumeClaim.size", To("api.persistence.size")),
    ("api.persistence.persistentVolumeClaim.subPath", SUB_PATH),
    ("pluginDaemon.persistence.mountPath", MOUNT_PATH),
    ("pluginDaemon.persistence.annotations", ANNOTATIONS),
    (
        "pluginDaemon.persistence.persistentVolumeClaim.existingClaim",
        To("pluginDaemon.persistence.existingClaim"),
    ),
    (
        "pluginDaemon.persistence.persistentVolumeClaim.storageClass",
        By(carry::storage_class, "it is now pluginDaemon.persistence.storageClass"),
    ),
    (
        "pluginDaemon.persistence.persistentVolumeClaim.accessModes",
        By(carry::access_mode, "it is now pluginDaemon.persistence.accessMode"),
    ),
    ("pluginDaemon.persistence.persistentVolumeClaim.size", To("pluginDaemon.persistence.size")),
    ("pluginDaemon.persistence.persistentVolumeClaim.subPath", SUB_PATH),
];
