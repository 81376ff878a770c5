//! Alerts on what kube-state-metrics knows of the pods of the release.

use crate::registry::Registry;
use crate::template::{File, Yaml};

use super::{PROMETHEUS, file, labelled_head};

/// An alert, by what kube-state-metrics knows.
struct Alert {
    name: &'static str,
    expression: &'static str,
    /// How long it must be so.
    lasts: &'static str,
    severity: &'static str,
    summary: &'static str,
    /// What to do.
    next: &'static str,
}

const ALERTS: &[Alert] = &[
    Alert {
        name: "DifyPodWaits",
        expression: "max by (namespace, pod, container) (kube_pod_init_container_status_running{PODS}) > 0",
        lasts: "{{ .Values.metrics.prometheusRule.wait }}",
        severity: "warning",
        summary: "POD waits in CONTAINER for what it needs",
        next: "kubectl -n {{ .Release.Namespace }} logs POD -c CONTAINER --tail 1",
    },
    Alert {
        name: "DifyCheckFails",
        expression: "max by (namespace, pod, container) (increase(kube_pod_init_container_status_restarts_total{PODS}[30m])) > 2",
        lasts: "1m",
        severity: "critical",
        summary: "POD cannot start: CONTAINER ends with an error that waiting does not heal",
        next: "kubectl -n {{ .Release.Namespace }} logs POD -c CONTAINER --tail 1",
    },
    Alert {
        name: "DifyMigrationFails",
        expression: "max by (namespace, job_name) (kube_job_status_failed{JOBS}) > 0",
        lasts: "1m",
        severity: "critical",
        summary: "JOB has failed",
        next: "kubectl -n {{ .Release.Namespace }} logs job/JOB --all-containers --tail 20",
    },
    Alert {
        name: "DifyRestarts",
        expression: "max by (namespace, pod, container) (increase(kube_pod_container_status_restarts_total{PODS}[1h])) > 2",
        lasts: "1m",
        severity: "warning",
        summary: "CONTAINER of POD restarts again and again",
        next: "kubectl -n {{ .Release.Namespace }} logs POD -c CONTAINER --previous",
    },
    Alert {
        name: "DifyIsDown",
        expression: "max by (namespace, deployment) (\n  kube_deployment_status_replicas_available{DEPLOYMENTS} == 0\n  \
                     and kube_deployment_spec_replicas{DEPLOYMENTS} > 0\n)",
        lasts: "5m",
        severity: "critical",
        summary: "DEPLOYMENT has no pod that is ready",
        next: "kubectl -n {{ .Release.Namespace }} describe deployment DEPLOYMENT",
    },
];

/// The rule.
pub(super) fn template(registry: &Registry) -> File {
    file(registry, "metrics", "prometheusrule", |yaml| {
        yaml.when(".Values.metrics.prometheusRule.enabled", |yaml| {
            yaml.action("$name := include \"dify.fullname\" .");
            for (name, label) in [("pods", "pod"), ("jobs", "job_name"), ("deployments", "deployment")] {
                let words =
                    format!("printf \"namespace=%q, {label}=~%q\" .Release.Namespace (print $name \"-.*\")");
                yaml.action(&format!("${name} := {words}"));
            }
            let labels = "metrics.prometheusRule.labels";
            labelled_head(yaml, PROMETHEUS, "PrometheusRule", "{{ $name }}", "metrics", labels);
            yaml.map("spec", |yaml| {
                yaml.map("groups", |yaml| {
                    yaml.item(|yaml| {
                        yaml.pair("name", "{{ $name }}");
                        yaml.map("rules", |yaml| {
                            for alert in ALERTS {
                                yaml.item(|yaml| rule(yaml, alert));
                            }
                        });
                    });
                });
            });
        });
    })
}

fn rule(yaml: &mut Yaml<'_>, alert: &Alert) {
    let expression =
        ["pods", "jobs", "deployments"].iter().fold(alert.expression.to_owned(), |text, name| {
            text.replace(&name.to_uppercase(), &format!(" {{{{- ${name} -}}}} "))
        });
    yaml.pair("alert", alert.name);
    yaml.block("expr", &expression);
    yaml.pair("for", alert.lasts);
    yaml.map("labels", |yaml| {
        yaml.pair("severity", alert.severity);
        yaml.more("metrics.prometheusRule.alertLabels");
    });
    yaml.map("annotations", |yaml| {
        yaml.pair("summary", format!("'{}'", told(alert.summary)));
        yaml.pair("description", format!("'{}'", told(alert.next)));
    });
}

/// What Prometheus puts in, in its own braces.
fn told(text: &str) -> String {
    [("POD", "pod"), ("CONTAINER", "container"), ("JOB", "job_name"), ("DEPLOYMENT", "deployment")]
        .iter()
        .fold(text.to_owned(), |text, (word, label)| {
            text.replace(word, &format!("{{{{ \"{{{{ $labels.{label} }}}}\" }}}}"))
        })
}
