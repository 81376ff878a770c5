//! Workers and their queues.

use crate::RELEASE;
use crate::template::Yaml;

use super::{Rule, refuse};

pub(super) const RULES: &[Rule] =
    &[("hasKey .Values.workerPools \"default\"", "workerPools.default: the worker itself has this name")];

/// A queue that nobody takes from hangs without a word, and a pool with a misspelt one idles.
pub(super) fn queues(yaml: &mut Yaml<'_>) {
    yaml.action("$version := regexFind \"^[0-9]+[.][0-9]+[.][0-9]+\" .Values.image.api.tag");
    yaml.action("$taken := .Values.worker.queues");
    yaml.action("range .Values.workerPools");
    yaml.action("$taken = concat $taken .queues");
    yaml.action("end");
    yaml.action("$known := include \"dify.releaseQueues\" . | fromYamlArray");
    yaml.when(&format!("has $version (list \"\" \"{RELEASE}\")"), |yaml| {
        yaml.action("range $queue := $taken");
        refuse_with(
            yaml,
            "not (has $queue (concat $known $.Values.worker.ownQueues))",
            "Dify has no queue %s: correct it in worker.queues or workerPools, or name it in worker.ownQueues",
        );
        yaml.action("end");
        yaml.when(".Values.worker.queues", |yaml| {
            yaml.action("range $queue := $known");
            refuse_with(
                yaml,
                "not (has $queue $taken)",
                "no worker takes tasks from the queue %s: name it in worker.queues or in a pool",
            );
            yaml.action("end");
        });
        yaml.line("{{- else }}");
        refuse(
            yaml,
            "and .Values.workerPools (not .Values.worker.queues)",
            "the queues of this version of Dify are not known here: list those that no pool takes in worker.queues",
        );
    });
}

fn refuse_with(yaml: &mut Yaml<'_>, condition: &str, sentence: &str) {
    yaml.when(condition, |yaml| yaml.line(&format!("{{{{- fail (printf \"{sentence}\" $queue) }}}}")));
}
