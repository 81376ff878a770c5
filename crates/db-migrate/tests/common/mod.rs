//! What the tests of db-migrate share.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    unreachable_pub,
    reason = "these are tests"
)]

pub mod authority;

use std::path::Path;

use tempfile::TempDir;
pub use testbed::Seen;
use testbed::postgres::Postgres;
use testbed::{Run, Tool};

/// `db-migrate` in an environment that holds nothing else.
pub fn tool() -> Tool {
    Tool::new(env!("CARGO_BIN_EXE_db-migrate"))
}

/// The result line of a run with `--output json`.
pub fn result(run: &Run) -> Seen {
    Seen::of(run)
}

/// A folder of revision files: `a` for a root, `b:a` for one that follows a, `d:b,c` for a merge.
pub fn image(words: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for word in words.split_whitespace() {
        add_revision(folder.path(), word);
    }
    folder
}

pub fn add_revision(folder: &Path, word: &str) {
    let (id, parents) = word.split_once(':').unwrap_or((word, ""));
    let parents: Vec<String> =
        parents.split(',').filter(|parent| !parent.is_empty()).map(|parent| format!("'{parent}'")).collect();
    let down = match parents.as_slice() {
        [] => "None".to_owned(),
        [one] => one.clone(),
        many => format!("({})", many.join(", ")),
    };
    let text = format!(
        "\"\"\"a step\n\nRevision ID: {id}\n\"\"\"\nfrom alembic import op\n\nrevision = '{id}'\ndown_revision = {down}\nbranch_labels = None\ndepends_on = None\n\n\ndef upgrade():\n    pass\n"
    );
    std::fs::write(folder.join(format!("2026_{id}_a_step.py")), text).unwrap();
}

/// A call with a database and an image, in JSON.
pub fn call(server: &Postgres, image: &Path, arguments: &[&str]) -> Tool {
    tool()
        .args(["--output", "json"])
        .args(arguments.iter().copied())
        .envs(server.env())
        .env("PREFLIGHT_MIGRATIONS", image.display())
}

/// The same, to its end.
pub fn look(server: &Postgres, image: &Path, arguments: &[&str]) -> Seen {
    result(&call(server, image, arguments).run())
}

/// SQL that brings `alembic_version` to these revisions, as Alembic does.
pub fn stamp(revisions: &str) -> String {
    let mut sql = "CREATE TABLE IF NOT EXISTS alembic_version (version_num varchar(32) PRIMARY KEY); \
                   DELETE FROM alembic_version;"
        .to_owned();
    for revision in revisions.split_whitespace() {
        sql.push_str(&format!(" INSERT INTO alembic_version VALUES ('{revision}');"));
    }
    sql
}

/// Does so as the superuser, with the table given to Dify.
pub fn stamped(server: &Postgres, revisions: &str) {
    let _ = server.sql("dify", &format!("{} ALTER TABLE alembic_version OWNER TO dify;", stamp(revisions)));
}

/// A migration for `run`: shell that stamps.
pub fn migration(server: &Postgres, revisions: &str) -> String {
    server.shell(&stamp(revisions))
}
