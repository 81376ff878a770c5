//! Services: one for each component that listens.

use crate::Error;
use crate::registry::Registry;
use crate::template::File;
use crate::wiring::{component, enabled, host};

use super::{annotated_head, head, try_file};

const SERVED: &[&str] = &[
    "api",
    "web",
    "plugin-daemon",
    "sandbox",
    "ssrf-proxy",
    "agent-backend",
    "local-sandbox",
    "nginx",
    "postgresql",
    "redis",
    "weaviate",
    "qdrant",
];

/// All Services.
pub(super) fn templates(registry: &Registry) -> Result<Vec<File>, Error> {
    SERVED.iter().map(|name| service(registry, name)).collect()
}

fn service(registry: &Registry, name: &str) -> Result<File, Error> {
    let component = component(name)?;
    let front = name == "nginx";
    try_file(registry, name, "service", |yaml| {
        yaml.when_some(enabled(name), |yaml| {
            if front {
                annotated_head(yaml, "v1", "Service", &host(name), name, "service");
            } else {
                head(yaml, "v1", "Service", &host(name), name);
            }
            yaml.map("spec", |yaml| {
                if front {
                    yaml.value("type", "service.type");
                }
                yaml.map("selector", |yaml| {
                    yaml.include("dify.selectorLabels", &format!("(list . \"{name}\")"));
                });
                yaml.map("ports", |yaml| {
                    for port in component.ports {
                        yaml.item(|yaml| {
                            yaml.pair("name", port.name);
                            if front {
                                yaml.value("port", "service.port");
                            } else {
                                yaml.pair("port", port.number.to_string());
                            }
                            yaml.pair("targetPort", port.name);
                            if front {
                                yaml.action("with .Values.service.nodePort");
                                yaml.pair("nodePort", "{{ . }}");
                                yaml.action("end");
                            }
                        });
                    }
                });
            });
        });
        Ok(())
    })
}
