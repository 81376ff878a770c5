//! From the moment at which a real server can be reached to the waiter's exit.

use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::abreast::{self, ABREAST, moment};
use crate::budgets;
use crate::call::Call;
use crate::doors::Doors;
use crate::ours::Ours;
use crate::peers::Peer;
use crate::report::{self, Report, ms};
use crate::servers::Servers;
use crate::stats::percentile;

pub(crate) fn measure(report: &mut Report, servers: &Servers, ours: &[&Ours], peers: &[&Peer], starts: u16) {
    report::table(
        &format!("Refused, then ready: time to notice, over {starts} starts"),
        &format!(
            "The real server runs and is ready all the time, behind a port of a forwarder that refuses. At a random \
             moment, 1 to 3 s after the waiter's start, the forwarder listens: that instant is exact. For the keys, a \
             file is renamed into the folder. {ABREAST} starts at a time."
        ),
        &["waiter", "server", "exit proves", "p50", "p95"],
    );
    for tool in ours {
        let times = sample(servers, starts, |doors| Some(tool.waiting_at(doors)));
        let (p50, p95) = judge(report, tool.name, "refused to ready", &times, starts, budgets::DETECTION);
        report::row(&[&format!("**{}**", tool.name), tool.server, tool.proves, &p50, &p95]);
    }
    for peer in peers {
        if peer.call().is_none() {
            continue;
        }
        let times = sample(servers, starts, |doors| peer.waiting_at(doors));
        let (p50, mut p95) = (ms(percentile(&times, 50)), ms(percentile(&times, 95)));
        if times.len() < usize::from(starts) {
            p95 = format!("{p95} (only {} starts ended well)", times.len());
        }
        report::row(&[peer.name, peer.server, peer.proves, &p50, &p95]);
    }
}

/// p50, and p95 with its budget. A start that did not end with a proven server is not left out silently.
pub(crate) fn judge(
    report: &mut Report,
    name: &str,
    what: &str,
    times: &[Duration],
    starts: u16,
    budget: Duration,
) -> (String, String) {
    if times.len() < usize::from(starts) {
        report.fail(&format!("{name}, {what}: only {} of {starts} starts ended well", times.len()));
    }
    if times.is_empty() {
        return ("none".to_owned(), "none".to_owned());
    }
    let p95 = report.time(&format!("p95 of {name}, {what}"), percentile(times, 95), budget);
    (ms(percentile(times, 50)), p95)
}

fn sample(servers: &Servers, starts: u16, waiter: impl Fn(&Doors) -> Option<Call> + Sync) -> Vec<Duration> {
    let ports = servers.ports();
    abreast::collect(starts, |_| {
        let mut doors = Doors::closed(ports).ok()?;
        let running = waiter(&doors)?.tool().spawn();
        sleep(moment());
        let opened = doors.open();
        let run = running.wait();
        let ended = Instant::now();
        // One that ended before was wrong.
        (run.code == 0).then(|| ended.checked_duration_since(opened?)).flatten()
    })
}
