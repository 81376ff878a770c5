//! The JSON form of a report: one object a line.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::finding::Finding;
use crate::redact::Redactor;
use crate::wait::Outcome;

/// Version of the line format. It grows when a field is removed or changes its meaning; new fields do not count.
pub const SCHEMA: u32 = 1;

/// What a line tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A wait begins.
    Start,
    /// A check entered a new state.
    Change,
    /// Nothing new.
    Heartbeat,
    /// Something worth knowing that is not a finding.
    Note,
    /// How one check ended.
    Result,
    /// The end of the program, with its exit code.
    End,
}

/// What a check spent most of its wait on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WaitedLine {
    /// The finding of that time.
    #[serde(flatten)]
    pub finding: Finding,
    /// Milliseconds.
    pub time_ms: u64,
}

/// One line of JSON output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Line {
    /// [`SCHEMA`].
    pub schema: u32,
    /// RFC 3339, UTC.
    pub time: String,
    /// The binary.
    pub tool: String,
    /// What the line tells.
    pub event: Event,
    /// The check, empty if the tool has only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// What the check talks to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// What was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<Finding>,
    /// Text of a start or a note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Milliseconds since the wait began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elapsed_ms: Option<u64>,
    /// Milliseconds until the deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_ms: Option<u64>,
    /// Number of tries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tries: Option<u32>,
    /// What took longest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waited: Option<WaitedLine>,
    /// Exit code: of this check alone in a result, of the program in an end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<u8>,
}

impl Line {
    pub(super) fn new(tool: &str, event: Event) -> Self {
        Self {
            schema: SCHEMA,
            time: humantime::format_rfc3339_millis(SystemTime::now()).to_string(),
            tool: tool.to_owned(),
            event,
            check: None,
            target: None,
            finding: None,
            message: None,
            elapsed_ms: None,
            left_ms: None,
            tries: None,
            waited: None,
            exit: None,
        }
    }

    pub(super) fn of_outcome(line: Self, outcome: &Outcome) -> Self {
        Self {
            check: Some(outcome.check.clone()),
            target: Some(outcome.target.clone()),
            finding: Some(outcome.finding.clone()),
            elapsed_ms: Some(millis(outcome.elapsed)),
            tries: Some(outcome.tries),
            waited: outcome
                .waited
                .as_ref()
                .map(|waited| WaitedLine { finding: waited.finding.clone(), time_ms: millis(waited.time) }),
            exit: Some(outcome.exit.code()),
            ..line
        }
    }

    /// The line as JSON; every string is redacted before it is quoted, so that escapes cannot hide a secret.
    #[must_use]
    pub fn render(&self, redactor: &Redactor) -> String {
        let mut value = serde_json::to_value(self).unwrap_or(Value::Null);
        clean(&mut value, redactor);
        value.to_string()
    }
}

fn clean(value: &mut Value, redactor: &Redactor) {
    match value {
        Value::String(text) => *text = redactor.clean(text),
        Value::Array(items) => items.iter_mut().for_each(|item| clean(item, redactor)),
        Value::Object(fields) => fields.values_mut().for_each(|field| clean(field, redactor)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

pub(super) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
