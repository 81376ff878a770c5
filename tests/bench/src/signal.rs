//! From SIGTERM to the end, as process 1 of a container: that one gets no signal which it does not handle.

use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use testbed::tool::Running;

use crate::abreast::between;
use crate::budgets;
use crate::call::Call;
use crate::doors::{Doors, Ports};
use crate::ours::Ours;
use crate::peers::Peer;
use crate::proc;
use crate::report::{self, Report, ms};
use crate::stats::percentile;

const RUNS: usize = 10;
/// Whoever needs longer is killed.
const LIMIT: Duration = Duration::from_secs(2);
/// What ends at SIGTERM says so with this exit code.
const TERMINATED: i32 = 143;

pub(crate) fn measure(report: &mut Report, ours: &[&Ours], peers: &[&Peer]) -> Result<(), String> {
    report::table(
        "SIGTERM to exit",
        &format!("{RUNS} times each, while waiting at a refused port, as process 1 of a process namespace."),
        &["waiter", "median", "slowest"],
    );
    let doors = Doors::closed(Ports::default())?;
    for tool in ours {
        let times = sample(&tool.waiting_at(&doors), Some(TERMINATED))
            .map_err(|reason| format!("SIGTERM of {}: {reason}", tool.name))?;
        let slowest =
            report.time(&format!("end of {}", tool.name), percentile(&times, 100), budgets::TERMINATION);
        report::row(&[&format!("**{}**", tool.name), &ms(percentile(&times, 50)), &slowest]);
    }
    for peer in peers {
        let Some(call) = peer.waiting_at(&doors) else { continue };
        match sample(&call, None) {
            Ok(times) => report::row(&[peer.name, &ms(percentile(&times, 50)), &ms(percentile(&times, 100))]),
            Err(reason) => report::row(&[peer.name, &reason, ""]),
        }
    }
    Ok(())
}

fn sample(call: &Call, code: Option<i32>) -> Result<Vec<Duration>, String> {
    (0..RUNS).map(|_| one(call, code)).collect()
}

fn one(call: &Call, code: Option<i32>) -> Result<Duration, String> {
    let running = call.as_process_one().ok_or("unshare is not on PATH")?.spawn();
    // Any moment of its pauses and tries, but late enough that a busy machine has started it: before it handles signals,
    // process 1 gets none.
    sleep(between(Duration::from_secs(1), Duration::from_millis(1600)));
    let first = *proc::children(running.pid()).first().ok_or("it does not run")?;
    let asked = Instant::now();
    signal(first, Signal::TERM);
    while proc::runs(first) && asked.elapsed() < LIMIT {
        sleep(Duration::from_micros(200));
    }
    let time = asked.elapsed();
    if proc::runs(first) {
        end(running, first);
        return Err(format!("not within {} s", LIMIT.as_secs()));
    }
    let run = running.wait();
    if code.is_some_and(|code| code != run.code) {
        return Err(format!("exit code {}: {}", run.code, run.output()));
    }
    Ok(time)
}

/// The kernel kills all of a namespace with its process 1.
fn end(running: Running, first: u32) {
    signal(first, Signal::KILL);
    let _ = running.wait();
}

fn signal(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, signal);
    }
}
