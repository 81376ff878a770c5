//! The reference of all values for `docs/values.md`: one table per section.

use std::fmt::Write as _;

use crate::registry::{Kind, Registry};
use crate::tree::Tree;

/// The page.
pub(crate) fn reference(registry: &Registry) -> String {
    let mut text = String::from(
        "# Values of the chart\n\n\
         Written by chartgen from `crates/chartgen/src/values`. `chartgen explain KEY` says which templates read a value.\n",
    );
    let mut open = false;
    for entry in registry.entries() {
        let top = !entry.path.contains('.');
        if top {
            let _ = write!(text, "\n## {}\n\n{}\n", entry.path, entry.doc);
            open = false;
        }
        if entry.kind == Kind::Section {
            continue;
        }
        if !open {
            text.push_str("\n| key | type | default | what it does |\n|---|---|---|---|\n");
            open = true;
        }
        let kind = match &entry.kind {
            Kind::Text { choices } if !choices.is_empty() => choices.join(", "),
            other => other.name().to_owned(),
        };
        let doc = if top { "" } else { entry.doc.as_str() };
        let _ =
            writeln!(text, "| `{}` | {kind} | `{}` | {} |", entry.path, short(&entry.default), escape(doc));
    }
    text
}

fn escape(text: &str) -> String {
    text.replace('|', "\\|")
}

/// A default on one line.
pub(crate) fn short(tree: &Tree) -> String {
    match tree {
        Tree::Scalar(text) => text.clone(),
        Tree::List(items) => format!("[{}]", items.iter().map(short).collect::<Vec<_>>().join(", ")),
        Tree::Map(entries) => format!(
            "{{{}}}",
            entries
                .iter()
                .map(|(key, value)| format!("{key}: {}", short(value)))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}
