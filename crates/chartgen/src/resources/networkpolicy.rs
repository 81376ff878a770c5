//! `NetworkPolicies`: a component accepts connections from those that call it, and code of users' gets out by the SSRF
//! proxy alone.

use topology::{Component, Kind, Link};

use crate::registry::Registry;
use crate::template::{File, Yaml};
use crate::wiring::{enabled, section};
use crate::{Error, RELEASE};

use super::deployment::object_name;
use super::routes::is_routed;
use super::{file, head, try_file};

/// Where nobody is sent by an address that a user chose: what RFC 1918, 3927, 4193, 4291 and 6598 keep private.
const PRIVATE: &[&str] =
    &["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"];
const PRIVATE_6: &[&str] = &["fc00::/7", "fe80::/10"];

/// One policy for each component with pods that stay.
pub(super) fn templates(registry: &Registry) -> Result<Vec<File>, Error> {
    let release = topology::release(RELEASE).ok_or_else(|| Error::Unknown("the release".to_owned()))?;
    let links = topology::links(release);
    let policies = release
        .components
        .iter()
        // The keys, bootstrap and migrate jobs listen nowhere and are gone soon.
        .filter(|component| component.kind != Kind::Job)
        .map(|component| policy(registry, component, &links));
    policies.chain([Ok(default_deny(registry))]).collect()
}

/// Nobody connects to a pod of the release that no other policy opens: the jobs, and whatever the user adds.
fn default_deny(registry: &Registry) -> File {
    file(registry, "edge", "networkpolicy", |yaml| {
        yaml.when("and .Values.networkPolicy.enabled .Values.networkPolicy.defaultDeny", |yaml| {
            head(yaml, "networking.k8s.io/v1", "NetworkPolicy", &object_name("default-deny"), "edge");
            yaml.map("spec", |yaml| {
                yaml.map("podSelector", |yaml| {
                    yaml.map("matchLabels", |yaml| {
                        yaml.pair("app.kubernetes.io/instance", "{{ .Release.Name | quote }}");
                    });
                });
                yaml.pair("policyTypes", "[Ingress]");
            });
        });
    })
}

fn policy(registry: &Registry, component: &Component, links: &[Link]) -> Result<File, Error> {
    let name = component.name;
    try_file(registry, name, "networkpolicy", |yaml| {
        let condition = match enabled(name) {
            Some(condition) if condition.contains(' ') => {
                format!("and .Values.networkPolicy.enabled ({condition})")
            }
            Some(condition) => format!("and .Values.networkPolicy.enabled {condition}"),
            None => ".Values.networkPolicy.enabled".to_owned(),
        };
        yaml.when(&condition, |yaml| {
            head(yaml, "networking.k8s.io/v1", "NetworkPolicy", &object_name(name), name);
            yaml.map("spec", |yaml| {
                yaml.map("podSelector", |yaml| matching(yaml, name));
                let kinds = if exits(name).is_some() { "[Ingress, Egress]" } else { "[Ingress]" };
                yaml.pair("policyTypes", kinds);
                ingress(yaml, component, links);
                if let Some(exit) = exits(name) {
                    egress(yaml, exit, links, name);
                }
            });
        });
        Ok(())
    })
}

fn matching(yaml: &mut Yaml<'_>, component: &str) {
    yaml.map("matchLabels", |yaml| {
        yaml.include("dify.selectorLabels", &format!("(list . \"{component}\")"));
    });
}

fn ingress(yaml: &mut Yaml<'_>, component: &Component, links: &[Link]) {
    let name = component.name;
    if component.ports.is_empty() {
        yaml.comment("It listens nowhere.");
        yaml.pair("ingress", "[]");
        return;
    }
    yaml.map("ingress", |yaml| {
        if name == "nginx" {
            return edge(yaml);
        }
        yaml.item(|yaml| {
            yaml.map("from", |yaml| {
                for caller in callers(name, links) {
                    let runs = enabled(caller).filter(|runs| Some(*runs) != enabled(name));
                    yaml.when_some(runs, |yaml| {
                        yaml.item(|yaml| yaml.map("podSelector", |yaml| matching(yaml, caller)));
                    });
                }
                if name == "api" || callers(name, links).any(|caller| caller == "api") {
                    yaml.comment("helm test asks all that the api asks, and the api itself.");
                    yaml.item(|yaml| yaml.map("podSelector", |yaml| matching(yaml, "test")));
                }
                yaml.more("networkPolicy.extraPeers");
            });
            let ports: Vec<String> =
                component.ports.iter().map(|port| format!("{{port: {}}}", port.name)).collect();
            yaml.pair("ports", format!("[{}]", ports.join(", ")));
        });
        if is_routed(name) {
            yaml.when("not .Values.proxy.enabled", edge);
        }
    });
}

/// The way in: from wherever the Service, the Ingress or the Gateway leads, unless the user says whence.
fn edge(yaml: &mut Yaml<'_>) {
    yaml.item(|yaml| {
        yaml.pair("ports", "[{port: http}]");
        yaml.fragment("from", "networkPolicy.edgePeers");
    });
}

/// Who calls it.
fn callers<'l>(name: &str, links: &'l [Link]) -> impl Iterator<Item = &'l str> {
    let name = name.to_owned();
    links.iter().filter(move |link| link.to == name).map(|link| link.from)
}

/// How far a component that runs what users wrote, or goes where users point, may get.
#[derive(Clone, Copy)]
enum Exit {
    /// To the components that it calls.
    Inside,
    /// To these and to public addresses.
    Public,
}

fn exits(component: &str) -> Option<Exit> {
    match component {
        "sandbox" | "local-sandbox" => Some(Exit::Inside),
        "ssrf-proxy" | "agent-ssrf-proxy" => Some(Exit::Public),
        _ => None,
    }
}

fn egress(yaml: &mut Yaml<'_>, exit: Exit, links: &[Link], name: &str) {
    yaml.map("egress", |yaml| {
        yaml.comment("Names are looked up by whichever server the cluster has.");
        yaml.entry("ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]");
        for link in links.iter().filter(|link| link.from == name) {
            yaml.when_some(enabled(link.to).filter(|runs| Some(*runs) != enabled(name)), |yaml| {
                yaml.item(|yaml| {
                    yaml.map("to", |yaml| {
                        yaml.item(|yaml| yaml.map("podSelector", |yaml| matching(yaml, link.to)));
                    });
                    yaml.pair("ports", format!("[{{port: {}}}]", link.port));
                });
            });
        }
        if matches!(exit, Exit::Public) {
            public(yaml, name);
        }
    });
}

/// All but private addresses; of these the ones that the proxy is told to allow. Names that it is told to allow may lead
/// anywhere: then it is left to the proxy's own rules.
fn public(yaml: &mut Yaml<'_>, name: &str) {
    let [names, networks] =
        ["allowPrivateDomains", "allowPrivateNetworks"].map(|key| format!(".Values.{}.{key}", section(name)));
    yaml.either(
        &names,
        |yaml| yaml.entry("{}"),
        |yaml| {
            yaml.item(|yaml| {
                yaml.map("to", |yaml| {
                    for (all, except) in [("0.0.0.0/0", PRIVATE), ("::/0", PRIVATE_6)] {
                        let except: Vec<String> = except.iter().map(|block| format!("{block:?}")).collect();
                        yaml.entry(&format!("ipBlock: {{cidr: {all:?}, except: [{}]}}", except.join(", ")));
                    }
                    yaml.action(&format!("range {networks}"));
                    yaml.entry("ipBlock: {cidr: {{ . | quote }}}");
                    yaml.action("end");
                });
            });
        },
    );
}
