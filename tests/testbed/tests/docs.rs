//! What the documents tell people to type exists, and what they point at is there.

use std::fs;
use std::path::PathBuf;

fn root() -> PathBuf {
    testbed::process::repository()
}

fn read(file: &str) -> String {
    let text = fs::read_to_string(root().join(file));
    assert!(text.is_ok(), "{file} cannot be read");
    text.unwrap_or_default()
}

const DOCUMENTS: [&str; 2] = ["README.md", "CONTRIBUTING.md"];

/// Words behind `./just ` anywhere in a text.
fn recipes(text: &str) -> Vec<String> {
    text.match_indices("./just ")
        .map(|(at, found)| &text[at + found.len()..])
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect())
        .collect()
}

#[test]
fn every_recipe_that_a_document_names_exists() {
    let justfile = read("justfile");
    for document in DOCUMENTS {
        for recipe in recipes(&read(document)) {
            let defined = justfile.lines().any(|line| {
                line.strip_prefix(&recipe).is_some_and(|rest| rest.starts_with(':') || rest.starts_with(' '))
            });
            assert!(defined, "{document} names ./just {recipe}, which the justfile does not have");
        }
    }
}

/// The README's commands are not only there: CI runs them, from a fresh clone.
#[test]
fn both_commands_of_the_readme_are_what_ci_runs() {
    let ci = read(".ci/run");
    for recipe in ["up", "test"] {
        assert!(recipes(&read("README.md")).contains(&recipe.to_owned()), "README.md lacks ./just {recipe}");
        assert!(ci.lines().any(|line| line == format!("./just {recipe}")), ".ci/run lacks ./just {recipe}");
    }
}

#[test]
fn every_link_of_a_document_leads_somewhere() {
    for document in DOCUMENTS {
        let text = read(document);
        for (at, _) in text.match_indices("](") {
            let target: String = text[at + 2..].chars().take_while(|c| *c != ')').collect();
            if target.starts_with("http") || target.starts_with('#') {
                continue;
            }
            assert!(root().join(&target).exists(), "{document} points at {target}");
        }
    }
}

/// A table of binaries that a document shows is the set of binaries that the image holds.
#[test]
fn the_readme_knows_every_binary() {
    let (readme, versions) = (read("README.md"), read("tests/ci/versions.sh"));
    let listed = versions.lines().find_map(|line| line.strip_prefix("BINARIES=(")).expect("the binaries");
    for tool in listed.trim_end_matches(')').split_whitespace() {
        let page = format!("docs/{tool}.md");
        assert!(readme.contains(&format!("| [`{tool}`]({page}) |")), "README.md does not describe {tool}");
    }
}
