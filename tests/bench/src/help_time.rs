//! How long `--help` takes: what a start costs before anything is done.

use std::time::Duration;

use crate::budgets;
use crate::call::Call;
use crate::ours::Ours;
use crate::peers::Peer;
use crate::report::{self, Report, ms};
use crate::stats::percentile;

const RUNS: u32 = 50;

pub(crate) fn measure(report: &mut Report, ours: &[&Ours], peers: &[&Peer]) {
    let remark = format!("Median of {RUNS}, from the start to the end of the process.");
    report::table("`--help`", &remark, &["waiter", "time"]);
    for tool in ours {
        let shown = report.time(&format!("--help of {}", tool.name), median(&tool.call()), budgets::HELP);
        report::row(&[&format!("**{}**", tool.name), &shown]);
    }
    for peer in peers {
        if let Some(call) = peer.call() {
            report::row(&[peer.name, &ms(median(&call))]);
        }
    }
}

fn median(call: &Call) -> Duration {
    let call = call.clone().args(["--help"]);
    let times: Vec<Duration> = (0..RUNS).map(|_| call.tool().run().time).collect();
    percentile(&times, 50)
}
