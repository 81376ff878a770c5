//! Reading Alembic's revision files: which revisions an image knows, and which comes after which.
//!
//! The files are Python, but the three assignments that matter are plain literals at the start of a line, so a
//! scanner that knows strings, comments and brackets is enough; nothing is executed.

use std::collections::BTreeMap;
use std::path::Path;

use crate::graph::{Graph, GraphError};
use crate::mysql::steps;
use crate::scanner::{self, Value};

/// One revision file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Its id.
    pub id: String,
    /// The revisions that it follows; more than one where branches merge, none at the root.
    pub parents: Vec<String>,
    /// Revisions that must be there too, without being followed.
    pub depends_on: Vec<String>,
}

/// Reads a folder such as `/app/api/migrations/versions`. Never gives an empty graph: a waiter that expects
/// nothing would find everything ready.
pub fn read(folder: &Path) -> Result<Graph, String> {
    let shown = folder.display();
    let entries =
        std::fs::read_dir(folder).map_err(|error| format!("cannot read folder {shown}: {error}"))?;
    let (mut revisions, mut makes) = (Vec::new(), BTreeMap::new());
    for entry in entries {
        let path = entry.map_err(|error| format!("cannot read folder {shown}: {error}"))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !is_revision_file(&name) {
            continue;
        }
        let source =
            std::fs::read_to_string(&path).map_err(|error| format!("cannot read {shown}/{name}: {error}"))?;
        let revision =
            parse(&source).map_err(|problem| format!("{shown}/{name} is no revision file: {problem}"))?;
        makes.insert(revision.id.clone(), steps::made(&source));
        revisions.push((name, revision));
    }
    if revisions.is_empty() {
        return Err(format!("folder {shown} holds no revision files"));
    }
    let graph = Graph::new(revisions).map_err(|error: GraphError| format!("in {shown} {error}"))?;
    Ok(graph.making(makes))
}

/// The files that Alembic itself takes: no editor's lock files, no package file.
fn is_revision_file(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "py")
        && !name.starts_with('.')
        && !name.starts_with("__init__")
}

/// Reads one file.
pub fn parse(source: &str) -> Result<Revision, String> {
    let mut id = None;
    let mut parents = None;
    let mut depends_on = Vec::new();
    for (name, value) in scanner::assignments(source, &["revision", "down_revision", "depends_on"])? {
        match (name, value) {
            ("revision", Value::One(text)) if !text.is_empty() => id = Some(text),
            ("revision", _) => return Err("revision is not a string".to_owned()),
            ("down_revision", value) => parents = Some(value.into_list()),
            (_, value) => depends_on = value.into_list(),
        }
    }
    Ok(Revision {
        id: id.ok_or("it has no line revision = ...")?,
        parents: parents.ok_or("it has no line down_revision = ...")?,
        depends_on,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn revision(id: &str, parents: &[&str]) -> Revision {
        Revision {
            id: id.to_owned(),
            parents: parents.iter().map(|parent| (*parent).to_owned()).collect(),
            depends_on: Vec::new(),
        }
    }

    #[test]
    fn reads_what_alembic_and_people_write() {
        let docstring =
            "\"\"\"add a table\n\nRevision ID: aaa\nRevises: bbb\nrevision = 'not this'\n\"\"\"\n";
        for (body, expected) in [
            ("revision = 'aaa'\ndown_revision = None\n", revision("aaa", &[])),
            (
                "import sqlalchemy as sa\n# revision identifiers\nrevision = \"aaa\"  # id\ndown_revision = 'bbb'\nbranch_labels = None\ndepends_on = None\n",
                revision("aaa", &["bbb"]),
            ),
            (
                "from typing import Union\nrevision: str = 'aaa'\ndown_revision: Union[str, None] = 'bbb'\n",
                revision("aaa", &["bbb"]),
            ),
            (
                "revision = 'aaa'\ndown_revision = (\n    'bbb',  # one\n    \"ccc\",\n)\n",
                revision("aaa", &["bbb", "ccc"]),
            ),
            ("revision = 'aaa'\r\ndown_revision = ['bbb']\r\n", revision("aaa", &["bbb"])),
            (
                "revision='aaa'\ndown_revision=('bbb', 'ccc')\ndef upgrade():\n    revision = 'zzz'\n    op.execute('''\nrevision = 'yyy'\n''')\n",
                revision("aaa", &["bbb", "ccc"]),
            ),
        ] {
            assert_eq!(parse(&format!("{docstring}{body}")), Ok(expected), "{body}");
        }
    }

    #[test]
    fn refuses_what_is_no_revision() {
        for (body, problem) in [
            ("", "no line revision"),
            ("revision = 'a'\n", "no line down_revision"),
            ("revision = None\ndown_revision = None\n", "not a string"),
            ("revision = make_id()\ndown_revision = None\n", "line 1"),
            ("revision = 'a\ndown_revision = None\n", "line 1"),
            ("revision = 'a'\ndown_revision = ('b',\n", "line 3"),
            ("revision = 'a'\ndown_revision = None\nx = '''open\n", "line 4"),
            ("revision = 'a'\ndown_revision = 'b' + 'c'\n", "line 2"),
        ] {
            let found = parse(body).unwrap_err();
            assert!(found.contains(problem), "{body:?}: {found}");
        }
    }

    #[test]
    fn an_empty_or_missing_folder_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(folder.path()).unwrap_err().contains("holds no revision files"));
        std::fs::write(folder.path().join("__init__.py"), "").unwrap();
        std::fs::write(folder.path().join("README"), "revision = 'a'").unwrap();
        assert!(read(folder.path()).unwrap_err().contains("holds no revision files"));
        assert!(read(&folder.path().join("none")).unwrap_err().contains("cannot read folder"));
    }

    #[test]
    fn a_file_that_does_not_parse_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.py"), "revision = 'a'\ndown_revision = None\n").unwrap();
        std::fs::write(folder.path().join("b.py"), "<<<<<<< HEAD\n").unwrap();
        assert!(read(folder.path()).unwrap_err().contains("b.py is no revision file"));
        std::fs::write(folder.path().join("b.py"), [0xff, 0xfe]).unwrap();
        assert!(read(folder.path()).unwrap_err().contains("b.py"));
    }
}
