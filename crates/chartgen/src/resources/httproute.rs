//! The `HTTPRoute` of a Gateway to nginx, which knows the paths.

use crate::registry::Registry;
use crate::template::File;
use crate::wiring::host;

use super::{annotated_head, file};

/// The route.
pub(super) fn template(registry: &Registry) -> File {
    file(registry, "nginx", "httproute", |yaml| {
        yaml.when(".Values.httpRoute.enabled", |yaml| {
            annotated_head(
                yaml,
                "gateway.networking.k8s.io/v1",
                "HTTPRoute",
                &host("nginx"),
                "nginx",
                "httpRoute",
            );
            yaml.map("spec", |yaml| {
                yaml.map("parentRefs", |yaml| yaml.dump(".Values.httpRoute.parentRefs"));
                yaml.fragment("hostnames", "httpRoute.hostnames");
                yaml.map("rules", |yaml| {
                    yaml.item(|yaml| {
                        yaml.map("backendRefs", |yaml| {
                            yaml.entry(&format!(
                                "{{name: {}, port: {{{{ .Values.service.port }}}}}}",
                                host("nginx")
                            ));
                        });
                        yaml.fragment("filters", "httpRoute.filters");
                        yaml.comment(
                            "Answers are streamed for as long as a model takes: no gateway may cut them off.",
                        );
                        yaml.fragment("timeouts", "httpRoute.timeouts");
                    });
                });
            });
        });
    })
}
