//! `HorizontalPodAutoscaler`s of the components that may have several pods.

use topology::Component;

use crate::Error;
use crate::registry::Registry;
use crate::template::{File, Yaml};
use crate::wiring::{enabled, section};

use super::deployment::workload_name;
use super::validation::refuse;
use super::{file, head, scaled};

/// One for each of them.
pub(super) fn templates(registry: &Registry) -> Result<Vec<File>, Error> {
    Ok(scaled()?.map(|component| autoscaler(registry, component)).collect())
}

fn autoscaler(registry: &Registry, component: &Component) -> File {
    let name = component.name;
    let values = format!("{}.autoscaling", section(name));
    file(registry, name, "horizontalpodautoscaler", |yaml| {
        let condition = both(enabled(name), &format!(".Values.{values}.enabled"));
        yaml.when(&condition, |yaml| {
            contradictions(yaml, &values);
            head(yaml, "autoscaling/v2", "HorizontalPodAutoscaler", &workload_name(name), name);
            yaml.map("spec", |yaml| {
                yaml.map("scaleTargetRef", |yaml| {
                    yaml.pair("apiVersion", "apps/v1");
                    yaml.pair("kind", "Deployment");
                    yaml.pair("name", workload_name(name));
                });
                yaml.value("minReplicas", &format!("{values}.minReplicas"));
                yaml.value("maxReplicas", &format!("{values}.maxReplicas"));
                yaml.map("metrics", |yaml| {
                    for (resource, key) in [("cpu", "targetCPU"), ("memory", "targetMemory")] {
                        yaml.action(&format!("with .Values.{values}.{key}UtilizationPercentage"));
                        yaml.item(|yaml| {
                            yaml.pair("type", "Resource");
                            yaml.map("resource", |yaml| {
                                yaml.pair("name", resource);
                                yaml.pair("target", "{type: Utilization, averageUtilization: {{ . }}}");
                            });
                        });
                        yaml.action("end");
                    }
                });
            });
        });
    })
}

fn contradictions(yaml: &mut Yaml<'_>, path: &str) {
    let [cpu, memory] = ["CPU", "Memory"].map(|of| format!(".Values.{path}.target{of}UtilizationPercentage"));
    yaml.when(&format!("not {cpu}"), |yaml| {
        let sentence = format!("{path} looks at neither CPU nor memory: set one of its targets");
        refuse(yaml, &format!("not {memory}"), &sentence);
    });
    refuse(
        yaml,
        &format!("gt (int .Values.{path}.minReplicas) (int .Values.{path}.maxReplicas)"),
        &format!("{path}.minReplicas is more than {path}.maxReplicas"),
    );
}

fn both(one: Option<&str>, other: &str) -> String {
    match one {
        Some(one) if one.contains(' ') => format!("and ({one}) {other}"),
        Some(one) => format!("and {one} {other}"),
        None => other.to_owned(),
    }
}
