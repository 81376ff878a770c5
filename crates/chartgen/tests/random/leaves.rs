//! The settings that the schema has, each with a strategy for its values.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;
use proptest::string::string_regex;
use serde_json::{Map, Value, json};

use super::samples::samples;
use super::support::root;

/// Settings and their values, by path.
pub(crate) type Set = BTreeMap<String, Value>;

/// What a setting may be.
pub(crate) type Values = BoxedStrategy<Value>;

/// All settings.
pub(crate) struct Leaves {
    pub(crate) by_path: BTreeMap<String, Values>,
    /// The words of the settings that are a choice of words.
    pub(crate) words: BTreeMap<String, BTreeSet<String>>,
}

impl Leaves {
    pub(crate) fn of_the_schema() -> Self {
        let text = std::fs::read_to_string(root().join("chart/values.schema.json")).expect("the schema");
        let schema: Value = serde_json::from_str(&text).expect("JSON");
        let mut leaves = Self { by_path: BTreeMap::new(), words: BTreeMap::new() };
        leaves.collect("", &schema);
        let pool = &schema["properties"]["workerPools"]["additionalProperties"];
        leaves.by_path.insert("workerPools".to_owned(), pools(pool));
        leaves
    }

    fn collect(&mut self, parent: &str, schema: &Value) {
        for (key, child) in schema["properties"].as_object().into_iter().flatten() {
            let path = if parent.is_empty() { key.clone() } else { format!("{parent}.{key}") };
            // What was a key of the reference chart is there to be refused; pools come later.
            if child.get("const").is_some() || path == "workerPools" {
                continue;
            }
            if let Some(words) = child["enum"].as_array() {
                let words = words.iter().filter_map(Value::as_str).map(str::to_owned).collect();
                self.words.insert(path.clone(), words);
            }
            if child.get("properties").is_some() && !is_secret(child) {
                self.collect(&path, child);
            } else {
                self.by_path.insert(path.clone(), values(&path, child));
            }
        }
    }

    /// All that lie in this section of the top.
    pub(crate) fn section(&self, name: &str) -> Vec<&str> {
        let inside = |path: &&String| path.split('.').next() == Some(name);
        self.by_path.keys().filter(inside).map(String::as_str).collect()
    }

    /// The sections of the top.
    pub(crate) fn sections(&self) -> BTreeSet<&str> {
        self.by_path.keys().filter_map(|path| path.split('.').next()).collect()
    }
}

fn is_secret(schema: &Value) -> bool {
    let has = |key: &str| schema["properties"].get(key).is_some();
    has("value") && has("existingSecret")
}

/// What may stand at this path.
fn values(path: &str, schema: &Value) -> Values {
    if let Some(given) = samples(path) {
        return select(given).boxed();
    }
    if is_secret(schema) {
        return secret(path);
    }
    if let Some(words) = schema["enum"].as_array() {
        return select(words.clone()).boxed();
    }
    let kind = schema["type"].as_str().unwrap_or_default();
    match kind {
        "boolean" => any::<bool>().prop_map(Value::from).boxed(),
        "integer" => integer(schema),
        "number" => {
            let (least, most) = (schema["minimum"].as_f64(), schema["maximum"].as_f64());
            (least.expect("a range")..most.expect("a range")).prop_map(Value::from).boxed()
        }
        "string" => text(path, schema).prop_map(Value::from).boxed(),
        "array" => {
            let item = values(&format!("{path}[]"), &schema["items"]);
            proptest::collection::vec(item, 0..3).prop_map(Value::from).boxed()
        }
        "object" if schema.get("properties").is_some() => {
            let mut leaves = Leaves { by_path: BTreeMap::new(), words: BTreeMap::new() };
            leaves.collect("", schema);
            let all: Vec<_> = leaves.by_path.into_iter().map(named).collect();
            all.prop_map(|all| nest(&all.into_iter().collect())).boxed()
        }
        _ => panic!("{path}: add a sample of it to tests/random/samples.rs"),
    }
}

/// The ends of the range are where mistakes are.
fn integer(schema: &Value) -> Values {
    let (least, most) = (schema["minimum"].as_i64(), schema["maximum"].as_i64());
    let (least, most) = (least.expect("a range"), most.expect("a range"));
    let small = least..=most.min(least + 4);
    prop_oneof![4 => small, 1 => Just(most), 2 => least..=most].prop_map(Value::from).boxed()
}

fn named((path, values): (String, Values)) -> BoxedStrategy<(String, Value)> {
    values.prop_map(move |value| (path.clone(), value)).boxed()
}

/// In one of its ways. A literal says where it belongs.
fn secret(path: &str) -> Values {
    let literal = format!("canary-{}", path.replace('.', "-"));
    let ways = vec![
        json!({"value": literal}),
        json!({"existingSecret": {"name": "users-own"}}),
        json!({"existingSecret": {"name": "users-own", "key": "some.key"}}),
    ];
    select(ways).boxed()
}

/// As its pattern wants it, or any.
fn text(path: &str, schema: &Value) -> BoxedStrategy<String> {
    let least = usize::try_from(schema["minLength"].as_u64().unwrap_or(0)).expect("a length");
    let most = usize::try_from(schema["maxLength"].as_u64().unwrap_or(63)).expect("a length");
    let any = select(FREE.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>()).boxed();
    let made = schema["pattern"].as_str().map_or(any, |pattern| {
        let pattern = printable(pattern.trim_start_matches('^').trim_end_matches('$'));
        string_regex(&pattern).unwrap_or_else(|error| panic!("{path}: {error}")).boxed()
    });
    made.prop_filter("its length", move |text| text.len() >= least && text.len() <= most).boxed()
}

/// Whatever a user may write where any text may stand.
const FREE: &[&str] = &["", "word", "two words", "0123", "1e3", "true", "null", "it's \"x\": # {{ y }}"];

/// A pattern says what may not stand in a text; what then may is all that can be printed.
fn printable(pattern: &str) -> String {
    let mut made = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once("[^") {
        let (class, after) = after.split_once(']').expect("the class's end");
        let allowed: String = ('!'..='~')
            .filter(|character| !class.contains(*character))
            .flat_map(|character| format!("\\x{:02x}", u32::from(character)).into_bytes())
            .map(char::from)
            .collect();
        made = format!("{made}{before}[{allowed}]");
        rest = after;
    }
    (made + rest).replace(".+", "[!-~]{1,20}")
}

/// Some pools of workers, each with some keys of a worker.
fn pools(schema: &Value) -> Values {
    let properties = schema["properties"].as_object().expect("a worker's keys");
    let mut leaves = Leaves { by_path: BTreeMap::new(), words: BTreeMap::new() };
    leaves.collect("", schema);
    assert!(properties.contains_key("queues"), "a pool has queues");
    leaves.by_path.remove("queues");
    let one: Vec<_> = leaves.by_path.into_iter().map(named).collect();
    let extra = proptest::collection::vec(proptest::strategy::Union::new(one), 0..4);
    let names = select(vec!["mail", "a", "fifteen-letters"]);
    let queues = select(vec!["mail", "dataset", "workflow_storage", "retention"]);
    let pool = (queues, extra).prop_map(|(queue, extra)| {
        let mut set: Set = extra.into_iter().collect();
        set.insert("queues".to_owned(), json!([queue]));
        nest(&set)
    });
    proptest::collection::btree_map(names, pool, 0..3).prop_map(|pools| json!(pools)).boxed()
}

/// The values that these settings are.
pub(crate) fn nest(set: &Set) -> Value {
    let mut top = Map::new();
    for (path, value) in set {
        let mut here = &mut top;
        let (parents, key) = path.rsplit_once('.').map_or((None, path.as_str()), |(p, k)| (Some(p), k));
        for parent in parents.into_iter().flat_map(|parents| parents.split('.')) {
            let section = here.entry(parent).or_insert_with(|| json!({}));
            here = section.as_object_mut().expect("a section");
        }
        here.insert(key.to_owned(), value.clone());
    }
    Value::Object(top)
}
