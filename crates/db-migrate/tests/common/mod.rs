//! What the tests of db-migrate share.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    unreachable_pub,
    reason = "these are tests"
)]

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;
use testbed::postgres::Postgres;
use testbed::{Run, Tool};

/// How a call ended.
#[derive(Debug)]
pub struct Seen {
    pub exit: i32,
    pub class: String,
    pub hop: String,
    pub code: Option<String>,
    pub message: String,
    pub hint: String,
    pub warnings: Vec<String>,
    pub tries: u64,
    pub output: String,
}

/// `db-migrate` in an environment that holds nothing else.
pub fn tool() -> Tool {
    Tool::new(env!("CARGO_BIN_EXE_db-migrate"))
}

/// The result line of a run with `--output json`.
pub fn result(run: &Run) -> Seen {
    let lines: Vec<Value> = run.stdout.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let line = lines.iter().find(|line| line["event"] == "result");
    let line = line.unwrap_or_else(|| panic!("no result in:\n{}", run.output()));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let finding = &line["finding"];
    Seen {
        exit: run.code,
        class: text(&finding["class"]),
        hop: text(&finding["hop"]),
        code: finding["code"].as_str().map(str::to_owned),
        message: text(&finding["message"]),
        hint: text(&finding["hint"]),
        warnings: finding["warnings"]
            .as_array()
            .map(|all| all.iter().map(text).collect())
            .unwrap_or_default(),
        tries: line["tries"].as_u64().unwrap_or_default(),
        output: run.output(),
    }
}

impl Seen {
    /// Asserts exit code, class, hop and code, and that message, hint and warnings together hold each text.
    pub fn expect(&self, exit: i32, class: &str, hop: &str, code: Option<&str>, texts: &[&str]) {
        let seen = (self.exit, self.class.as_str(), self.hop.as_str(), self.code.as_deref());
        assert_eq!(seen, (exit, class, hop, code), "{self:#?}");
        self.holds(texts);
    }

    /// Asserts that all is well.
    pub fn expect_ready(&self, texts: &[&str]) {
        assert_eq!((self.exit, self.class.as_str()), (0, "ready"), "{self:#?}");
        self.holds(texts);
    }

    pub fn holds(&self, texts: &[&str]) {
        let all = format!("{}; {}; {}", self.message, self.hint, self.warnings.join("; "));
        for text in texts {
            assert!(all.contains(text), "no {text:?} in {all:?}");
        }
    }
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
