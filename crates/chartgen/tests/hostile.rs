//! Whatever a user writes into a free text: it stays that text. Never broken YAML, never a key that he smuggled in.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::fmt::Write as _;
use std::sync::Mutex;

use serde_json::{Map, Value};
use support::many::{Many, set_values};
use support::{Helm, example_sets, in_parallel, root};

/// What breaks templates, YAML, shells and configuration files that trust their input; the last stand for themselves.
const HOSTILE: &[&str] = &[
    "it's \"a\" {{ .Values.secrets }}}}{{ fail \"x\" }} \\n\\\"\\ %s%d%! ü✓ \t",
    "*anchor &x !!int: b # c\n- d\nkind: Pod",
    "yes",
    "null",
    "0123",
    "1e3",
];

/// Stands in the place of the hostile text in the render that it is compared with.
const CANARY: &str = "canary";

fn schema() -> Value {
    let text = std::fs::read_to_string(root().join("chart/values.schema.json")).expect("the schema");
    serde_json::from_str(&text).expect("JSON")
}

/// The values with this text in every free text of the schema that takes one like it. A secret is given in one of its two ways.
fn fill(values: &mut Map<String, Value>, schema: &Value, text: &str, like: &str, literal: bool) {
    for (key, child) in schema["properties"].as_object().expect("a section") {
        if child.get("properties").is_some() {
            if (literal && key == "existingSecret")
                || (!literal && child["properties"].get("value").is_some())
            {
                let section = values.entry(key).or_insert_with(|| Value::Object(Map::new()));
                if key == "existingSecret" {
                    continue;
                }
                let existing = &child["properties"]["existingSecret"];
                let mut own = Map::new();
                fill(&mut own, existing, text, like, literal);
                *section = serde_json::json!({"existingSecret": own});
                continue;
            }
            let section = values.entry(key).or_insert_with(|| Value::Object(Map::new()));
            // A short key is refused, whatever stands in it.
            let text = if is_key(key) { text.repeat(16) } else { text.to_owned() };
            fill(section.as_object_mut().expect("a section"), child, &text, like, literal);
        } else if child["type"] == "string" && child.get("enum").is_none() && takes(child, like) {
            values.insert(key.clone(), Value::from(text));
        }
    }
}

/// Whether this is one of `secrets`, which the chart makes where it is not given.
fn is_key(name: &str) -> bool {
    topology::SHARED_KEYS.iter().any(|key| key.setting.strip_prefix("secrets.") == Some(name))
}

fn is_word(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
}

/// Whether the text may stand here. Names and image references have patterns; the traps of YAML are names as well.
fn takes(schema: &Value, text: &str) -> bool {
    const NAMES: [&str; 4] = ["^([a-z0-9](", "^[a-z0-9]", "^[A-Za-z0-9_][", "^[A-Za-z0-9._-]*"];
    let word = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    schema["pattern"]
        .as_str()
        .is_none_or(|pattern| word && NAMES.iter().any(|name| pattern.starts_with(name)))
}

fn sets(text: &str, like: &str, literal: bool) -> Vec<(String, Value)> {
    let schema = schema();
    let examples = example_sets();
    let known = set_values().into_iter().filter(|(name, _)| examples.contains_key(name));
    known
        .map(|(name, mut values)| {
            fill(values.as_object_mut().expect("values"), &schema, text, like, literal);
            (name, values)
        })
        .collect()
}

/// Where two trees differ but for the text itself.
fn compare(path: &str, tame: &Value, wild: &Value, text: &str, faults: &mut String) {
    match (tame, wild) {
        (Value::Object(one), Value::Object(other)) => {
            let keys = |map: &Map<String, Value>| -> Vec<String> {
                map.keys().map(|key| key.replace(text, CANARY)).collect()
            };
            if one.len() != other.len() || !keys(other).iter().all(|key| one.contains_key(key)) {
                let _ = writeln!(faults, "{path}: {:?} became {:?}", keys(one), keys(other));
                return;
            }
            for (key, value) in other {
                // Of the content of a file only the keys are compared, and a hash is one.
                if !key.starts_with("checksum/") && !["nginx.conf", "squid.conf"].contains(&key.as_str()) {
                    let before = &one[&key.replace(text, CANARY)];
                    compare(&format!("{path}/{key}"), before, value, text, faults);
                }
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (before, after)) in one.iter().zip(other).enumerate() {
                compare(&format!("{path}/{index}"), before, after, text, faults);
            }
        }
        (Value::String(one), Value::String(other)) if one.contains(CANARY) => {
            if one.replace(CANARY, text) != *other {
                let _ = writeln!(faults, "{path}: {one:?} became {other:?}");
            }
        }
        _ if tame == wild => {}
        _ => drop(writeln!(faults, "{path}: {tame} became {wild}")),
    }
}

#[test]
fn a_free_text_stays_the_text_that_it_is() {
    let many = Many::new();
    let faults = Mutex::new(String::new());
    let cases: Vec<(&str, bool)> = HOSTILE.iter().flat_map(|text| [(*text, true), (*text, false)]).collect();
    let render =
        |text: &str, like: &str, literal| many.render(Helm::Newest, "1.30.0", &sets(text, like, literal));
    let tame = |like: &str, literal| render(CANARY, like, literal).expect("the tame render");
    let tame =
        [["word", "no word"].map(|like| tame(like, true)), ["word", "no word"].map(|like| tame(like, false))];
    in_parallel(&cases, |(text, literal)| {
        let mut found = String::new();
        match render(text, text, *literal) {
            Err(complaint) => drop(writeln!(found, "{complaint}")),
            Ok(wild) => {
                for (name, before) in &tame[usize::from(!*literal)][usize::from(!is_word(text))] {
                    let after = &wild[name];
                    if before.objects.len() != after.objects.len() {
                        let _ = writeln!(
                            found,
                            "{name}: {} objects became {}",
                            before.objects.len(),
                            after.objects.len()
                        );
                        continue;
                    }
                    for (one, other) in before.objects.iter().zip(&after.objects) {
                        if one.kind == "Job" {
                            // Its name is the hash of what it does.
                            compare(
                                &format!("{name} {}", one.key()),
                                &one.value["spec"],
                                &other.value["spec"],
                                text,
                                &mut found,
                            );
                        } else {
                            compare(
                                &format!("{name} {}", one.key()),
                                &one.value,
                                &other.value,
                                text,
                                &mut found,
                            );
                        }
                    }
                }
            }
        }
        if !found.is_empty() {
            let mut faults = faults.lock().expect("no poison");
            let _ = writeln!(faults, "{text:?} (literal {literal}):");
            for line in found.lines().take(40) {
                let _ = writeln!(faults, "  {line}");
            }
        }
    });
    let faults = faults.into_inner().expect("no poison");
    assert!(faults.is_empty(), "{faults}");
}
