//! Tables as Markdown, and whether every budget held.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

/// Collects what was exceeded.
#[derive(Default)]
pub(crate) struct Report {
    exceeded: Vec<String>,
}

/// Prints one line.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Prints a heading and the head of a table.
pub(crate) fn table(title: &str, columns: &[&str]) {
    say(&format!("\n## {title}\n\n| {} |", columns.join(" | ")));
    say(&format!("|{}", "---|".repeat(columns.len())));
}

/// Prints a row of a table.
pub(crate) fn row(cells: &[String]) {
    say(&format!("| {} |", cells.join(" | ")));
}

/// Milliseconds with the precision that matters.
pub(crate) fn ms(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1000.0;
    if ms < 10.0 { format!("{ms:.1} ms") } else { format!("{ms:.0} ms") }
}

impl Report {
    /// The measured value, marked if it is over its budget.
    pub(crate) fn time(&mut self, what: &str, measured: Duration, budget: Duration) -> String {
        self.judge(what, measured <= budget, &ms(measured), &ms(budget))
    }

    /// The same for a size.
    pub(crate) fn size(&mut self, what: &str, measured: f64, budget: f64, unit: &str) -> String {
        self.judge(what, measured <= budget, &format!("{measured:.1} {unit}"), &format!("{budget} {unit}"))
    }

    /// A start that did not end with a proven server is not left out of the result silently.
    pub(crate) fn all_ended(&mut self, what: &str, ended: usize, starts: usize) {
        if ended != starts {
            self.exceeded.push(format!("{what}: only {ended} of {starts} starts ended with a proven server"));
        }
    }

    fn judge(&mut self, what: &str, holds: bool, measured: &str, budget: &str) -> String {
        if holds {
            return measured.to_owned();
        }
        self.exceeded.push(format!("{what}: {measured}, budget {budget}"));
        format!("**{measured} OVER {budget}**")
    }

    /// The last lines, and how to end.
    pub(crate) fn conclude(self) -> ExitCode {
        if self.exceeded.is_empty() {
            say("\nAll budgets hold.");
            return ExitCode::SUCCESS;
        }
        say(&format!("\nOver budget:\n- {}", self.exceeded.join("\n- ")));
        ExitCode::FAILURE
    }
}
