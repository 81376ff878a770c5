//! A Secret manifest with new keys, for those who keep their Secrets elsewhere.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use preflight::report::Reporter;
use preflight::{ConfigError, Exit, Finding, Secret};
use serde_json::{Map, Value, json};

use crate::keys::Key;
use crate::make;

/// What to print.
pub(crate) struct Manifest {
    secret: String,
    namespace: Option<String>,
    keys: Vec<&'static Key>,
}

impl Manifest {
    pub(crate) fn new(secret: &str, namespace: Option<&str>, keys: Vec<&'static Key>) -> Self {
        Self { secret: secret.to_owned(), namespace: namespace.map(str::to_owned), keys }
    }

    fn values(&self) -> Result<Vec<(&'static str, Secret)>, ConfigError> {
        self.keys.iter().map(|key| Ok((key.name, make::value(key)?))).collect()
    }
}

/// Prints it, and nothing else, so that it can be piped into `kubectl apply -f -` or a sealing tool.
pub(crate) fn print(manifest: &Manifest, reporter: &Reporter) -> Exit {
    let values = match manifest.values() {
        Ok(values) => values,
        Err(error) => {
            reporter.ended_with(&Finding::from(error), Exit::Internal);
            return Exit::Internal;
        }
    };
    let object = object(&manifest.secret, manifest.namespace.as_deref(), &values);
    let text = if reporter.is_json() {
        serde_json::to_string_pretty(&object).unwrap_or_default()
    } else {
        yaml(manifest, &values)
    };
    reporter.result(&text);
    Exit::Ready
}

/// The Secret as the API takes it.
pub(crate) fn object(name: &str, namespace: Option<&str>, values: &[(&'static str, Secret)]) -> Value {
    let mut metadata = json!({
        "name": name,
        "labels": {
            "app.kubernetes.io/managed-by": "plugin-keys",
            "app.kubernetes.io/part-of": "dify",
        },
        // Losing these keys loses data: no tool that prunes or uninstalls shall take them along.
        "annotations": {"helm.sh/resource-policy": "keep"},
    });
    if let (Some(metadata), Some(namespace)) = (metadata.as_object_mut(), namespace) {
        metadata.insert("namespace".to_owned(), namespace.into());
    }
    json!({"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque", "data": data(values)})
}

/// The `data` of a Secret.
pub(crate) fn data(values: &[(&'static str, Secret)]) -> Value {
    let data: Map<String, Value> = values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), STANDARD.encode(value.reveal()).into()))
        .collect();
    Value::Object(data)
}

/// Every scalar is of a kind that needs no escapes: names were checked, values are letters, digits, - and _.
fn yaml(manifest: &Manifest, values: &[(&'static str, Secret)]) -> String {
    let mut text = format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: \"{}\"\n", manifest.secret);
    if let Some(namespace) = &manifest.namespace {
        text.push_str(&format!("  namespace: \"{namespace}\"\n"));
    }
    text.push_str(
        "  labels:\n    app.kubernetes.io/managed-by: plugin-keys\n    app.kubernetes.io/part-of: dify\n",
    );
    text.push_str("  annotations:\n    helm.sh/resource-policy: keep\ntype: Opaque\nstringData:\n");
    for (name, value) in values {
        text.push_str(&format!("  {name}: \"{}\"\n", value.reveal()));
    }
    text.truncate(text.trim_end().len());
    text
}
