//! What must hold for the objects of any set of values.

use std::collections::BTreeSet;

use serde_json::Value;

use super::support::Object;

/// What is wrong with them. Each complaint begins with its kind and a colon.
pub(crate) fn complaints(objects: &[Object], values: &Value) -> Vec<String> {
    let mut users = BTreeSet::new();
    strings(values, &mut |text| users.extend([text.to_owned()]));
    let render = Render { objects, users, own: own_name(objects), values };
    let mut found = Vec::new();
    render.names(&mut found);
    render.texts(&mut found);
    render.components(&mut found);
    render.addresses(&mut found);
    for object in objects {
        match object.kind.as_str() {
            "Service" => render.service(object, &mut found),
            "Ingress" | "HTTPRoute" => render.route(object, &mut found),
            "HorizontalPodAutoscaler" | "ScaledObject" => render.scaler(object, &mut found),
            "PodDisruptionBudget" | "NetworkPolicy" => render.selects(object, &mut found),
            _ => {}
        }
        if let Some(pod) = object.pod() {
            render.pod(object, pod, &mut found);
        }
    }
    render.keys(&mut found);
    found
}

/// A render, and what the user said.
pub(crate) struct Render<'r> {
    pub(super) objects: &'r [Object],
    /// Every text of the user's.
    pub(super) users: BTreeSet<String>,
    /// What all names begin with.
    pub(super) own: String,
    values: &'r Value,
}

fn strings(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => found(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(map) => map.values().for_each(|item| strings(item, found)),
        _ => {}
    }
}

pub(super) fn list<'v>(value: &'v Value, pointer: &str) -> impl Iterator<Item = &'v Value> {
    value.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

pub(super) fn containers(pod: &Value) -> impl Iterator<Item = &Value> {
    list(pod, "/initContainers").chain(list(pod, "/containers"))
}

fn own_name(objects: &[Object]) -> String {
    let ends =
        |object: &Object| object.name.strip_suffix(&format!("-{}", object.component())).map(str::to_owned);
    objects
        .iter()
        .filter(|object| object.kind == "Service" || object.kind == "Deployment")
        .find_map(ends)
        .unwrap_or_default()
}

pub(super) fn holds(labels: &Value, selector: &Value) -> bool {
    selector.as_object().is_some_and(|wanted| wanted.iter().all(|(key, value)| &labels[key] == value))
}

impl Render<'_> {
    fn exists(&self, kind: &str, name: &str) -> bool {
        self.objects.iter().any(|object| object.kind == kind && object.name == name)
    }

    /// Of the user's own, or rendered.
    pub(super) fn leads(&self, kind: &str, name: &Value, from: &Object, found: &mut Vec<String>) {
        let name = name.as_str().unwrap_or_default();
        if name.is_empty() || !(self.exists(kind, name) || self.users.contains(name)) {
            found.push(format!("no such {kind}: {} names {name:?}", from.key()));
        }
    }

    fn names(&self, found: &mut Vec<String>) {
        let mut seen = BTreeSet::new();
        for object in self.objects {
            if !seen.insert(object.key()) {
                found.push(format!("rendered twice: {}", object.key()));
            }
            // A StatefulSet's pods carry its name and ten characters more in a label.
            let room = if object.kind == "StatefulSet" { 52 } else { 63 };
            if object.name.len() > room {
                found.push(format!("name too long: {}", object.key()));
            }
            if object.value["metadata"]["namespace"] != "dify" {
                found.push(format!("no namespace: {}", object.key()));
            }
            let labels = object.value["metadata"]["labels"].as_object().into_iter().flatten();
            for (key, value) in labels.filter(|(_, value)| value.as_str().is_none_or(|text| text.len() > 63))
            {
                found.push(format!("no label: {} says {key}: {value}", object.key()));
            }
        }
    }

    fn texts(&self, found: &mut Vec<String>) {
        for object in self.objects {
            for bad in ["<no value>", "%!", "<nil>", "map["] {
                if object.text.contains(bad) && !self.users.iter().any(|text| text.contains(bad)) {
                    found.push(format!("{bad} in the text: {}", object.key()));
                }
            }
            let float = |word: &str| {
                word.split_once("e+").is_some_and(|(a, b)| {
                    a.ends_with(|digit: char| digit.is_ascii_digit())
                        && b.starts_with(|digit: char| digit.is_ascii_digit())
                })
            };
            if let Some(word) = object.text.split_whitespace().find(|word| float(word)) {
                found.push(format!("a float: {} says {word}", object.key()));
            }
            if object.kind != "Secret" && object.text.contains("canary-") {
                found.push(format!("a literal secret outside of a Secret: {}", object.key()));
            }
            if object.kind == "ConfigMap" {
                for (key, value) in object.value["data"]
                    .as_object()
                    .into_iter()
                    .flatten()
                    .filter(|(_, value)| !value.is_string())
                {
                    found.push(format!("no text in a ConfigMap: {} says {key}: {value}", object.key()));
                }
            }
        }
    }

    /// Nothing is left of a component that is switched off.
    fn components(&self, found: &mut Vec<String>) {
        for (section, switch) in self.values.as_object().into_iter().flatten() {
            let name = if section == "proxy" { "nginx".to_owned() } else { kebab(section) };
            for object in
                self.objects.iter().filter(|object| switch["enabled"] == false && object.component() == name)
            {
                found.push(format!("left of a component that is off: {}", object.key()));
            }
        }
    }

    /// Every address of the installation's own is that of a Service that listens there.
    fn addresses(&self, found: &mut Vec<String>) {
        let begin = format!("{}-", self.own);
        for object in self.objects.iter().filter(|object| object.kind != "Secret") {
            let mut rest = object.text.as_str();
            while let Some(at) = rest.find(&begin) {
                let inside_a_word = rest[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '-');
                let word: String = rest[at..]
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || "-.:".contains(*c))
                    .collect();
                rest = &rest[at + begin.len()..];
                let Some((host, port)) = word.split_once(':').filter(|_| !inside_a_word) else { continue };
                let Ok(port) = port.parse::<u64>() else { continue };
                let service = host.split('.').next().unwrap_or_default();
                let listens = self.objects.iter().any(|object| {
                    object.kind == "Service"
                        && object.name == service
                        && list(&object.value, "/spec/ports").any(|open| open["port"] == port)
                });
                if !listens {
                    found.push(format!("nobody listens: {} is told {host}:{port}", object.key()));
                }
            }
        }
    }

    fn selected(&self, selector: &Value) -> Vec<&Object> {
        let pods = self.objects.iter().filter(|object| object.kind != "Pod" && object.pod().is_some());
        pods.filter(|object| holds(&object.value["spec"]["template"]["metadata"]["labels"], selector))
            .collect()
    }

    fn service(&self, object: &Object, found: &mut Vec<String>) {
        let pods = self.selected(&object.value["spec"]["selector"]);
        if pods.len() != 1 {
            found.push(format!("a Service of {} workloads: {}", pods.len(), object.key()));
        }
        for port in list(&object.value, "/spec/ports") {
            let target = port.get("targetPort").unwrap_or(&port["port"]);
            for pod in pods.iter().filter_map(|pod| pod.pod()) {
                if !opens(list(pod, "/containers"), target) {
                    found.push(format!("a Service's port leads nowhere: {} to {target}", object.key()));
                }
            }
        }
    }

    fn route(&self, object: &Object, found: &mut Vec<String>) {
        let mut backends = Vec::new();
        for rule in list(&object.value, "/spec/rules") {
            let paths = list(rule, "/http/paths").map(|path| &path["backend"]["service"]);
            backends.extend(paths.map(|backend| (&backend["name"], &backend["port"])));
            backends.extend(list(rule, "/backendRefs").map(|backend| (&backend["name"], backend)));
        }
        if backends.is_empty() {
            found.push(format!("a route to nowhere: {}", object.key()));
        }
        for (name, port) in backends {
            let name = name.as_str().unwrap_or_default();
            let leads = self.objects.iter().any(|object| {
                object.kind == "Service"
                    && object.name == name
                    && list(&object.value, "/spec/ports").any(|open| {
                        open["name"] == port["name"]
                            || open["port"] == port["number"]
                            || open["port"] == port["port"]
                    })
            });
            if !leads && !self.users.contains(name) {
                found.push(format!("a route to nowhere: {} to {name} {port}", object.key()));
            }
        }
    }

    fn scaler(&self, object: &Object, found: &mut Vec<String>) {
        let target = object.value["spec"]["scaleTargetRef"]["name"].as_str().unwrap_or_default();
        let Some(scaled) =
            self.objects.iter().find(|other| other.kind == "Deployment" && other.name == target)
        else {
            return found.push(format!("scales nothing: {}", object.key()));
        };
        if scaled.value["spec"].get("replicas").is_some() {
            found.push(format!("a number of pods that another chooses: {}", scaled.key()));
        }
        let others = ["HorizontalPodAutoscaler", "ScaledObject"];
        let same = |other: &&Object| {
            others.contains(&other.kind.as_str()) && other.value["spec"]["scaleTargetRef"]["name"] == target
        };
        if self.objects.iter().filter(same).count() != 1 {
            found.push(format!("scaled twice: {}", scaled.key()));
        }
        let empty = |pointer: &str| {
            object.value.pointer(pointer).is_some_and(|all| all.as_array().is_none_or(Vec::is_empty))
        };
        if empty("/spec/metrics") || empty("/spec/triggers") {
            found.push(format!("scales by nothing: {}", object.key()));
        }
    }

    fn selects(&self, object: &Object, found: &mut Vec<String>) {
        let spec = &object.value["spec"];
        let selector = spec.get("podSelector").unwrap_or(&spec["selector"]);
        let Some(labels) = selector.get("matchLabels") else { return };
        if self.selected(labels).is_empty() {
            found.push(format!("selects nothing: {}", object.key()));
        }
    }
}

pub(super) fn opens<'v>(mut containers: impl Iterator<Item = &'v Value>, port: &Value) -> bool {
    containers.any(|container| {
        list(container, "/ports").any(|open| &open["name"] == port || &open["containerPort"] == port)
    })
}

fn kebab(section: &str) -> String {
    let parts = section
        .chars()
        .map(|c| if c.is_ascii_uppercase() { format!("-{}", c.to_ascii_lowercase()) } else { c.to_string() });
    parts.collect()
}
