//! Pools of workers: the templates of the worker once more for each, with the pool's values in the worker's place.

use topology::queues;

use crate::RELEASE;
use crate::registry::Registry;
use crate::template::{File, Yaml};

use super::file;

/// What each pool has of its own.
const KINDS: [&str; 5] =
    ["deployment", "horizontalpodautoscaler", "poddisruptionbudget", "scaledobject", "triggerauthentication"];

/// Without pools the default worker is told no queues, as the image knows its own, which an upgrade of the image may add to.
const QUEUES: &str = r#"{{/* The queues of a worker: its own, or those that no pool takes. */}}
{{- define "dify.queues" -}}
{{- $queues := .Values.worker.queues -}}
{{- if and .Values.workerPools (not $queues) -}}
{{- $queues = concat (include "dify.releaseQueues" . | fromYamlArray) .Values.worker.ownQueues -}}
{{- range .Values.workerPools -}}
{{- range .queues }}{{ $queues = without $queues . }}{{ end -}}
{{- end -}}
{{- end -}}
{{- join "," $queues -}}
{{- end }}"#;

/// The templates read .Values.worker: there they find the pool, and the worker's own values where the pool says nothing.
const POOL: &str = r#"{{- $worker := mergeOverwrite (deepCopy (index $.Values "worker")) $pool }}
{{- $values := merge (dict "worker" $worker) (omit $.Values "worker") }}
{{- $root := dict "Values" $values "Pool" $name "Release" $.Release "Chart" $.Chart }}
{{- $root = merge $root (dict "Capabilities" $.Capabilities "Template" $.Template) }}"#;

/// The pools.
pub(super) fn template(registry: &Registry) -> File {
    file(registry, "worker", "pools", |yaml| {
        lines(yaml, QUEUES);
        release_queues(yaml);
        yaml.action("range $name, $pool := .Values.workerPools");
        lines(yaml, POOL);
        let kinds: Vec<String> = KINDS.iter().map(|kind| format!("\"{kind}\"")).collect();
        yaml.action(&format!("range list {}", kinds.join(" ")));
        yaml.action("with include (print $.Template.BasePath \"/worker/\" . \".yaml\") $root | trim");
        yaml.line("---");
        yaml.line("{{ . }}");
        yaml.action("end");
        yaml.action("end");
        yaml.action("end");
    })
}

fn lines(yaml: &mut Yaml<'_>, text: &str) {
    for line in text.lines() {
        yaml.line(line);
    }
}

/// The queues of the release, where templates can name them.
fn release_queues(yaml: &mut Yaml<'_>) {
    yaml.line("{{/* The queues that this release of Dify fills. */}}");
    yaml.line("{{- define \"dify.releaseQueues\" }}");
    for queue in queues(RELEASE) {
        yaml.entry(queue.name);
    }
    yaml.line("{{- end }}");
}
