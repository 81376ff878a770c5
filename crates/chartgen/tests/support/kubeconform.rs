//! Strict validation of rendered objects.

use std::process::Command;

use super::{root, text, tool};

/// Runs kubeconform over a rendered text against the strict schemas of this version.
pub(crate) fn kubeconform(version: &str, rendered: &str) -> Result<(), String> {
    let schemas =
        Command::new(root().join("tests/chart/schemas.sh")).output().expect("the schemas' script runs");
    assert!(schemas.status.success(), "tests/chart/schemas.sh: {}", text(&schemas.stderr));
    let folder = text(&schemas.stdout).trim().to_owned();
    let file = tempfile::NamedTempFile::with_suffix(".yaml").expect("a temporary file");
    std::fs::write(file.path(), rendered).expect("the rendered text");
    let schema = "{{.ResourceKind}}{{.KindSuffix}}.json";
    let output = Command::new(tool("KUBECONFORM", "kubeconform"))
        .args(["-strict", "-kubernetes-version", version])
        .args(["-schema-location", &format!("{folder}/{{{{.NormalizedKubernetesVersion}}}}-strict/{schema}")])
        .args(["-schema-location", &format!("{folder}/crds/{schema}")])
        .arg(file.path())
        .output()
        .expect("kubeconform runs");
    if output.status.success() { Ok(()) } else { Err(text(&output.stdout)) }
}
