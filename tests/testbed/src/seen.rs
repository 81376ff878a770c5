//! How a tool of ours ended, read from its `--output json`.

use std::sync::OnceLock;

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;

use crate::process::repository;
use crate::tool::Run;

/// The result of one check.
#[derive(Debug)]
pub struct Seen {
    /// Exit code of the whole call.
    pub exit: i32,
    /// Name of the check; empty for a tool with only one.
    pub check: String,
    /// `ready`, `not_yet`, `suspect` or `never`.
    pub class: String,
    /// Where it ended.
    pub hop: String,
    /// The server's own code.
    pub code: Option<String>,
    /// The sentence.
    pub message: String,
    /// The next thing to do.
    pub hint: String,
    /// What will be felt later.
    pub warnings: Vec<String>,
    /// Number of tries.
    pub tries: u64,
    /// Everything that was printed.
    pub output: String,
}

impl Seen {
    /// The results of a call, one for each check. Every line is held against the published schema.
    ///
    /// # Panics
    /// If a line is not as the schema says.
    #[must_use]
    pub fn all(run: &Run) -> Vec<Self> {
        let lines = run.stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let lines = lines.inspect(allowed);
        lines.filter(|line| line["event"] == "result").map(|line| Self::from_line(run, &line)).collect()
    }

    /// The result of a call with one check.
    ///
    /// # Panics
    /// If there is none, or more than one.
    #[must_use]
    pub fn of(run: &Run) -> Self {
        let mut all = Self::all(run);
        assert_eq!(all.len(), 1, "not one result in:\n{}", run.output());
        all.remove(0)
    }

    fn from_line(run: &Run, line: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let finding = &line["finding"];
        Self {
            exit: run.code,
            check: text(&line["check"]),
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

    /// Asserts exit code, class, hop and code, and that message, hint and warnings together hold each text.
    ///
    /// # Panics
    /// If not so.
    pub fn expect(&self, exit: i32, class: &str, hop: &str, code: Option<&str>, texts: &[&str]) {
        let seen = (self.exit, self.class.as_str(), self.hop.as_str(), self.code.as_deref());
        assert_eq!(seen, (exit, class, hop, code), "{self:#?}");
        self.holds(texts);
    }

    /// Asserts that all is well.
    ///
    /// # Panics
    /// If not so.
    pub fn expect_ready(&self, texts: &[&str]) {
        assert_eq!((self.exit, self.class.as_str()), (0, "ready"), "{self:#?}");
        self.holds(texts);
    }

    /// Asserts that message, hint and warnings together hold each text.
    ///
    /// # Panics
    /// If not so.
    pub fn holds(&self, texts: &[&str]) {
        let all = format!("{}; {}; {}", self.message, self.hint, self.warnings.join("; "));
        for text in texts {
            assert!(all.contains(text), "no {text:?} in {all:?}");
        }
    }
}

/// Asserts that a line of `--output json` keeps to the published schema.
fn allowed(line: &Value) {
    static SCHEMA: OnceLock<(Schemas, SchemaIndex)> = OnceLock::new();
    let (schemas, index) = SCHEMA.get_or_init(|| {
        let mut schemas = Schemas::new();
        let path = repository().join("docs/report.schema.json");
        let index = Compiler::new().compile(&path.to_string_lossy(), &mut schemas);
        (schemas, index.unwrap_or_else(|error| panic!("{error}")))
    });
    if let Err(error) = schemas.validate(line, *index) {
        panic!("docs/report.schema.json does not allow {line}: {error}");
    }
}
