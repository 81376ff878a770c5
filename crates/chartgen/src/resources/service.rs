//! Services: one for each component that listens.

use topology::{Component, Port};

use crate::Error;
use crate::registry::Registry;
use crate::template::{File, Yaml};
use crate::wiring::{enabled, section, service_name};

use super::{components, head, pod, try_file};

/// All Services.
pub(super) fn templates(registry: &Registry) -> Result<Vec<File>, Error> {
    let listening = |component: &&Component| !component.ports.is_empty();
    components()?.iter().filter(listening).map(|component| service(registry, component)).collect()
}

fn service(registry: &Registry, component: &Component) -> Result<File, Error> {
    let name = component.name;
    let front = name == "nginx";
    let settings = settings_of(registry, name);
    try_file(registry, name, "service", |yaml| {
        yaml.when_some(enabled(name), |yaml| {
            service_head(yaml, name, settings.as_deref());
            yaml.map("spec", |yaml| {
                if front {
                    exposure(yaml);
                } else if let Some(settings) = &settings {
                    yaml.text("clusterIP", &format!("{settings}.clusterIP"));
                }
                if name == "api-websocket" {
                    yaml.comment("A session that begins with plain requests must stay with the pod that it began with.");
                    yaml.pair("sessionAffinity", "ClientIP");
                }
                yaml.map("selector", |yaml| {
                    yaml.include("dify.selectorLabels", &format!("(list . \"{name}\")"));
                });
                yaml.map("ports", |yaml| {
                    for port in component.ports {
                        yaml.item(|yaml| if front { front_port(yaml, port) } else { own_port(yaml, port) });
                    }
                });
            });
        });
        Ok(())
    })
}

/// The values of a component's Service. That of nginx is the installation's own; those of stores have none.
fn settings_of(registry: &Registry, component: &str) -> Option<String> {
    if component == "nginx" {
        return Some("service".to_owned());
    }
    let settings = format!("{}.service", section(component));
    registry.get(&format!("{settings}.labels")).map(|_| settings)
}

fn service_head(yaml: &mut Yaml<'_>, component: &str, settings: Option<&str>) {
    let Some(settings) = settings else {
        return head(yaml, "v1", "Service", &service_name(component), component);
    };
    yaml.pair("apiVersion", "v1");
    yaml.pair("kind", "Service");
    yaml.map("metadata", |yaml| {
        yaml.pair("name", service_name(component));
        yaml.pair("namespace", "{{ .Release.Namespace | quote }}");
        yaml.map("labels", |yaml| {
            yaml.include("dify.labels", &format!("(list . \"{component}\" .Values.{settings}.labels)"));
        });
        yaml.fragment_of(
            "annotations",
            &pod::merged(&format!("{settings}.annotations"), "commonAnnotations"),
        );
    });
}

/// How it is reached from outside.
fn exposure(yaml: &mut Yaml<'_>) {
    yaml.value("type", "service.type");
    yaml.text("clusterIP", "service.clusterIP");
    yaml.text("loadBalancerClass", "service.loadBalancerClass");
    yaml.text("loadBalancerIP", "service.loadBalancerIP");
    yaml.fragment("loadBalancerSourceRanges", "service.loadBalancerSourceRanges");
    yaml.when("ne .Values.service.type \"ClusterIP\"", |yaml| {
        yaml.value("externalTrafficPolicy", "service.externalTrafficPolicy");
    });
}

fn front_port(yaml: &mut Yaml<'_>, port: &Port) {
    yaml.pair("name", port.name);
    yaml.value("port", "service.port");
    yaml.pair("targetPort", port.name);
    yaml.action("with .Values.service.nodePort");
    yaml.pair("nodePort", "{{ . }}");
    yaml.action("end");
}

fn own_port(yaml: &mut Yaml<'_>, port: &Port) {
    yaml.pair("name", port.name);
    yaml.pair("port", port.number.to_string());
    yaml.pair("targetPort", port.name);
}
