//! `release-check`: what our data lack for a release of Dify, found in its sources.

mod read;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use topology::Release;

use crate::Error;
pub(crate) use read::Sources;
use read::{Sets, read};

/// Compares a release's sources with our data of that release, or with the newest one that we have.
pub(crate) fn check(version: &str, sources: &Sources) -> Result<String, Error> {
    let found = read(sources)?;
    let ours = topology::release(version).or_else(|| topology::RELEASES.last());
    let ours = ours.ok_or_else(|| Error::Unknown("any release".to_owned()))?;
    let mut text = format!("Dify {version}, compared with our data of {}\n", ours.version);
    let before = text.len();
    if topology::release(version).is_none() {
        let _ = writeln!(text, "\nno data of this release: crates/topology/src/releases");
    }
    for (name, words) in &found {
        text.push_str(&difference(name, words, &known(ours, name), ours));
    }
    if text.len() == before { Ok(text + "nothing is missing") } else { Err(Error::Release(text)) }
}

/// Writes the sets as the lists that `topology` keeps of a release.
pub(crate) fn write(version: &str, sources: &Sources, read_at: &str, out: &Path) -> Result<String, Error> {
    let folder = out.join(version);
    let failed = |source| Error::Io { path: folder.display().to_string(), source };
    std::fs::create_dir_all(&folder).map_err(failed)?;
    let found: Sets = read(sources)?;
    for (name, words) in found.iter().filter(|(name, _)| !["images", "schema-head"].contains(name)) {
        let lines: Vec<&str> = words.iter().map(String::as_str).collect();
        let text = format!("# Read at {read_at}.\n{}\n", lines.join("\n"));
        std::fs::write(folder.join(format!("{name}.txt")), text).map_err(failed)?;
    }
    Ok(format!("{} written", folder.display()))
}

/// What our data say.
fn known(release: &Release, name: &str) -> BTreeSet<String> {
    match name {
        "images" => release
            .images
            .iter()
            .filter(|image| image.repository.starts_with("langgenius/dify-"))
            .map(|image| format!("{}:{}", image.repository, image.tag))
            .collect(),
        "schema-head" => BTreeSet::from([release.schema_head.to_owned()]),
        list => release.known(list).into_iter().flatten().map(str::to_owned).collect(),
    }
}

fn difference(name: &str, found: &BTreeSet<String>, known: &BTreeSet<String>, release: &Release) -> String {
    let mut text = String::new();
    for word in found.difference(known) {
        let _ = writeln!(text, "  + {word}");
    }
    for word in known.difference(found) {
        let set = topology::variables()
            .any(|one| one.name == word && one.read_by(name) && one.read_by_release(release.version));
        let _ = writeln!(text, "  - {word}{}", if set { ", which the chart sets" } else { "" });
    }
    if text.is_empty() { text } else { format!("\n{name}\n{text}") }
}
