//! Every value set on every Helm, for every Kubernetes. Only `just chart-test` and `just test` run this: it takes its time.

mod support;

use serde_json::Value;
use support::many::{Many, set_values};
use support::{Helm, borrowed, in_parallel, kubeconform, objects, text, value_sets};

const KUBERNETES: [&str; 4] = ["1.23.0", "1.27.0", "1.30.0", "1.37.0"];

fn sets() -> Vec<(String, Vec<String>)> {
    value_sets().into_iter().collect()
}

/// Object by object, because Helm 4 parts them by one more empty line.
#[test]
fn every_helm_renders_the_same() {
    in_parallel(&sets(), |(name, arguments)| {
        let arguments = borrowed(arguments);
        let newest = Helm::Newest.render(&arguments);
        assert_eq!(Helm::Oldest.render(&arguments), newest, "{name}");
        let texts = |rendered: &str| -> Vec<String> {
            objects(rendered).into_iter().map(|object| object.text).collect()
        };
        assert_eq!(texts(&Helm::Four.render(&arguments)), texts(&newest), "{name}");
    });
}

#[test]
fn helm_lint_is_clean() {
    in_parallel(&sets(), |(name, arguments)| {
        for helm in [Helm::Oldest, Helm::Newest, Helm::Four] {
            let mut all = vec!["lint", "chart", "--strict", "--quiet"];
            all.extend(borrowed(arguments));
            let output = helm.run(&all);
            assert!(output.status.success(), "{name} on {helm:?}: {}", text(&output.stdout));
        }
    });
}

#[test]
fn kubernetes_accepts_every_object_strictly() {
    let many = Many::new();
    let sets: Vec<(String, Value)> = set_values();
    in_parallel(&KUBERNETES, |version| {
        let rendered = many.render(Helm::Newest, version, &sets).expect("a render");
        let objects = rendered.values().flat_map(|set| &set.objects);
        let text: Vec<&str> = objects.map(|object| object.text.as_str()).collect();
        assert!(text.len() > 30 * sets.len(), "{}", text.len());
        if let Err(complaint) = kubeconform(version, &text.join("---\n")) {
            panic!("Kubernetes {version}:\n{complaint}");
        }
    });
}
