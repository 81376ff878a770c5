//! Output: what a person or a machine is told.
//!
//! | output | where | what |
//! |---|---|---|
//! | text | standard error | one line at the start, one on every change of (class, hop, code), a heartbeat, notes |
//! | text | standard output | one final line for each check |
//! | terminal | both | the same, with a table at the end |
//! | JSON | standard output | one [`Line`] for each of these |
//!
//! The final findings also go to the termination log. Every string passes the [`Redactor`] on its way out.

pub mod json;
mod table;
mod termination;
mod text;

use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

pub use json::{Event, Line};
pub use termination::Termination;

use crate::args::Output;
use crate::exit::Exit;
use crate::finding::Finding;
use crate::redact::Redactor;
use crate::wait::Outcome;

/// The resolved form of [`Output`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Silent,
    Terminal,
    Text,
    Json,
}

/// The only way out for text.
pub struct Reporter {
    tool: String,
    format: Format,
    redactor: Redactor,
    termination: Termination,
}

impl Reporter {
    /// A reporter for one run of `tool`.
    #[must_use]
    pub fn new(tool: &str, output: Output, redactor: Redactor, termination: Termination) -> Self {
        let format = match output {
            Output::Json => Format::Json,
            Output::Auto if std::io::stdout().is_terminal() => Format::Terminal,
            Output::Auto | Output::Text => Format::Text,
        };
        Self { tool: tool.to_owned(), format, redactor, termination }
    }

    /// A reporter that says nothing, for tests.
    #[must_use]
    pub fn silent() -> Self {
        Self {
            tool: String::new(),
            format: Format::Silent,
            redactor: Redactor::default(),
            termination: Termination::nowhere(),
        }
    }

    /// Whether a machine reads the output.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// A wait begins.
    pub fn waiting_for(&self, checks: impl Iterator<Item = (String, String)>, deadline: Duration) {
        let targets: Vec<_> = checks.map(|(name, target)| text::subject(&name, &target)).collect();
        let message =
            format!("waiting for {} (deadline {})", targets.join(", "), crate::wait::seconds(deadline));
        self.progress(&message, || Line { message: Some(message.clone()), ..self.line(Event::Start) });
    }

    /// A check entered a new state.
    pub fn changed(&self, check: &str, target: &str, finding: &Finding, elapsed: Duration) {
        if finding.is_ready() && self.format != Format::Json {
            // The final line says it.
            return;
        }
        self.progress(&text::change(check, finding, elapsed), || Line {
            check: Some(check.to_owned()),
            target: Some(target.to_owned()),
            elapsed_ms: Some(json::millis(elapsed)),
            finding: Some(finding.clone()),
            ..self.line(Event::Change)
        });
    }

    /// Nothing new, but still alive.
    pub fn still_waiting(&self, check: &str, finding: &Finding, elapsed: Duration, left: Duration) {
        self.progress(&text::heartbeat(check, finding, elapsed, left), || Line {
            check: Some(check.to_owned()),
            elapsed_ms: Some(json::millis(elapsed)),
            left_ms: Some(json::millis(left)),
            finding: Some(finding.clone()),
            ..self.line(Event::Heartbeat)
        });
    }

    /// Something worth knowing that is not a finding, such as the start of a migration.
    pub fn note(&self, message: &str) {
        self.progress(message, || Line { message: Some(message.to_owned()), ..self.line(Event::Note) });
    }

    /// The end: one line for each check, and the termination log.
    pub fn finished(&self, outcomes: &[Outcome], exit: Exit) {
        match self.format {
            Format::Silent => {}
            Format::Terminal => self.result(&table::of(outcomes)),
            Format::Text => {
                for outcome in outcomes {
                    self.result(&format!("{}: {}", self.tool, self.redactor.clean(&text::outcome(outcome))));
                }
            }
            Format::Json => {
                for outcome in outcomes {
                    self.json(&Line::of_outcome(self.line(Event::Result), outcome));
                }
                self.json(&Line { exit: Some(exit.code()), ..self.line(Event::End) });
            }
        }
        let message = termination::message(&self.tool, outcomes);
        self.termination.write(&self.clean_lines(&message));
    }

    /// Ends with a single finding that no check made, such as a configuration error.
    pub fn ended_with(&self, finding: &Finding, exit: Exit) {
        self.finished(
            &[Outcome {
                check: String::new(),
                target: String::new(),
                finding: finding.clone(),
                exit,
                elapsed: Duration::ZERO,
                tries: 0,
                waited: None,
            }],
            exit,
        );
    }

    /// The process was told to end.
    pub fn stopped(&self, exit: Exit) {
        let message = format!("stopped by a signal (exit code {})", exit.code());
        self.progress(&message, || Line {
            message: Some(message.clone()),
            exit: Some(exit.code()),
            ..self.line(Event::End)
        });
        self.termination.write(&format!("{}: {message}", self.tool));
    }

    /// Prints an answer that is the very purpose of the call (a status table, a manifest), line by line.
    pub fn result(&self, text: &str) {
        // A closed pipe is the reader's wish, not a fault.
        let _ = writeln!(std::io::stdout(), "{}", self.clean_lines(text));
    }

    /// Text of another program without the secrets of this process, its line breaks and colours as they were.
    #[must_use]
    pub fn without_secrets(&self, text: &str) -> String {
        self.redactor.mask(text)
    }

    fn progress(&self, message: &str, line: impl Fn() -> Line) {
        match self.format {
            Format::Silent => {}
            Format::Json => self.json(&line()),
            Format::Terminal | Format::Text => {
                let _ = writeln!(std::io::stderr(), "{}: {}", self.tool, self.redactor.clean(message));
            }
        }
    }

    fn json(&self, line: &Line) {
        let _ = writeln!(std::io::stdout(), "{}", line.render(&self.redactor));
    }

    fn line(&self, event: Event) -> Line {
        Line::new(&self.tool, event)
    }

    /// Redacts line by line: line breaks of ours are layout, those of a server's text were escaped before.
    fn clean_lines(&self, text: &str) -> String {
        text.lines().map(|line| self.redactor.clean(line)).collect::<Vec<_>>().join("\n")
    }
}
