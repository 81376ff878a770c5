//! What a schema cannot say: values that contradict each other or miss their counterpart. Renders nothing.

mod application;
mod database;
mod edges;
pub(super) mod extra_env;
mod redis;
mod releases;
mod secrets;
mod storage;
mod vector;
mod worker;

use topology::SHARED_KEYS;

use crate::registry::Registry;
use crate::template::{File, Yaml, is_set};

use super::file;

/// A condition, and the sentence that refuses it.
type Rule = (&'static str, &'static str);

/// A condition, and the secret that must then be given because nobody can make it up.
type Demand = (&'static str, &'static str);

const RULES: &[&[Rule]] = &[
    releases::RULES,
    database::RULES,
    redis::RULES,
    storage::RULES,
    vector::RULES,
    edges::RULES,
    worker::RULES,
    secrets::RULES,
    application::RULES,
];

const DEMANDS: &[&[Demand]] = &[database::DEMANDS, redis::DEMANDS, vector::DEMANDS, application::DEMANDS];

/// What more than one plugin daemon needs.
const DAEMONS: (&str, &str) = (
    "and (gt (int $pods) 1) (not (include \"dify.objectStore\" .))",
    "more than one plugin daemon would corrupt the plugins' folder: enable a store of objects, or keep one",
);

/// The volume that keeps plugins' environments is the folder that one daemon works in.
const KEPT: &str =
    "more than one plugin daemon cannot work in one folder: empty pluginDaemon.workingVolume, or keep one";

/// The template.
pub(super) fn template(registry: &Registry) -> File {
    file(registry, "validation", "validation", |yaml| {
        vector::write(yaml);
        for (condition, sentence) in RULES.iter().copied().flatten() {
            refuse(yaml, condition, sentence);
        }
        storage::write(yaml);
        for (condition, setting) in DEMANDS.iter().copied().flatten() {
            let sentence = format!("{setting} is missing: set its value or its existingSecret.name");
            yaml.when(&condition.replace(" (not (or", "\n    (not (or"), |yaml| {
                refuse(yaml, &format!("not ({})", is_set(setting)), &sentence);
            });
        }
        yaml.when("and .Values.ingress.enabled (not .Values.proxy.enabled)", |yaml| {
            yaml.action("range .Values.ingress.hosts");
            refuse(yaml, ".paths", edges::PATHS);
            yaml.action("end");
        });
        let most = "$pods := ternary .Values.pluginDaemon.autoscaling.maxReplicas .Values.pluginDaemon.replicas \
                    .Values.pluginDaemon.autoscaling.enabled";
        refuse(yaml, vector::MYSQL.0, vector::MYSQL.1);
        yaml.action(most);
        refuse(yaml, DAEMONS.0, DAEMONS.1);
        refuse(yaml, &format!("and (gt (int $pods) 1) ({})", super::deployment::KEPT_PLUGINS), KEPT);
        worker::queues(yaml);
        secrets::published(yaml);
        for key in SHARED_KEYS {
            let path = key.setting;
            refuse(
                yaml,
                &format!("and .Values.{path}.value .Values.{path}.existingSecret.name"),
                &format!("{path} has both a value and an existingSecret: keep one"),
            );
            refuse(
                yaml,
                &format!("and .Values.{path}.existingSecret.key (not .Values.{path}.existingSecret.name)"),
                &format!("{path}.existingSecret has a key but no name"),
            );
        }
        let bus = format!("not ({})", is_set("externalRedis.eventBusUrl"));
        yaml.when(redis::UNVERIFIED, |yaml| refuse(yaml, &bus, redis::UNVERIFIED_BUS));
        // A number without a letter is bytes, with k kilobytes: too little to be compared in megabytes.
        yaml.when("regexMatch \"[mM]$\" .Values.proxy.clientMaxBodySize", |yaml| {
            yaml.action("$most := regexFind \"^[0-9]+\" .Values.proxy.clientMaxBodySize | int");
            for kind in ["file", "image", "video", "audio"] {
                let sentence = format!(
                    "api.uploads.{kind}SizeLimit is more megabytes than proxy.clientMaxBodySize lets through: raise that too"
                );
                refuse(yaml, &format!("gt (int .Values.api.uploads.{kind}SizeLimit) $most"), &sentence);
            }
        });
        let unusable = "not (regexMatch \"^[A-Za-z0-9._~-]*$\" .Values.externalRedis.password.value)";
        yaml.when(unusable, |yaml| {
            let sentence = "externalRedis.password.value has characters that end a URL: \
                            set externalRedis.brokerUrl too, with them percent-encoded";
            refuse(yaml, &format!("not ({})", is_set("externalRedis.brokerUrl")), sentence);
        });
    })
}

/// Ends the render with this sentence if the condition holds.
pub(super) fn refuse(yaml: &mut Yaml<'_>, condition: &str, sentence: &str) {
    // Two lines where one would be too long to read.
    let condition =
        if condition.len() > 120 { condition.replace(" (not", "\n    (not") } else { condition.to_owned() };
    yaml.when(&condition, |yaml| yaml.line(&format!("{{{{- fail \"{sentence}\" }}}}")));
}
