//! `PodDisruptionBudget`s of the components that may have several pods.

use topology::Component;

use crate::Error;
use crate::registry::Registry;
use crate::template::File;
use crate::wiring::{enabled, section};

use super::deployment::workload_name;
use super::{file, head, pod, scaled};

/// One for each of them.
pub(super) fn templates(registry: &Registry) -> Result<Vec<File>, Error> {
    Ok(scaled()?.map(|component| budget(registry, component)).collect())
}

/// One pod has no budget: it would hold up every drain of its node for ever.
fn budget(registry: &Registry, component: &Component) -> File {
    let name = component.name;
    let values = section(name);
    file(registry, name, "poddisruptionbudget", |yaml| {
        yaml.when_some(enabled(name), |yaml| {
            yaml.action(&format!("$scaling := .Values.{values}.autoscaling"));
            yaml.action(&format!(
                "$pods := ternary $scaling.minReplicas .Values.{values}.replicas $scaling.enabled"
            ));
            if name == "worker" {
                yaml.when(".Values.worker.keda.enabled", |yaml| {
                    yaml.action("$pods = .Values.worker.keda.minReplicas");
                });
            }
            yaml.when(
                &format!("and .Values.{values}.podDisruptionBudget.enabled (gt (int $pods) 1)"),
                |yaml| {
                    head(yaml, "policy/v1", "PodDisruptionBudget", &workload_name(name), name);
                    yaml.map("spec", |yaml| {
                        yaml.value("maxUnavailable", &format!("{values}.podDisruptionBudget.maxUnavailable"));
                        yaml.map("selector", |yaml| {
                            yaml.map("matchLabels", |yaml| pod::selector(yaml, name));
                        });
                    });
                },
            );
        });
    })
}
