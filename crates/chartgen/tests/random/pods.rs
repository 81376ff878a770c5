//! What must hold for pods: their references, their environment, and the checks that they begin with.

use std::collections::BTreeSet;

use serde_json::Value;

use super::sound::{Render, containers, holds, list, opens};
use super::support::Object;

impl Render<'_> {
    pub(super) fn pod(&self, object: &Object, pod: &Value, found: &mut Vec<String>) {
        let key = object.key();
        if let Some(selector) = object.value.pointer("/spec/selector/matchLabels")
            && !holds(&object.value["spec"]["template"]["metadata"]["labels"], selector)
        {
            found.push(format!("does not select its own pods: {key}"));
        }
        let mut names = BTreeSet::new();
        let volumes: Vec<&str> = list(pod, "/volumes").filter_map(|volume| volume["name"].as_str()).collect();
        if volumes.iter().collect::<BTreeSet<_>>().len() != volumes.len() {
            found.push(format!("a volume twice: {key}"));
        }
        for volume in list(pod, "/volumes") {
            self.volume(object, volume, found);
        }
        if let Some(account) = pod.get("serviceAccountName") {
            self.leads("ServiceAccount", account, object, found);
        }
        for container in containers(pod) {
            if !names.insert(container["name"].as_str()) {
                found.push(format!("a container twice: {key} has {}", container["name"]));
            }
            let image = container["image"].as_str().unwrap_or_default();
            let last = image.rsplit('/').next().unwrap_or_default();
            if last.starts_with([':', '@'])
                || !(last.contains(':') || last.contains('@'))
                || image.ends_with([':', '@'])
            {
                found.push(format!("no tag: {key} runs {image:?}"));
            }
            let mut paths = BTreeSet::new();
            for mount in list(container, "/volumeMounts") {
                let claimed = list(&object.value, "/spec/volumeClaimTemplates")
                    .any(|claim| claim["metadata"]["name"] == mount["name"]);
                if !claimed
                    && !mount["name"]
                        .as_str()
                        .is_some_and(|name| volumes.contains(&name) || self.users.contains(name))
                {
                    found.push(format!("no such volume: {key} mounts {}", mount["name"]));
                }
                let place = (mount["mountPath"].as_str(), mount["subPath"].as_str());
                if !paths.insert(place.0) {
                    found.push(format!("mounted over another: {key} at {}", mount["mountPath"]));
                }
            }
            for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
                for way in ["httpGet", "tcpSocket", "grpc"] {
                    let Some(port) = container[probe][way].get("port") else { continue };
                    // The custom probes of these sets ask there.
                    if port != 4321 && !opens(std::iter::once(container), port) {
                        found.push(format!("a probe of a closed port: {key} at {port}"));
                    }
                }
            }
            self.environment(object, container, found);
        }
        Self::checks(object, pod, found);
    }

    fn volume(&self, object: &Object, volume: &Value, found: &mut Vec<String>) {
        for (pointer, kind) in [
            ("/persistentVolumeClaim/claimName", "PersistentVolumeClaim"),
            ("/configMap/name", "ConfigMap"),
            ("/secret/secretName", "Secret"),
        ] {
            if let Some(name) = volume.pointer(pointer) {
                self.leads(kind, name, object, found);
            }
        }
        let mut files = BTreeSet::new();
        for source in list(volume, "/projected/sources") {
            if let Some(secret) = source.get("secret") {
                for item in list(secret, "/items") {
                    self.secret(object, &secret["name"], &item["key"], found);
                }
            } else if let Some(map) = source.get("configMap") {
                self.leads("ConfigMap", &map["name"], object, found);
            }
            let items = list(source, "/secret/items").chain(list(source, "/configMap/items"));
            for item in items.filter(|item| !files.insert(item["path"].to_string())) {
                found.push(format!("a file twice: {} has {}", object.key(), item["path"]));
            }
        }
    }

    /// A Secret that is rendered has the key, one that the keys job makes gets it, and any other is the user's.
    fn secret(&self, object: &Object, name: &Value, key: &Value, found: &mut Vec<String>) {
        let (name, key) = (name.as_str().unwrap_or_default(), key.as_str().unwrap_or_default());
        let rendered = self.objects.iter().find(|other| other.kind == "Secret" && other.name == name);
        let known = match rendered {
            Some(secret) => secret.value["stringData"].get(key).is_some(),
            None if name == format!("{}-keys", self.own) => self.made().contains(key),
            None => self.users.contains(name),
        };
        if !known {
            found.push(format!("no such key of a Secret: {} reads {key} of {name:?}", object.key()));
        }
    }

    /// What the keys job makes.
    fn made(&self) -> BTreeSet<&str> {
        let jobs = self.objects.iter().filter(|object| object.kind == "Job" && object.component() == "keys");
        let pods = jobs.filter_map(Object::pod).flat_map(containers);
        let words = pods.flat_map(|container| list(container, "/command").chain(list(container, "/args")));
        words.filter_map(Value::as_str).filter_map(|word| word.strip_prefix("--key=")).collect()
    }

    /// The keys job makes nothing that nobody reads.
    pub(super) fn keys(&self, found: &mut Vec<String>) {
        let name = format!("{}-keys", self.own);
        let mut read = BTreeSet::new();
        for pod in self.objects.iter().filter_map(Object::pod) {
            for variable in containers(pod).flat_map(|container| list(container, "/env")) {
                let reference = &variable["valueFrom"]["secretKeyRef"];
                if reference["name"] == name.as_str() {
                    read.extend(reference["key"].as_str());
                }
            }
        }
        for key in self.made().difference(&read) {
            found.push(format!("a key that nobody reads: {key}"));
        }
    }

    fn environment(&self, object: &Object, container: &Value, found: &mut Vec<String>) {
        let mut names = BTreeSet::new();
        for variable in list(container, "/env") {
            let name = variable["name"].as_str().unwrap_or_default();
            if name.is_empty() || !names.insert(name) {
                found.push(format!("a variable twice: {} has {name}", object.key()));
            }
            match (variable.get("value"), variable.get("valueFrom")) {
                (Some(Value::String(_)), None) => {}
                (None, Some(from)) => {
                    if let Some(reference) = from.get("secretKeyRef") {
                        self.secret(object, &reference["name"], &reference["key"], found);
                    }
                }
                _ => found.push(format!("a variable of nothing: {} has {variable}", object.key())),
            }
        }
        for source in list(container, "/envFrom") {
            if let Some(map) = source.get("configMapRef") {
                self.leads("ConfigMap", &map["name"], object, found);
            }
        }
    }

    /// A pod begins with the checks that the topology names for its component.
    fn checks(object: &Object, pod: &Value, found: &mut Vec<String>) {
        let release = topology::release("1.16.1").expect("described");
        let Some(component) = release.component(object.component()).filter(|_| object.kind != "Pod") else {
            return;
        };
        let names: BTreeSet<&str> =
            list(pod, "/initContainers").filter_map(|container| container["name"].as_str()).collect();
        let apart = names.iter().any(|name| name.starts_with("check-"));
        // `pluginDaemon.migrate` leaves that one to the image; the value sets of sound.rs have it.
        let left_to_image = |need: topology::Need| need == topology::Need::PluginMigrations;
        for proof in topology::proofs(component).into_iter().filter(|proof| !left_to_image(proof.need)) {
            if !apart && !names.contains(proof.container) {
                found.push(format!("a check is missing: {} of {}", proof.container, object.key()));
            }
        }
        let words: Vec<&str> = list(pod, "/initContainers")
            .flat_map(|container| list(container, "/command"))
            .filter_map(Value::as_str)
            .collect();
        for check in topology::gate_checks(component) {
            if !words.windows(check.command.len()).any(|window| window == check.command) {
                found.push(format!("a check is missing: {:?} of {}", check.command, object.key()));
            }
        }
    }
}
