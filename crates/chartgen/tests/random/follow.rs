//! A refusal says what to set. Doing so is how a switch of the schema is turned on with all that it needs.

use serde_json::{Value, json};

use super::draw::Draw;
use super::leaves::Set;

/// Does what the sentence says, and returns the setting that it changed.
pub(crate) fn follow(set: &mut Set, sentence: &str, draw: &mut Draw<'_>) -> Option<String> {
    let (before, after) = sentence.split_once(": ").unwrap_or((sentence, ""));
    let words: Vec<&str> = after.split_whitespace().chain(before.split_whitespace()).map(bare).collect();
    for (index, word) in words.iter().enumerate() {
        if let Some((map, name)) = entry(word) {
            let given = if map.ends_with("secrets") {
                json!({"value": format!("canary-{name}")})
            } else {
                json!("word")
            };
            set.entry(map.to_owned()).or_insert_with(|| json!({}))[name] = given;
            return Some(map.to_owned());
        }
        if !draw.leaves.by_path.contains_key(*word) {
            continue;
        }
        let missing = before.ends_with("is missing");
        let next = match (words.get(index + 1).copied(), words.get(index + 2).copied()) {
            (Some("to"), Some(word)) | (Some(word), _) => word,
            _ => "",
        };
        if next == "is" && !missing {
            // What is said of it, not what to do.
            continue;
        }
        let value = match next {
            "true" | "false" => json!(next == "true"),
            next if draw.leaves.words.get(*word).is_some_and(|words| words.contains(next)) => json!(next),
            _ => some(draw, word),
        };
        set.insert((*word).to_owned(), value);
        return Some((*word).to_owned());
    }
    None
}

fn bare(word: &str) -> &str {
    word.trim_matches([',', ';', '.', ':'])
}

/// A variable of a vector store that the schema has no key for.
fn entry(word: &str) -> Option<(&str, &str)> {
    let (map, name) = word.rsplit_once('.')?;
    ["externalVectorStore.settings", "externalVectorStore.secrets"].contains(&map).then_some((map, name))
}

/// A value that says something.
fn some(draw: &mut Draw<'_>, path: &str) -> Value {
    for _ in 0..100 {
        let value = draw.value(path);
        if value != json!("") && value != json!([]) && value != json!(false) {
            return value;
        }
    }
    panic!("{path} is always empty");
}
