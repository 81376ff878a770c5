//! A Secret or `ConfigMap` as YAML or JSON, alone or several in one file.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use preflight::Secret;
use serde_json::Value;

/// Whether a text is a manifest and not lines of variables.
pub(crate) fn looks_like_one(text: &str) -> bool {
    text.trim_start().starts_with('{') || text.lines().any(|line| line.starts_with("kind:"))
}

/// Reads all Secrets and `ConfigMap`s of a text, the later ones on top.
///
/// # Errors
/// What is wrong with it, without its values.
pub fn parse(text: &str) -> Result<BTreeMap<String, Secret>, String> {
    let mut values = BTreeMap::new();
    for document in documents(text) {
        // The parser's own message may quote the text, and with it a key.
        let object: Value =
            serde_saphyr::from_str(&document).map_err(|_| "it is no YAML or JSON".to_owned())?;
        take(&object, &mut values)?;
    }
    Ok(values)
}

fn documents(text: &str) -> Vec<String> {
    let mut documents = vec![String::new()];
    for line in text.lines() {
        if line.trim_end() == "---" {
            documents.push(String::new());
        } else if let Some(last) = documents.last_mut() {
            last.push_str(line);
            last.push('\n');
        }
    }
    documents
        .retain(|document| document.lines().any(|line| !line.trim().is_empty() && !line.starts_with('#')));
    documents
}

fn take(object: &Value, values: &mut BTreeMap<String, Secret>) -> Result<(), String> {
    match object["kind"].as_str() {
        Some("Secret") => {
            for (name, value) in entries(&object["data"]) {
                let bytes = STANDARD.decode(text(name, value)?.trim());
                let bytes =
                    bytes.map_err(|_| format!("{name} is not base64, as data of a Secret must be"))?;
                let value = String::from_utf8(bytes).map_err(|_| format!("{name} is not UTF-8"))?;
                values.insert(name.clone(), Secret::new(value));
            }
            plain(&object["stringData"], values)
        }
        Some("ConfigMap") => plain(&object["data"], values),
        Some("List" | "SecretList" | "ConfigMapList") => {
            object["items"].as_array().into_iter().flatten().try_for_each(|item| take(item, values))
        }
        Some(_) => Ok(()),
        None => Err("it has no kind".to_owned()),
    }
}

fn plain(data: &Value, values: &mut BTreeMap<String, Secret>) -> Result<(), String> {
    for (name, value) in entries(data) {
        values.insert(name.clone(), Secret::new(text(name, value)?));
    }
    Ok(())
}

fn entries(data: &Value) -> impl Iterator<Item = (&String, &Value)> {
    data.as_object().into_iter().flatten()
}

/// YAML makes numbers of digits: the API server would refuse them, so they are named.
fn text<'a>(name: &str, value: &'a Value) -> Result<&'a str, String> {
    value.as_str().ok_or_else(|| format!("{name} is not a text; put it in quotes"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn secrets_and_config_maps_are_read_together() {
        let text = "---\n# comment\nkind: ConfigMap\ndata: {A: one, B: two}\n---\nkind: Secret\ndata: {B: dHdvIQ==}\nstringData: {C: three}\n---\nkind: Service\n";
        let values = parse(text).unwrap();
        let shown: Vec<&str> = values.values().map(Secret::reveal).collect();
        assert_eq!(shown, ["one", "two!", "three"]);
        let list = r#"{"kind": "List", "items": [{"kind": "Secret", "data": {"A": "MQ=="}}]}"#;
        assert_eq!(parse(list).unwrap()["A"].reveal(), "1");
    }

    #[test]
    fn what_is_wrong_is_named_without_the_value() {
        for (text, part) in [
            ("kind: Secret\ndata: {A: canary!}", "A is not base64"),
            ("kind: Secret\nstringData: {A: 12345}", "A is not a text"),
            ("kind: Secret\ndata: {A: gICA}", "A is not UTF-8"),
            ("kind: [canary", "no YAML"),
            ("{\"data\": 1}", "no kind"),
        ] {
            let problem = parse(text).unwrap_err();
            assert!(problem.contains(part) && !problem.contains("canary"), "{problem}");
        }
    }

    proptest! {
        #[test]
        fn it_never_fails_hard(text in "(?s)(kind: Secret\n)?.{0,200}") {
            let _ = parse(&text);
        }

        /// What the API server would store comes back.
        #[test]
        fn a_secret_comes_back(values in proptest::collection::btree_map("[A-Z_]{1,12}", "(?s).{0,40}", 0..6)) {
            let data: serde_json::Map<String, Value> =
                values.iter().map(|(name, value)| (name.clone(), STANDARD.encode(value).into())).collect();
            let read = parse(&serde_json::json!({"kind": "Secret", "data": data}).to_string()).unwrap();
            let read: BTreeMap<String, String> =
                read.into_iter().map(|(name, value)| (name, value.reveal().to_owned())).collect();
            prop_assert_eq!(read, values);
        }
    }
}
