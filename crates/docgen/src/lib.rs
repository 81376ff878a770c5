//! The documentation that follows from the code.
//!
//! | file | made from |
//! |---|---|
//! | `docs/TOOL.md` | the tool's `PROVES.md`, its command line, its `VARIABLES`, its `states.toml` |
//! | `docs/proven-against.md` | all `states.toml` |
//! | fences in `docs/guides` | the file that the comment above them names |
//! | `docs/man/*.1`, `docs/completions/*` | its command line |
//! | `docs/report.schema.json` | the line of `--output json`, [`preflight::report::Line`] |
//!
//! Nothing here is written by hand twice: a change of a flag, a variable or a finding changes its page.

mod embed;
mod flags;
mod page;
mod proven;
mod shell;
mod tool;

use std::fs;
use std::path::{Path, PathBuf};

pub use tool::{Tool, tools};

/// A file to write: its path in the repository, and its text.
pub type File = (PathBuf, String);

/// All files.
///
/// # Errors
/// A sentence about a file that cannot be read, or is not sound.
pub fn files(repository: &Path) -> Result<Vec<File>, String> {
    let mut files = vec![(PathBuf::from("docs/report.schema.json"), report_schema()?)];
    let mut tables = Vec::new();
    for tool in tools() {
        let folder = repository.join("crates").join(tool.name);
        let prose = folder.join("PROVES.md");
        let prose = fs::read_to_string(&prose).map_err(|error| format!("{}: {error}", prose.display()))?;
        let table = states::read(&folder)?;
        files.push((
            PathBuf::from(format!("docs/{}.md", tool.name)),
            page::page(&tool, &prose, &table.states),
        ));
        files.extend(shell::files(&tool)?);
        tables.push((tool.name, table));
    }
    files.push((PathBuf::from("docs/proven-against.md"), proven::page(&tables)));
    files.extend(embed::guides(repository)?);
    Ok(files)
}

/// Writes them.
///
/// # Errors
/// A sentence about a file that cannot be written.
pub fn write(repository: &Path, files: &[File]) -> Result<String, String> {
    for (path, text) in files {
        let path = repository.join(path);
        let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
        written.map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(format!("{} files written", files.len()))
}

/// Fails where a file is not current.
///
/// # Errors
/// A sentence that names the files.
pub fn check(repository: &Path, files: &[File]) -> Result<String, String> {
    let stale: Vec<String> = files
        .iter()
        .filter(|(path, text)| fs::read_to_string(repository.join(path)).ok().as_ref() != Some(text))
        .map(|(path, _)| path.display().to_string())
        .collect();
    if stale.is_empty() {
        Ok(format!("{} files are current", files.len()))
    } else {
        Err(format!("not current, run `./just docs`: {}", stale.join(", ")))
    }
}

fn report_schema() -> Result<String, String> {
    let mut schema = schemars::schema_for!(preflight::report::Line);
    schema.insert("title".to_owned(), "A line of `--output json`".into());
    if let Some(version) = schema.pointer_mut("/properties/schema") {
        *version = serde_json::json!({ "const": preflight::report::json::SCHEMA, "description": "Version of the format." });
    }
    serde_json::to_string_pretty(&schema).map(|text| text + "\n").map_err(|error| error.to_string())
}
