//! The graph as Mermaid's text.

use std::fmt::Write as _;

use super::Graph;

pub(super) fn mermaid(graph: &Graph) -> String {
    let mut text = String::from("flowchart LR\n");
    for node in &graph.nodes {
        let (open, close) = if node.job { ("([", "])") } else { ("[", "]") };
        let _ = writeln!(text, "  {}{open}\"{}\"{close}", id(node.id), node.names.join("<br>"));
    }
    for edge in &graph.edges {
        let _ = writeln!(text, "  {} -->|\"{}\"| {}", id(edge.from), edge.label, id(edge.to));
    }
    let _ = writeln!(text, "  free[\"{}<br>wait for nothing\"]", graph.free.join("<br>"));
    text
}

fn id(name: &str) -> String {
    name.replace([' ', '-'], "_")
}
