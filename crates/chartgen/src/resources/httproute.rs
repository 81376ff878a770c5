//! The `HTTPRoute` of a Gateway: to nginx, which knows the paths, or without it straight to the components.

use crate::Error;
use crate::registry::Registry;
use crate::template::{File, Yaml};
use crate::wiring::service_name;

use super::routes::{self, Target};
use super::{annotated_head, try_file};

/// The route.
pub(super) fn template(registry: &Registry) -> Result<File, Error> {
    let targets = routes::targets()?;
    try_file(registry, "edge", "httproute", |yaml| {
        yaml.when(".Values.httpRoute.enabled", |yaml| {
            annotated_head(
                yaml,
                "gateway.networking.k8s.io/v1",
                "HTTPRoute",
                &service_name("nginx"),
                "edge",
                "httpRoute",
            );
            yaml.map("spec", |yaml| {
                yaml.map("parentRefs", |yaml| yaml.dump(".Values.httpRoute.parentRefs"));
                yaml.fragment("hostnames", "httpRoute.hostnames");
                yaml.map("rules", |yaml| {
                    yaml.more("httpRoute.additionalRules");
                    yaml.either(
                        ".Values.proxy.enabled",
                        |yaml| {
                            yaml.item(|yaml| rest(yaml, "nginx", "{{ .Values.service.port }}"));
                        },
                        |yaml| straight(yaml, &targets),
                    );
                });
            });
        });
        Ok(())
    })
}

fn straight(yaml: &mut Yaml<'_>, targets: &[Target]) {
    for target in targets {
        yaml.when_some(target.condition, |yaml| {
            yaml.item(|yaml| {
                yaml.map("matches", |yaml| {
                    for route in &target.routes {
                        yaml.entry(&format!("path: {{type: PathPrefix, value: {}}}", route.path));
                    }
                });
                rest(yaml, target.name, &target.port.to_string());
            });
        });
    }
}

/// What follows the matches of a rule.
fn rest(yaml: &mut Yaml<'_>, name: &str, port: &str) {
    yaml.map("backendRefs", |yaml| yaml.entry(&format!("{{name: {}, port: {port}}}", service_name(name))));
    yaml.fragment("filters", "httpRoute.filters");
    yaml.comment("Answers are streamed for as long as a model takes: no gateway may cut them off.");
    yaml.fragment("timeouts", "httpRoute.timeouts");
}
