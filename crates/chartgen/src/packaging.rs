//! `Chart.yaml` with what Artifact Hub shows, and the chart's README.

use std::fmt::Write as _;

use crate::RELEASE;
use crate::reference::short;
use crate::registry::{Kind, Registry};

/// What has changed, as people read it; the changes of the newest version become an annotation.
const CHANGELOG: &str = include_str!("../../../CHANGELOG.md");
/// All of the chart's README but the table of values.
const README: &str = include_str!("text/README.md");

/// The chart's own data.
pub(crate) fn chart_yaml(registry: &Registry) -> String {
    let images: String = images(registry).fold(String::new(), |mut text, (name, image)| {
        let _ = write!(text, "    - name: {name}\n      image: {image}\n");
        text
    });
    let changes: String = changes().fold(String::new(), |mut text, (kind, change)| {
        let _ = write!(text, "    - kind: {kind}\n      description: {change:?}\n");
        text
    });
    format!(
        "# Written by chartgen; change it in crates/chartgen/src/packaging.rs.\n\
         apiVersion: v2\n\
         name: dify\n\
         description: Dify with a proven start order\n\
         type: application\n\
         version: {}\n\
         appVersion: \"{RELEASE}\"\n\
         kubeVersion: \">=1.23.0-0\"\n\
         keywords: [dify, llm, rag, agents, workflow]\n\
         annotations:\n\
         \x20 artifacthub.io/category: ai-machine-learning\n\
         \x20 artifacthub.io/license: Apache-2.0\n\
         \x20 artifacthub.io/prerelease: \"{}\"\n\
         \x20 artifacthub.io/images: |\n{images}\
         \x20 artifacthub.io/changes: |\n{changes}",
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_VERSION").starts_with("0."),
    )
}

/// Name and default reference of every image that some values may start: what an air gap must be given.
fn images(registry: &Registry) -> impl Iterator<Item = (String, String)> {
    let text = |path: String| {
        registry
            .get(&path)
            .map(|entry| short(&entry.default).trim_matches('"').to_owned())
            .unwrap_or_default()
    };
    registry.entries().iter().filter_map(move |entry| {
        let name = entry.path.strip_prefix("image.")?;
        if name.contains('.') || entry.kind != Kind::Section {
            return None;
        }
        let [repository, tag] = ["repository", "tag"].map(|key| text(format!("{}.{key}", entry.path)));
        Some((name.to_owned(), format!("{repository}:{tag}")))
    })
}

/// Kind and text of each change in the newest section of the changelog.
fn changes() -> impl Iterator<Item = (&'static str, String)> {
    let newest = CHANGELOG.split("\n## ").nth(1).unwrap_or_default();
    newest.split("\n### ").skip(1).flat_map(|part| {
        let (heading, items) = part.split_once('\n').unwrap_or((part, ""));
        let kind = match heading.trim() {
            "Changed" => "changed",
            "Deprecated" => "deprecated",
            "Removed" => "removed",
            "Fixed" => "fixed",
            "Security" => "security",
            _ => "added",
        };
        items.split("\n- ").map(|item| item.trim_start_matches("- ")).filter_map(move |item| {
            let text = item.split_whitespace().collect::<Vec<_>>().join(" ");
            (!text.is_empty()).then_some((kind, text))
        })
    })
}

/// The chart's README: how it is used, and one line for each section of the values.
pub(crate) fn readme(registry: &Registry) -> String {
    let mut table = String::from("| section | what it is for |\n|---|---|\n");
    for entry in registry.entries().iter().filter(|entry| !entry.path.contains('.')) {
        let _ = writeln!(table, "| `{}` | {} |", entry.path, entry.doc.replace('|', "\\|"));
    }
    README.replace("{{values}}\n", &table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_image_and_every_change_is_told() {
        let registry = Registry::load().expect("the values");
        let release = topology::release(RELEASE).expect("described");
        let told: Vec<String> = images(&registry).map(|(_, image)| image).collect();
        for image in release.images {
            assert!(told.contains(&format!("{}:{}", image.repository, image.tag)), "{}", image.name);
        }
        assert!(told.iter().any(|image| image.contains("dify-preflight:")));
        let bullets = CHANGELOG.split("\n## ").nth(1).expect("a section").matches("\n- ").count();
        assert_eq!(changes().count(), bullets);
    }
}
