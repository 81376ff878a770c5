//! The Ingress to nginx, which knows the paths.

use crate::registry::Registry;
use crate::template::File;
use crate::wiring::host;

use super::{annotated_head, file};

/// The Ingress.
pub(super) fn template(registry: &Registry) -> File {
    file(registry, "nginx", "ingress", |yaml| {
        yaml.when(".Values.ingress.enabled", |yaml| {
            annotated_head(yaml, "networking.k8s.io/v1", "Ingress", &host("nginx"), "nginx", "ingress");
            yaml.map("spec", |yaml| {
                yaml.action("with .Values.ingress.className");
                yaml.pair("ingressClassName", "{{ . }}");
                yaml.action("end");
                yaml.fragment("tls", "ingress.tls");
                yaml.map("rules", |yaml| {
                    yaml.action("range .Values.ingress.hosts");
                    yaml.item(|yaml| {
                        yaml.pair("host", "{{ .host | quote }}");
                        yaml.map("http", |yaml| {
                            yaml.map("paths", |yaml| {
                                yaml.action("range .paths");
                                yaml.item(|yaml| {
                                    yaml.pair("path", "{{ .path }}");
                                    yaml.pair("pathType", "{{ .pathType }}");
                                    yaml.map("backend", |yaml| {
                                        yaml.map("service", |yaml| {
                                            yaml.pair("name", "{{ include \"dify.fullname\" $ }}");
                                            yaml.map("port", |yaml| yaml.pair("name", "http"));
                                        });
                                    });
                                });
                                yaml.action("end");
                            });
                        });
                    });
                    yaml.action("end");
                });
            });
        });
    })
}
