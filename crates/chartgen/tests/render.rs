//! What the chart renders: as committed. That every Helm renders it and every Kubernetes takes it is in wide.rs.
//!
//! `tests/chart/golden/default.yaml` is the whole default installation; the file of every other value set says in which
//! lines its objects differ from that. `UPDATE_GOLDEN=1 cargo test -p chartgen --test render` writes them anew.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use support::{Helm, Object, borrowed, example_sets, in_parallel, objects, root, value_sets};

fn sets() -> Vec<(String, Vec<String>)> {
    value_sets().into_iter().collect()
}

#[test]
fn oldest_and_newest_helm_render_the_same() {
    let sets: Vec<(String, Vec<String>)> = example_sets().into_iter().collect();
    in_parallel(&sets, |(name, arguments)| {
        let arguments = borrowed(arguments);
        assert_eq!(Helm::Oldest.render(&arguments), Helm::Newest.render(&arguments), "{name}");
    });
}

#[test]
fn renders_are_as_committed() {
    let plain = objects(&Helm::Newest.render(&[]));
    let folder = root().join("tests/chart/golden");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    for (name, arguments) in sets() {
        let rendered = objects(&Helm::Newest.render(&borrowed(&arguments)));
        let golden = if arguments.is_empty() { whole(&rendered) } else { difference(&plain, &rendered) };
        let extension = if arguments.is_empty() { "yaml" } else { "diff" };
        let path = folder.join(format!("{name}.{extension}"));
        if update {
            std::fs::create_dir_all(&folder).expect("the folder");
            std::fs::write(&path, &golden).expect("the file");
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        let line = committed.lines().zip(golden.lines()).position(|(old, new)| old != new);
        assert!(
            committed == golden,
            "{} differs from what is rendered, first in line {:?}; UPDATE_GOLDEN=1 accepts it",
            path.display(),
            line.map(|line| line + 1)
        );
    }
}

fn whole(objects: &[Object]) -> String {
    objects.iter().map(|object| object.text.as_str()).collect::<Vec<_>>().join("---\n")
}

/// What is new, gone or different, object by object.
fn difference(plain: &[Object], rendered: &[Object]) -> String {
    let by_key = |objects: &[Object]| -> BTreeMap<String, Vec<String>> {
        objects
            .iter()
            .map(|object| (object.key(), object.text.lines().map(str::to_owned).collect()))
            .collect()
    };
    let (before, now) = (by_key(plain), by_key(rendered));
    let keys: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    let none = Vec::new();
    let mut text = String::new();
    for key in keys {
        let lines = changes(before.get(key).unwrap_or(&none), now.get(key).unwrap_or(&none));
        match (before.contains_key(key), now.contains_key(key)) {
            (true, false) => drop(writeln!(text, "gone: {key}")),
            _ if lines.is_empty() => {}
            _ => drop(writeln!(text, "{key}\n{}", lines.join("\n"))),
        }
    }
    text
}

/// The lines that only one of both has, found by their longest common subsequence.
fn changes(old: &[String], new: &[String]) -> Vec<String> {
    let mut length = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            length[i][j] = if old[i] == new[j] {
                length[i + 1][j + 1] + 1
            } else {
                length[i + 1][j].max(length[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut lines = Vec::new();
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && length[i + 1][j] >= length[i][j + 1]) {
            lines.push(format!("-{}", old[i]));
            i += 1;
        } else {
            lines.push(format!("+{}", new[j]));
            j += 1;
        }
    }
    lines
}

#[test]
fn a_template_can_be_shown_alone() {
    let rendered = Helm::Newest.render(&["--show-only", "templates/api/deployment.yaml"]);
    assert_eq!(objects(&rendered).len(), 1);
}

/// Whoever copies the file of values, as many do, gets what they would get without it.
#[test]
fn defaults_that_are_written_out_change_nothing() {
    let file = root().join("chart/values.yaml");
    let defaults = file.to_string_lossy();
    let sets: Vec<(String, Vec<String>)> = example_sets().into_iter().collect();
    in_parallel(&sets, |(name, arguments)| {
        let arguments = borrowed(arguments);
        let written = [&["--values", &*defaults], arguments.as_slice()].concat();
        assert_eq!(Helm::Newest.render(&written), Helm::Newest.render(&arguments), "{name}");
    });
}
