//! `graph`: what must be proven before what starts, drawn from the topology.

mod mermaid;
mod svg;

use std::collections::BTreeMap;

use topology::{Kind, Need, Release};

use crate::{Error, RELEASE};

/// How a graph is written.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Format {
    /// A picture.
    Svg,
    /// A text that many viewers of Markdown draw.
    Mermaid,
}

/// Who makes good a need.
const PROVIDERS: &[(&str, &[Need])] = &[
    ("database", &[Need::Database, Need::PluginDatabase, Need::PluginMigrations]),
    ("redis", &[Need::Redis, Need::Broker, Need::EventBus]),
    ("files", &[Need::Storage, Need::PluginStorage]),
    ("vector store", &[Need::Vector]),
    ("keys", &[Need::Keys]),
    ("migrate", &[Need::Migrations]),
];

/// What the jobs do themselves, so that no check of theirs asks for it.
const WORK: &[(&str, &str, &str)] = &[
    ("bootstrap", "database", "makes"),
    ("bootstrap", "files", "makes"),
    ("bootstrap", "vector store", "makes"),
    ("database", "migrate", "database"),
];

/// One box.
struct Node {
    id: &'static str,
    /// Its lines: components that need the same share a box.
    names: Vec<&'static str>,
    /// 0 makes what is missing, 1 is needed, 2 migrates, 3 is Dify.
    column: usize,
    job: bool,
}

/// One arrow: `to` starts when this is proven of `from`.
struct Edge {
    from: &'static str,
    to: &'static str,
    label: String,
}

struct Graph {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    /// Components that wait for nothing.
    free: Vec<&'static str>,
}

/// The graph of the release that the chart installs.
pub(crate) fn graph(format: Format) -> Result<String, Error> {
    let release = topology::release(RELEASE).ok_or_else(|| Error::Unknown(format!("release {RELEASE}")))?;
    let graph = model(release);
    Ok(match format {
        Format::Svg => svg::svg(&graph),
        Format::Mermaid => mermaid::mermaid(&graph),
    })
}

/// The page that shows both.
pub(crate) fn page() -> Result<String, Error> {
    let mermaid = graph(Format::Mermaid)?;
    Ok(format!(
        "# What starts after what\n\n\
         Written by `chartgen generate` from `crates/topology`; `chartgen graph` prints it. An arrow leads from what is proven \
         to what\nstarts then, and says which proof it is. The proofs are the init containers of the pod.\n\n\
         ![Graph of the start order](graph.svg)\n\n\
         The same as text:\n\n```mermaid\n{mermaid}```\n"
    ))
}

fn model(release: &Release) -> Graph {
    let fixed = |id, column, job| Node { id, names: vec![id], column, job };
    let mut nodes = vec![
        fixed("bootstrap", 0, true),
        fixed("database", 1, false),
        fixed("redis", 1, false),
        fixed("files", 1, false),
        fixed("vector store", 1, false),
        fixed("keys", 1, true),
        fixed("migrate", 2, true),
    ];
    let mut edges: Vec<Edge> =
        WORK.iter().map(|(from, to, label)| Edge { from, to, label: (*label).to_owned() }).collect();
    let mut free = Vec::new();
    // By what they need, so that equals share a box.
    let mut groups: BTreeMap<&[Need], &'static str> = BTreeMap::new();
    for component in release.components.iter().filter(|component| component.kind != Kind::Store) {
        if component.kind == Kind::Job {
            connect(&mut edges, component.needs, component.name);
        } else if component.needs.is_empty() {
            free.push(component.name);
        } else if let Some(first) = groups.get(component.needs) {
            nodes
                .iter_mut()
                .filter(|node| node.id == *first)
                .for_each(|node| node.names.push(component.name));
        } else {
            groups.insert(component.needs, component.name);
            nodes.push(fixed(component.name, 3, false));
            connect(&mut edges, component.needs, component.name);
        }
    }
    Graph { nodes, edges, free }
}

/// An arrow from everyone who makes good one of these needs.
fn connect(edges: &mut Vec<Edge>, needs: &[Need], to: &'static str) {
    for (from, provided) in PROVIDERS {
        let proven: Vec<&str> =
            needs.iter().filter(|need| provided.contains(need)).map(|need| need.name()).collect();
        if !proven.is_empty() {
            edges.push(Edge { from, to, label: proven.join(", ") });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_need_of_every_component_is_an_arrow() {
        let release = topology::release(RELEASE).expect("described");
        let graph = model(release);
        for component in release.components.iter().filter(|component| component.kind != Kind::Store) {
            let node = graph.nodes.iter().find(|node| node.names.contains(&component.name));
            let Some(node) = node else {
                assert!(graph.free.contains(&component.name), "{} is not drawn", component.name);
                continue;
            };
            for need in component.needs {
                let drawn = |edge: &&Edge| {
                    edge.to == node.id && edge.label.split(", ").any(|label| label == need.name())
                };
                assert_eq!(graph.edges.iter().filter(drawn).count(), 1, "{} {need}", component.name);
            }
        }
        for edge in &graph.edges {
            for end in [edge.from, edge.to] {
                assert!(graph.nodes.iter().any(|node| node.id == end), "{end}");
            }
        }
    }
}
