//! The Ingress: to nginx, which knows the paths, or without it straight to the components.

use crate::Error;
use crate::registry::Registry;
use crate::template::{File, Yaml};
use crate::wiring::service_name;

use super::routes::{self, Target};
use super::{annotated_head, try_file};

/// The Ingress.
pub(super) fn template(registry: &Registry) -> Result<File, Error> {
    let targets = routes::targets()?;
    try_file(registry, "edge", "ingress", |yaml| {
        yaml.when(".Values.ingress.enabled", |yaml| {
            annotated_head(
                yaml,
                "networking.k8s.io/v1",
                "Ingress",
                &service_name("nginx"),
                "edge",
                "ingress",
            );
            yaml.map("spec", |yaml| {
                yaml.text("ingressClassName", "ingress.className");
                yaml.fragment("tls", "ingress.tls");
                yaml.map("rules", |yaml| {
                    yaml.action("range .Values.ingress.hosts");
                    yaml.item(|yaml| {
                        yaml.pair("host", "{{ .host | quote }}");
                        yaml.map("http", |yaml| {
                            yaml.map("paths", |yaml| {
                                yaml.either("$.Values.proxy.enabled", to_nginx, |yaml| {
                                    straight(yaml, &targets);
                                });
                            });
                        });
                    });
                    yaml.action("end");
                });
            });
        });
        Ok(())
    })
}

/// The user's own paths, or all of them.
fn to_nginx(yaml: &mut Yaml<'_>) {
    yaml.action("range .paths | default (list (dict \"path\" \"/\" \"pathType\" \"Prefix\"))");
    yaml.item(|yaml| {
        yaml.pair("path", "{{ .path | quote }}");
        yaml.pair("pathType", "{{ .pathType }}");
        backend(yaml, "nginx");
    });
    yaml.action("end");
}

fn straight(yaml: &mut Yaml<'_>, targets: &[Target]) {
    for target in targets {
        let condition = target.condition.map(|condition| condition.replace(".Values", "$.Values"));
        yaml.when_some(condition.as_deref(), |yaml| {
            for route in &target.routes {
                yaml.item(|yaml| {
                    yaml.pair("path", route.path);
                    yaml.pair("pathType", "Prefix");
                    backend(yaml, target.name);
                });
            }
        });
    }
}

fn backend(yaml: &mut Yaml<'_>, name: &str) {
    let service = service_name(name).replace(" . ", " $ ");
    yaml.pair("backend", format!("{{service: {{name: {service}, port: {{name: http}}}}}}"));
}
