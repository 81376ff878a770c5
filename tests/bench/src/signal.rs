//! From SIGTERM to the end, as process 1 of a container: that one gets no signal which it does not handle.

use std::os::fd::OwnedFd;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
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
    let process = open(first)?;
    let asked = Instant::now();
    let ended = ask(&process)?;
    let time = asked.elapsed();
    if !ended {
        end(running, &process);
        return Err(format!("not within {} s", LIMIT.as_secs()));
    }
    let run = running.wait();
    if code.is_some_and(|code| code != run.code) {
        return Err(format!("exit code {}: {}", run.code, run.output()));
    }
    Ok(time)
}

/// A handle on a process. Its end is an event: asking in a loop would disturb on two cores what is measured.
fn open(pid: u32) -> Result<OwnedFd, String> {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).ok_or("not a process id")?;
    pidfd_open(pid, PidfdFlags::empty()).map_err(|error| format!("no handle on it: {error}"))
}

/// Sends SIGTERM, and says whether the process ended within the limit.
fn ask(process: &OwnedFd) -> Result<bool, String> {
    let failed = |error: Errno| error.to_string();
    pidfd_send_signal(process, Signal::TERM).map_err(failed)?;
    let limit = Timespec::try_from(LIMIT).map_err(|error| error.to_string())?;
    let ends = poll(&mut [PollFd::new(process, PollFlags::IN)], Some(&limit)).map_err(failed)?;
    Ok(ends == 1)
}

/// The kernel kills all of a namespace with its process 1.
fn end(running: Running, process: &OwnedFd) {
    let _ = pidfd_send_signal(process, Signal::KILL);
    let _ = running.wait();
}
