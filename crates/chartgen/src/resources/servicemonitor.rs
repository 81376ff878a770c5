//! Whom the Prometheus Operator asks for metrics.

use crate::Error;
use crate::registry::Registry;
use crate::template::File;
use crate::wiring::enabled;

use super::deployment::object_name;
use super::{PROMETHEUS, labelled_head, try_file};

/// Who has metrics, and under which path. The plugin daemon: `internal/server/http_server.go`, since its 0.5.7; without the
/// slash it answers with a redirection.
const PATHS: [(&str, &str); 2] = [("plugin-daemon", "/metrics/"), ("qdrant", "/metrics")];

/// One for each component that has metrics.
pub(super) fn templates(registry: &Registry) -> Result<Vec<File>, Error> {
    PATHS.iter().map(|(component, path)| service_monitor(registry, component, path)).collect()
}

fn service_monitor(registry: &Registry, component: &'static str, path: &str) -> Result<File, Error> {
    let runs = enabled(component).unwrap_or("true");
    let runs = if runs.contains(' ') { format!("({runs})") } else { runs.to_owned() };
    let condition = format!("and .Values.metrics.serviceMonitor.enabled {runs}");
    let key =
        topology::shared_key("QDRANT_API_KEY").ok_or_else(|| Error::Unknown("Qdrant's key".to_owned()))?;
    try_file(registry, component, "servicemonitor", |yaml| {
        yaml.when(&condition, |yaml| {
            let labels = "metrics.serviceMonitor.labels";
            labelled_head(yaml, PROMETHEUS, "ServiceMonitor", &object_name(component), component, labels);
            yaml.map("spec", |yaml| {
                yaml.map("selector", |yaml| {
                    yaml.map("matchLabels", |yaml| {
                        yaml.include("dify.selectorLabels", &format!("(list . \"{component}\")"));
                    });
                });
                yaml.map("endpoints", |yaml| {
                    yaml.item(|yaml| {
                        yaml.pair("port", "http");
                        yaml.pair("path", path);
                        yaml.value("interval", "metrics.serviceMonitor.interval");
                        yaml.value("scrapeTimeout", "metrics.serviceMonitor.scrapeTimeout");
                        if component == "qdrant" {
                            let secret = format!("(list . \"{}\" .Values.{})", key.name, key.setting);
                            yaml.action(&format!("$key := include \"dify.secretRef\" {secret} | fromYaml"));
                            yaml.map("authorization", |yaml| {
                                yaml.map("credentials", |yaml| yaml.dump("$key.secretKeyRef"));
                            });
                        }
                    });
                });
            });
        });
        Ok(())
    })
}
