//! Where files are kept.

use topology::OBJECT_STORES;

use super::{Rule, refuse};
use crate::template::{Yaml, is_set};
use crate::wiring::{self, OBJECT_STORE};

pub(super) const RULES: &[Rule] = &[
    (
        "and .Values.externalAzureBlobStorage.enabled (not .Values.externalAzureBlobStorage.useManagedIdentity) \
         (not .Values.externalAzureBlobStorage.account)",
        "externalAzureBlobStorage.enabled is true: set externalAzureBlobStorage.account",
    ),
    (
        "and .Values.externalOSS.enabled (eq .Values.externalOSS.authVersion \"v4\") (not .Values.externalOSS.region)",
        "externalOSS.authVersion is v4: set externalOSS.region",
    ),
    (
        "and .Values.externalCOS.enabled (not (regexMatch \"-[0-9]+$\" .Values.externalCOS.bucketName.api))",
        "externalCOS.bucketName.api lacks the number of the account at its end, as in dify-1250000000",
    ),
    (
        "and .Values.externalCOS.enabled (not (regexMatch \"-[0-9]+$\" .Values.externalCOS.bucketName.pluginDaemon))",
        "externalCOS.bucketName.pluginDaemon lacks the number of the account at its end, as in dify-1250000000",
    ),
];

/// What each store cannot do without, beside its keys.
const NEEDED: &[(&str, &str)] = &[
    ("externalAzureBlobStorage", "url"),
    ("externalOSS", "endpoint"),
    ("externalCOS", "region"),
    ("externalOBS", "endpoint"),
    ("externalTOS", "endpoint"),
    ("externalTOS", "region"),
];

/// What follows from lists: one store at most, none without its address or its keys.
pub(super) fn write(yaml: &mut Yaml<'_>) {
    yaml.when(&format!("contains \" and \" ({OBJECT_STORE})"), |yaml| {
        yaml.action(&format!(
            "fail (printf \"%s are enabled: Dify keeps files in one store\" ({OBJECT_STORE}))"
        ));
    });
    for (section, key) in NEEDED {
        let condition = format!("and .Values.{section}.enabled (not .Values.{section}.{key})");
        refuse(yaml, &condition, &format!("{section}.enabled is true: set {section}.{key}"));
    }
    for section in ["api", "worker"] {
        yaml.action(&format!(
            "${section} := ternary .Values.{section}.autoscaling.maxReplicas .Values.{section}.replicas \
             .Values.{section}.autoscaling.enabled"
        ));
    }
    yaml.when("eq .Values.api.persistence.accessMode \"ReadWriteOnce\"", |yaml| {
        let several = format!("and ({}) (or (gt (int $api) 1) (gt (int $worker) 1))", wiring::ON_VOLUMES);
        refuse(yaml, &several, ONE_NODE);
    });
    for section in OBJECT_STORES {
        yaml.when(&wiring::with_keys(section), |yaml| {
            for setting in wiring::key_settings(section) {
                let condition = match setting {
                    // It can be put together from a literal key.
                    AZURE_CONNECTION => {
                        format!("not (or .Values.{AZURE_KEY}.value\n    ({}))", is_set(setting))
                    }
                    _ => format!("not ({})", is_set(setting)),
                };
                let sentence = format!("{setting} is missing: set its value or its existingSecret.name");
                refuse(yaml, &condition, &sentence);
            }
        });
    }
}

const ONE_NODE: &str =
    "several pods of api or worker need api.persistence.accessMode ReadWriteMany, or a store of objects";

const AZURE_KEY: &str = "externalAzureBlobStorage.key";
const AZURE_CONNECTION: &str = "externalAzureBlobStorage.connectionString";
