//! The wording of text output.

use std::time::Duration;

use crate::finding::Finding;
use crate::wait::{Outcome, seconds};

/// `app redis:6379/0`, or the one of the two that there is.
pub(super) fn subject(check: &str, target: &str) -> String {
    match (check, target) {
        ("", target) => target.to_owned(),
        (check, "") => check.to_owned(),
        (check, target) => format!("{check} {target}"),
    }
}

fn prefixed(check: &str, text: &str) -> String {
    if check.is_empty() { text.to_owned() } else { format!("{check}: {text}") }
}

pub(super) fn change(check: &str, finding: &Finding, elapsed: Duration) -> String {
    let text = format!("{}, {}: {finding} [after {}]", finding.verdict(), finding.hop, seconds(elapsed));
    prefixed(check, &text)
}

pub(super) fn heartbeat(check: &str, finding: &Finding, elapsed: Duration, left: Duration) -> String {
    let text = format!("still waiting, {} gone, {} left: {finding}", seconds(elapsed), seconds(left));
    prefixed(check, &text)
}

pub(super) fn outcome(outcome: &Outcome) -> String {
    let finding = &outcome.finding;
    let mut text = if finding.is_ready() {
        format!("{}: {finding}", finding.verdict())
    } else {
        format!("{}, {}: {finding}", finding.verdict(), finding.hop)
    };
    for warning in &finding.warnings {
        text.push_str("; warning: ");
        text.push_str(warning);
    }
    if outcome.tries > 1 {
        text.push_str(&format!(" [after {}, {} tries]", seconds(outcome.elapsed), outcome.tries));
    }
    prefixed(&outcome.check, &text)
}
