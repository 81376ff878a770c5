//! `values.yaml`: every default with what it does above it.

use std::fmt::Write as _;

use crate::registry::{Kind, Registry};
use crate::tree::Tree;

/// Comments are wrapped here.
const WIDTH: usize = 100;

/// The file.
pub(crate) fn values_yaml(registry: &Registry) -> String {
    let mut text = String::from(
        "# Values of the Dify chart. Written by chartgen from crates/chartgen/src/values; change them there.\n\
         # A key that is misspelt, removed or of the wrong type is refused by the schema, by name.\n",
    );
    let mut before = String::new();
    for entry in registry.entries() {
        let depth = entry.path.matches('.').count();
        let key = entry.path.rsplit('.').next().unwrap_or(&entry.path);
        let indent = "  ".repeat(depth);
        if depth == 0 {
            text.push('\n');
        }
        // The same few keys recur in every image, secret and pod: said once is enough.
        if !said_before(&before, &entry.path, &entry.doc) {
            for line in wrap(&entry.doc, WIDTH - indent.len() - 2) {
                let _ = writeln!(text, "{indent}# {line}");
            }
            if let Kind::Text { choices } = &entry.kind
                && !choices.is_empty()
            {
                let _ = writeln!(text, "{indent}# One of: {}.", choices.join(", "));
            }
            before.push_str(&mark(&entry.path, &entry.doc));
        }
        match &entry.kind {
            Kind::Section => {
                let _ = writeln!(text, "{indent}{key}:");
            }
            _ => print(&mut text, &format!("{indent}{key}:"), &entry.default, depth),
        }
    }
    text
}

fn mark(path: &str, doc: &str) -> String {
    let key = path.rsplit('.').next().unwrap_or(path);
    format!("\n{key}\t{doc}\n")
}

/// Whether a deeper key of this name was already described with these very words.
fn said_before(before: &str, path: &str, doc: &str) -> bool {
    path.contains('.') && before.contains(&mark(path, doc))
}

fn print(text: &mut String, key: &str, value: &Tree, depth: usize) {
    let indent = "  ".repeat(depth + 1);
    match value {
        Tree::Scalar(scalar) => {
            let _ = writeln!(text, "{key} {scalar}");
        }
        Tree::List(items) if items.is_empty() => {
            let _ = writeln!(text, "{key} []");
        }
        Tree::Map(entries) if entries.is_empty() => {
            let _ = writeln!(text, "{key} {{}}");
        }
        Tree::List(items) => {
            let _ = writeln!(text, "{key}");
            for item in items {
                print_item(text, item, depth + 1);
            }
        }
        Tree::Map(entries) => {
            let _ = writeln!(text, "{key}");
            for (name, child) in entries {
                print(text, &format!("{indent}{name}:"), child, depth + 1);
            }
        }
    }
}

fn print_item(text: &mut String, item: &Tree, depth: usize) {
    let indent = "  ".repeat(depth);
    match item {
        Tree::Map(entries) => {
            for (position, (name, child)) in entries.iter().enumerate() {
                let lead = if position == 0 { "- " } else { "  " };
                print(text, &format!("{indent}{lead}{name}:"), child, depth + 1);
            }
        }
        _ => print(text, &format!("{indent}-"), item, depth),
    }
}

/// Breaks a text into lines of at most this many characters.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.len() + 1 + word.len() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}
