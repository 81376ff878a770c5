//! Measures the budgets of the binaries, side by side with what a user would pick instead, in one run.
//!
//! `just bench [--starts N]`. Ends with exit code 1 if a budget is exceeded.

mod budgets;
mod latency;
mod peers;
mod pods;
mod report;
mod stats;
mod tools;
mod vitals;

use std::process::ExitCode;

use report::Report;

/// Starts per detection latency, enough for a 95th percentile.
const STARTS: usize = 30;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let starts = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => Some(STARTS),
        ["--starts", number] => number.parse().ok().filter(|number| *number > 0),
        _ => None,
    };
    let Some(starts) = starts else {
        report::say("usage: bench [--starts N]");
        return ExitCode::from(2);
    };
    let mut report = Report::default();
    vitals::measure(&mut report);
    latency::measure(&mut report, starts);
    pods::measure(&mut report);
    report.conclude()
}
