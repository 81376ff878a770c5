//! Helm, its output as objects, and what else the tests share.

#![allow(dead_code, unused_imports, reason = "each test uses a part of it")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod kubeconform;
pub(crate) mod many;
mod sets;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

pub(crate) use kubeconform::kubeconform;
pub(crate) use sets::{example_sets, value_sets};

/// The checkout's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace")
}

fn tools() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map_or_else(|| PathBuf::from(std::env::var_os("HOME").expect("HOME")).join(".cache"), PathBuf::from);
    cache.join("dify-preflight/tools/bin")
}

/// A tool: where the variable says, else among those that tests/cluster/tools.sh and tests/chart/tools.sh install, else on PATH.
pub(crate) fn tool(variable: &str, name: &str) -> PathBuf {
    if let Some(path) = std::env::var_os(variable) {
        return path.into();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::iter::once(tools())
        .chain(std::env::split_paths(&path))
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
        .unwrap_or_else(|| {
            panic!(
                "{name} is missing: run tests/cluster/tools.sh and tests/chart/tools.sh, or set {variable}"
            )
        })
}

/// The oldest Helm that the chart supports, the newest Helm 3, and the newest Helm 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Helm {
    Oldest,
    Newest,
    Four,
}

impl Helm {
    fn program(self) -> PathBuf {
        match self {
            Self::Oldest => tool("HELM_312", "helm-3.12"),
            Self::Newest => tool("HELM_3", "helm"),
            Self::Four => tool("HELM_4", "helm-4"),
        }
    }

    /// Runs it in the checkout's root.
    pub(crate) fn run(self, arguments: &[&str]) -> Output {
        // A process that lives for a second needs no tidy memory.
        let mut helm = Command::new(self.program());
        helm.env("GOGC", "400").args(arguments).current_dir(root()).output().expect("helm runs")
    }

    /// `helm template demo chart` in namespace dify.
    pub(crate) fn template(self, arguments: &[&str]) -> Output {
        let mut all = vec!["template", "demo", "chart", "--namespace", "dify", "--kube-version", "1.30.0"];
        all.extend(arguments);
        self.run(&all)
    }

    /// The rendered text.
    pub(crate) fn render(self, arguments: &[&str]) -> String {
        let output = self.template(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Why it refused.
    pub(crate) fn refusal(self, arguments: &[&str]) -> String {
        let output = self.template(arguments);
        assert!(!output.status.success(), "{arguments:?} was not refused");
        text(&output.stderr)
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The arguments as `&str`.
pub(crate) fn borrowed(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

/// One rendered object and its text.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) value: Value,
}

impl Object {
    pub(crate) fn key(&self) -> String {
        format!("{}/{}", self.kind, self.name)
    }

    /// The pod's or the pod template's spec, where the object has one.
    pub(crate) fn pod(&self) -> Option<&Value> {
        if self.kind == "Pod" { self.value.get("spec") } else { self.value.pointer("/spec/template/spec") }
    }

    /// The component that the object belongs to.
    pub(crate) fn component(&self) -> &str {
        self.value["metadata"]["labels"]["app.kubernetes.io/component"].as_str().unwrap_or_default()
    }
}

/// The objects of a rendered text.
pub(crate) fn objects(rendered: &str) -> Vec<Object> {
    try_objects(rendered).unwrap_or_else(|complaint| panic!("{complaint}"))
}

/// The same, or what is wrong with it.
pub(crate) fn try_objects(rendered: &str) -> Result<Vec<Object>, String> {
    rendered
        .split("\n---\n")
        .map(|part| part.trim_start_matches("---\n"))
        .filter(|part| part.contains("\nkind:") || part.starts_with("kind:"))
        .map(|part| {
            let value: Value =
                serde_saphyr::from_str(part).map_err(|error| format!("not YAML: {error}\n{part}"))?;
            let said = |text: &Value, what: &str| {
                text.as_str().map(str::to_owned).ok_or_else(|| format!("no {what}:\n{part}"))
            };
            Ok(Object {
                kind: said(&value["kind"], "kind")?,
                name: said(&value["metadata"]["name"], "name")?,
                text: part.trim_end().to_owned() + "\n",
                value,
            })
        })
        .collect()
}

/// Runs this over all items on as many threads as there are processors.
pub(crate) fn in_parallel<T: Sync>(items: &[T], work: impl Fn(&T) + Sync) {
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    work(item);
                }
            });
        }
    });
}

/// What a component's pod would have in its environment: the plain variables of its ConfigMap, and for each that a Secret or
/// the kubelet fills in, `<Secret>/<key>` or the text. `container` is the name of one of its containers.
pub(crate) fn environment(objects: &[Object], component: &str, container: &str) -> BTreeMap<String, String> {
    let pod = objects
        .iter()
        .filter(|object| object.component() == component)
        .find_map(Object::pod)
        .unwrap_or_else(|| panic!("no pod of {component}"));
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let containers = [list(&pod["initContainers"]), list(&pod["containers"])].concat();
    let found = containers.iter().find(|found| found["name"] == container);
    let container = found.unwrap_or_else(|| panic!("no container {container} of {component}"));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut all = BTreeMap::new();
    for source in list(&container["envFrom"]) {
        let name = &source["configMapRef"]["name"];
        let map = objects.iter().find(|object| object.kind == "ConfigMap" && name == &object.name);
        for (name, value) in map.and_then(|map| map.value["data"].as_object()).into_iter().flatten() {
            all.insert(name.clone(), text(value));
        }
    }
    for variable in list(&container["env"]) {
        let reference = &variable["valueFrom"]["secretKeyRef"];
        let value = match reference["name"].as_str() {
            Some(secret) => format!("{secret}/{}", text(&reference["key"])),
            None => text(&variable["value"]),
        };
        all.insert(text(&variable["name"]), value);
    }
    // The checks read the files of the volume `secrets`.
    let mounts = list(&container["volumeMounts"]);
    for volume in list(&pod["volumes"]).iter().filter(|volume| volume["name"] == "secrets") {
        if mounts.iter().any(|mount| mount["name"] == "secrets") {
            for source in list(&volume["projected"]["sources"]) {
                let item = &source["secret"]["items"][0];
                let value = format!("{}/{}", text(&source["secret"]["name"]), text(&item["key"]));
                all.insert(text(&item["path"]), value);
            }
        }
    }
    all
}
