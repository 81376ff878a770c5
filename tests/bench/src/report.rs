//! Tables as Markdown, and whether every budget held.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

/// Collects what was exceeded or could not be measured.
#[derive(Default)]
pub(crate) struct Report {
    faults: Vec<String>,
}

/// Prints one line.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// What the times below depend on.
pub(crate) fn head() {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    say(&format!("{cores} cores, load average {load} at the start; a busy machine makes every time longer."));
    say("**Bold**: ours, with `measured / budget`.");
}

/// Prints a heading, what there is to say about it, and the head of a table.
pub(crate) fn table(title: &str, remark: &str, columns: &[&str]) {
    say(&format!("\n## {title}\n"));
    if !remark.is_empty() {
        say(&format!("{remark}\n"));
    }
    say(&format!("| {} |", columns.join(" | ")));
    say(&format!("|{}", "---|".repeat(columns.len())));
}

/// Prints a row of a table.
pub(crate) fn row(cells: &[&str]) {
    say(&format!("| {} |", cells.join(" | ")));
}

/// Milliseconds with the precision that matters.
pub(crate) fn ms(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1000.0;
    if ms < 10.0 { format!("{ms:.1} ms") } else { format!("{ms:.0} ms") }
}

impl Report {
    /// A time beside its budget.
    pub(crate) fn time(&mut self, what: &str, measured: Duration, budget: Duration) -> String {
        self.judge(what, measured <= budget, &ms(measured), &ms(budget))
    }

    /// A size beside its budget.
    pub(crate) fn size(&mut self, what: &str, measured: f64, budget: f64, unit: &str) -> String {
        self.judge(what, measured <= budget, &format!("{measured:.2} {unit}"), &format!("{budget} {unit}"))
    }

    fn judge(&mut self, what: &str, holds: bool, measured: &str, budget: &str) -> String {
        let verdict = if holds { "ok" } else { "**OVER**" };
        if !holds {
            self.fail(&format!("{what}: {measured}, budget {budget}"));
        }
        format!("{measured} / {budget} {verdict}")
    }

    /// Something that must not pass for a good result.
    pub(crate) fn fail(&mut self, what: &str) {
        self.faults.push(what.to_owned());
    }

    /// The last lines, and how to end.
    pub(crate) fn conclude(self) -> ExitCode {
        if self.faults.is_empty() {
            say("\nAll measured budgets hold.");
            return ExitCode::SUCCESS;
        }
        say(&format!("\nOver budget, or not measured:\n- {}", self.faults.join("\n- ")));
        ExitCode::FAILURE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_shown_and_one_that_is_exceeded_fails_the_run() {
        let mut report = Report::default();
        let budget = Duration::from_millis(5);
        assert_eq!(report.time("help", Duration::from_micros(1250), budget), "1.2 ms / 5.0 ms ok");
        assert!(report.faults.is_empty());
        assert_eq!(report.time("help", Duration::from_millis(6), budget), "6.0 ms / 5.0 ms **OVER**");
        assert_eq!(report.faults, ["help: 6.0 ms, budget 5.0 ms"]);
        assert_eq!(report.size("memory", f64::NAN, 8.0, "MiB"), "NaN MiB / 8 MiB **OVER**");
        assert_eq!(report.conclude(), ExitCode::FAILURE);
        assert_eq!(Report::default().conclude(), ExitCode::SUCCESS);
    }
}
