//! The table that a person sees on a terminal.

use crate::wait::Outcome;

/// One row for each check, as wide as its widest cell; details stay on one line.
pub(super) fn of(outcomes: &[Outcome]) -> String {
    let rows: Vec<[String; 4]> = std::iter::once(["CHECK", "TARGET", "STATE", "DETAIL"].map(str::to_owned))
        .chain(outcomes.iter().map(row))
        .collect();
    // A tool with one check has no name for it: the column would be empty.
    let first = usize::from(outcomes.iter().all(|outcome| outcome.check.is_empty()));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..3).map(width).collect();
    rows.iter()
        .map(|row| {
            let cells: Vec<String> =
                (first..3).map(|column| format!("{:<1$}", row[column], widths[column])).collect();
            format!("{}  {}", cells.join("  "), row[3])
        })
        .collect::<Vec<_>>()
        .join("\n")
}

fn row(outcome: &Outcome) -> [String; 4] {
    let mut detail = outcome.finding.to_string();
    for warning in &outcome.finding.warnings {
        detail.push_str("; warning: ");
        detail.push_str(warning);
    }
    let state = if outcome.finding.is_ready() {
        outcome.finding.verdict()
    } else {
        format!("{} ({})", outcome.finding.verdict(), outcome.finding.hop)
    };
    [outcome.check.clone(), outcome.target.clone(), state, detail]
}
