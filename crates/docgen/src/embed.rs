//! Files that a guide shows: a comment names the file, and the fence below it holds the file's text.
//!
//! ```markdown
//! <!-- file: examples/mysql.yaml -->
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use crate::File;

/// Where guides lie.
const GUIDES: &str = "docs/guides";
/// What stands before a fence that is filled.
const MARK: &str = "<!-- file: ";

/// All guides, with the files that they show as they are now.
pub(crate) fn guides(repository: &Path) -> Result<Vec<File>, String> {
    let mut pages = Vec::new();
    find(&repository.join(GUIDES), &mut pages)?;
    pages.sort();
    pages
        .into_iter()
        .map(|path| {
            let text = filled(repository, &read(&path)?)
                .map_err(|problem| format!("{}: {problem}", path.display()))?;
            let path = path.strip_prefix(repository).map(Path::to_path_buf).unwrap_or(path);
            Ok((path, text))
        })
        .collect()
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.is_dir() {
            find(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    Ok(())
}

/// The page with every fence below a mark replaced by the file that the mark names.
fn filled(repository: &Path, page: &str) -> Result<String, String> {
    let mut pieces = page.split(MARK);
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once(" -->").ok_or("a mark has no end")?;
        let after = rest
            .split_once("\n```yaml\n")
            .filter(|(gap, _)| gap.trim().is_empty())
            .and_then(|(_, fence)| fence.split_once("```\n"))
            .map(|(_, after)| after)
            .ok_or_else(|| format!("no ```yaml fence follows the mark of {name}"))?;
        let file = read(&repository.join(name))?;
        text += &format!("{MARK}{name} -->\n\n```yaml\n{}\n```\n{after}", file.trim_end());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::filled;

    #[test]
    fn the_fence_holds_the_file_and_nothing_else_changes() {
        let folder = std::env::temp_dir().join(format!("embed-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("a.yaml"), "a: 1\n").unwrap();
        let page = "before\n<!-- file: a.yaml -->\n\n```yaml\nold: 2\n```\nafter\n```yaml\nb: 3\n```\n";
        let text = filled(&folder, page).unwrap();
        assert_eq!(text, page.replace("old: 2", "a: 1"));
        assert!(filled(&folder, "<!-- file: a.yaml -->\nno fence").unwrap_err().contains("no ```yaml fence"));
        assert!(filled(&folder, "<!-- file: b.yaml -->\n\n```yaml\n```\n").unwrap_err().contains("b.yaml"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
