//! The graph as a picture: columns from left to right, and for each arrow a line of its own at the box that it points to,
//! with its label before it, so that no label meets another.

use std::fmt::Write as _;

use super::{Edge, Graph, Node};

/// Left edge and width of each column's boxes.
const COLUMNS: [(i32, i32); 4] = [(20, 110), (230, 130), (490, 110), (860, 150)];
/// Where each column begins: the migration stands above the arrows that pass it.
const TOPS: [i32; 4] = [150, 130, 20, 96];
const GAPS: [i32; 4] = [0, 34, 0, 22];
/// Height of an arrow's line, and of a line of text.
const LINE: i32 = 24;
const WIDTH: i32 = 1030;

const STYLE: &str = "\
  text { font: 14px system-ui, sans-serif; fill: #1f2328; }
  .box { fill: #f6f8fa; stroke: #59636e; stroke-width: 1.2; }
  .job { fill: #ddf4ff; stroke: #0969da; }
  .dify { fill: #dafbe1; stroke: #1a7f37; }
  .name { font-weight: 600; text-anchor: middle; }
  .label { font-size: 12px; text-anchor: end; fill: #59636e; }
  .note { font-size: 13px; fill: #59636e; }
  .arrow { fill: none; stroke: #818b98; stroke-width: 1.3; }
  .head { fill: #818b98; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .box { fill: #151b23; stroke: #9198a1; }
    .job { fill: #0c2d6b; stroke: #4493f8; }
    .dify { fill: #033a16; stroke: #3fb950; }
    .label { fill: #9198a1; }
    .note { fill: #9198a1; }
  }
";

/// A node and where it stands.
struct Place<'g> {
    node: &'g Node,
    x: i32,
    y: i32,
    width: i32,
    height: i32,
}

pub(super) fn svg(graph: &Graph) -> String {
    let places = places(graph);
    let bottom = places.iter().map(|place| place.y + place.height).max().unwrap_or_default();
    let height = bottom + 90;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\">\n\
         <title>What must be proven before which part of Dify starts</title>\n<style>\n{STYLE}</style>\n"
    );
    for edge in &graph.edges {
        arrow(&mut text, edge, graph, &places);
    }
    for place in &places {
        shape(&mut text, place);
    }
    for (line, note) in notes(graph).iter().enumerate() {
        let y = bottom + 40 + i32::try_from(line).unwrap_or_default() * 22;
        let _ = writeln!(text, "<text class=\"note\" x=\"20\" y=\"{y}\">{note}</text>");
    }
    text.push_str("</svg>\n");
    text
}

fn notes(graph: &Graph) -> [String; 2] {
    [
        "Blue: jobs. Green: Dify. An arrow leads from what is proven to what starts then.".to_owned(),
        format!("{} wait for nothing.", graph.free.join(", ")),
    ]
}

fn count(length: usize) -> i32 {
    i32::try_from(length).unwrap_or_default()
}

fn places(graph: &Graph) -> Vec<Place<'_>> {
    let mut next = TOPS;
    graph
        .nodes
        .iter()
        .map(|node| {
            let (x, width) = COLUMNS[node.column];
            let arrows = graph.edges.iter().filter(|edge| edge.to == node.id).count();
            let height = 20 + LINE * count(arrows.max(node.names.len()).max(1));
            let y = next[node.column];
            next[node.column] += height + GAPS[node.column];
            Place { node, x, y, width, height }
        })
        .collect()
}

fn shape(text: &mut String, place: &Place<'_>) {
    let kind = match (place.node.job, place.node.column) {
        (true, _) => " job",
        (false, 3) => " dify",
        _ => "",
    };
    let Place { x, y, width, height, .. } = place;
    let _ = writeln!(
        text,
        "<rect class=\"box{kind}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"7\"/>"
    );
    let first = y + height / 2 + 5 - (count(place.node.names.len()) - 1) * LINE / 2;
    for (line, name) in place.node.names.iter().enumerate() {
        let (center, baseline) = (x + width / 2, first + count(line) * LINE);
        let _ = writeln!(text, "<text class=\"name\" x=\"{center}\" y=\"{baseline}\">{name}</text>");
    }
}

/// The height at which this edge leaves or enters a box, among all that do.
fn port(place: &Place<'_>, edges: &[&Edge], edge: &Edge) -> i32 {
    let position = edges.iter().position(|other| std::ptr::eq(*other, edge)).unwrap_or_default();
    place.y + place.height * (2 * count(position) + 1) / (2 * count(edges.len()).max(1))
}

fn arrow(text: &mut String, edge: &Edge, graph: &Graph, places: &[Place<'_>]) {
    let of = |id: &str| places.iter().find(|place| place.node.id == id);
    let (Some(from), Some(to)) = (of(edge.from), of(edge.to)) else { return };
    // At either end in the order in which the others stand, so that few lines cross.
    let mut leaving: Vec<&Edge> = graph.edges.iter().filter(|other| other.from == edge.from).collect();
    leaving.sort_by_key(|other| of(other.to).map(|place| place.y));
    let mut entering: Vec<&Edge> = graph.edges.iter().filter(|other| other.to == edge.to).collect();
    entering.sort_by_key(|other| of(other.from).map(|place| place.y));
    let (x1, y1) = (from.x + from.width, port(from, &leaving, edge));
    let (x2, y2) = (to.x - 8, port(to, &entering, edge));
    // The last stretch is straight: the label stands on it.
    let bend = x2 - 14 - 7 * count(edge.label.len());
    let middle = i32::midpoint(x1, bend);
    let _ = writeln!(
        text,
        "<path class=\"arrow\" d=\"M{x1} {y1} C{middle} {y1} {middle} {y2} {bend} {y2} H{x2}\"/>\n\
         <path class=\"head\" d=\"M{x2} {} l8 4 l-8 4 z\"/>\n\
         <text class=\"label\" x=\"{}\" y=\"{}\">{}</text>",
        y2 - 4,
        x2 - 6,
        y2 - 4,
        edge.label
    );
}
