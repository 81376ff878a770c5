//! Volumes for files.

use super::Rule::{By, Dropped, To};
use crate::migrate::carry;

const MOUNT_PATH: super::Rule = Dropped("the place inside the container is fixed");

pub(super) const RULES: super::Rules = &[
    ("api.persistence.mountPath", MOUNT_PATH),
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
    ("api.persistence.persistentVolumeClaim.subPath", To("api.persistence.subPath")),
    ("pluginDaemon.persistence.mountPath", MOUNT_PATH),
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
    ("pluginDaemon.persistence.persistentVolumeClaim.subPath", To("pluginDaemon.persistence.subPath")),
];
