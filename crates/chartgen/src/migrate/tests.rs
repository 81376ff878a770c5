//! Nothing is lost, nothing is made up.

#![allow(clippy::expect_used, reason = "a test that cannot go on has failed")]

use boon::{Compiler, Schemas};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::output::put;
use super::rules::{Rule, exact, paths, rules};
use super::walk::leaves;
use super::{Options, migrate_with};
use crate::registry::Registry;
use crate::schema::schema;
use crate::values::Values;

#[test]
fn every_target_is_a_value_of_the_chart() {
    let registry = Registry::load().expect("the values");
    for (old, rule) in rules() {
        if let Rule::To(to) = rule {
            assert!(registry.get(to).is_some(), "{old} -> {to}: no such value");
        }
    }
}

/// A key that this chart has under the same path is carried as it is: a rule for it would mislead its reader.
#[test]
fn no_rule_is_dead() {
    let registry = Registry::load().expect("the values");
    let dead: Vec<&str> = rules()
        .filter(|(_, rule)| !matches!(rule, Rule::By(..)))
        .map(|(old, _)| *old)
        .filter(|old| paths(old).iter().all(|path| path.contains('.') && registry.get(path).is_some()))
        .collect();
    assert_eq!(dead, Vec::<&str>::new());
}

#[test]
fn no_rule_stands_twice() {
    let mut seen: Vec<&str> = rules().map(|(old, _)| *old).collect();
    seen.sort_unstable();
    let all = seen.len();
    seen.dedup();
    assert_eq!(seen.len(), all);
    assert!(matches!(exact("web.enableServiceLinks"), Some(Rule::Dropped(_))));
    assert!(exact("web.enableServiceLinks.enabled").is_none());
}

/// Paths of old files: those of the rules, those of this chart, deeper ones, and ones that nobody knows.
fn old_paths() -> Vec<String> {
    let registry = Registry::load().expect("the values");
    let mut all: Vec<String> = rules().flat_map(|(old, _)| paths(old)).collect();
    all.extend(registry.entries().iter().map(|entry| entry.path.clone()));
    let deeper: Vec<String> = all.iter().step_by(3).map(|path| format!("{path}.below.it")).collect();
    all.extend(deeper);
    for section in [
        "externalSecret.api.remoteRefs.SECRET_KEY.key",
        "externalMilvus.enabled",
        "what.is.this",
        "api.repicas",
    ] {
        all.push(section.to_owned());
    }
    all
}

fn value() -> impl Strategy<Value = Value> {
    select(vec![
        json!(true),
        json!(false),
        json!(null),
        json!(0),
        json!(3),
        json!(70_000),
        json!(2.5),
        json!(""),
        json!("yes"),
        json!("0123"),
        json!("a: {{ b }}\n- \"c\" #"),
        json!("ReadWriteMany"),
        json!([]),
        json!({}),
        json!(["one"]),
        json!([{"name": "LOG_LEVEL", "value": "DEBUG"}, {"name": "MODE", "value": "api"}, {}]),
        json!({"key": "value", "1e3": {"deep": [1]}}),
    ])
}

fn old_file() -> impl Strategy<Value = Value> {
    let entry = (select(old_paths()), value());
    let switches =
        select(vec!["externalPostgres", "externalRedis", "externalS3", "externalWeaviate", "externalSecret"]);
    (prop::collection::vec(entry, 0..25), prop::collection::vec(switches, 0..3)).prop_map(
        |(entries, switches)| {
            let mut file = json!({});
            for (path, value) in entries {
                put(&mut file, &path, value);
            }
            for section in switches {
                put(&mut file, &format!("{section}.enabled"), json!(true));
            }
            file
        },
    )
}

fn options() -> impl Strategy<Value = Options> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(live, keep, secret)| Options {
        release: live.then(|| "old".to_owned()),
        keep_stores: live && keep,
        secret: secret.then(|| "dify-moved".to_owned()),
    })
}

/// The defaults under the new values, as Helm lays them.
fn merge(defaults: &mut Value, values: &Value) {
    match (defaults, values) {
        (Value::Object(defaults), Value::Object(values)) => {
            for (key, value) in values {
                merge(defaults.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (defaults, values) => *defaults = values.clone(),
    }
}

thread_local! {
    static REGISTRY: Registry = Registry::load().expect("the values");
    static WHOLE: (Schemas, boon::SchemaIndex) = {
        let (mut compiler, mut schemas) = (Compiler::new(), Schemas::new());
        compiler.add_resource("mem:///schema.json", schema()).expect("the schema");
        let index = compiler.compile("mem:///schema.json", &mut schemas).expect("the schema");
        (schemas, index)
    };
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_leaf_is_accounted_for_and_every_value_fits(old in old_file(), options in options()) {
        let moved = REGISTRY.with(|registry| migrate_with(registry, &old, "old.yaml", &options));
        for (section, value) in old.as_object().expect("a map") {
            leaves(section, value, &mut |leaf, _| {
                let told = moved.lines.iter().any(|line| {
                    leaf.strip_prefix(&line.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                        || line.path.strip_prefix(leaf).is_some_and(|rest| rest.starts_with('['))
                });
                assert!(told, "{leaf} is lost of {old}");
            });
        }
        let values: Value = serde_saphyr::from_str(&moved.values).expect("YAML");
        let mut whole = serde_json::to_value(Values::default()).expect("the defaults");
        merge(&mut whole, &values);
        WHOLE.with(|(schemas, index)| {
            if let Err(error) = schemas.validate(&whole, *index) {
                panic!("{error}\n{}", moved.values);
            }
        });
    }
}
