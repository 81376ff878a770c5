//! Helm, kubeconform and the value sets that the tests share.

#![allow(dead_code, reason = "each test uses a part of it")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The checkout's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace")
}

fn tools() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map_or_else(|| PathBuf::from(std::env::var_os("HOME").expect("HOME")).join(".cache"), PathBuf::from);
    cache.join("dify-preflight/tools/bin")
}

/// A tool: where the variable says, else among those that tests/cluster/tools.sh installs, else on PATH.
fn tool(variable: &str, name: &str) -> PathBuf {
    if let Some(path) = std::env::var_os(variable) {
        return path.into();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::iter::once(tools())
        .chain(std::env::split_paths(&path))
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
        .unwrap_or_else(|| panic!("{name} is missing: run tests/cluster/tools.sh, or set {variable}"))
}

/// Oldest and newest Helm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Helm {
    Oldest,
    Newest,
}

impl Helm {
    fn program(self) -> PathBuf {
        match self {
            Self::Oldest => tool("HELM_312", "helm-3.12"),
            Self::Newest => tool("HELM_3", "helm"),
        }
    }

    /// Runs it in the checkout's root.
    pub(crate) fn run(self, arguments: &[&str]) -> Output {
        Command::new(self.program()).args(arguments).current_dir(root()).output().expect("helm runs")
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

/// Runs kubeconform over a rendered text against the strict schemas of this version.
pub(crate) fn kubeconform(version: &str, rendered: &str) -> Result<(), String> {
    let schemas =
        Command::new(root().join("tests/chart/schemas.sh")).output().expect("the schemas' script runs");
    assert!(schemas.status.success(), "tests/chart/schemas.sh: {}", text(&schemas.stderr));
    let folder = text(&schemas.stdout).trim().to_owned();
    let file = std::env::temp_dir().join(format!("chart-{}-{version}.yaml", std::process::id()));
    std::fs::write(&file, rendered).expect("a temporary file");
    let output = Command::new(tool("KUBECONFORM", "kubeconform"))
        .args(["-strict", "-kubernetes-version", version, "-schema-location"])
        .arg(format!(
            "{folder}/{{{{.NormalizedKubernetesVersion}}}}-strict/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"
        ))
        .arg(&file)
        .output()
        .expect("kubeconform runs");
    let _ = std::fs::remove_file(file);
    if output.status.success() { Ok(()) } else { Err(text(&output.stdout)) }
}

/// Name of a value set and its Helm arguments: the defaults, and every example.
pub(crate) fn value_sets() -> BTreeMap<String, Vec<String>> {
    let mut sets = BTreeMap::from([("default".to_owned(), Vec::new())]);
    for entry in std::fs::read_dir(root().join("examples")).expect("examples/") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        if let Some(short) = name.strip_suffix(".yaml") {
            sets.insert(short.to_owned(), vec!["--values".to_owned(), format!("examples/{name}")]);
        }
    }
    sets
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
    rendered
        .split("\n---\n")
        .map(|part| part.trim_start_matches("---\n"))
        .filter(|part| part.contains("\nkind:") || part.starts_with("kind:"))
        .map(|part| {
            let value: Value =
                serde_saphyr::from_str(part).unwrap_or_else(|error| panic!("not YAML: {error}\n{part}"));
            Object {
                kind: value["kind"].as_str().expect("a kind").to_owned(),
                name: value["metadata"]["name"].as_str().expect("a name").to_owned(),
                text: part.trim_end().to_owned() + "\n",
                value,
            }
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
