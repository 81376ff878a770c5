//! Two hundred pods that wait for one PostgreSQL which comes up late.

use std::thread::{self, sleep};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use testbed::Running;
use testbed::postgres::{Postgres, PostgresPlan};

use crate::ours::{self, Ours};
use crate::report::{self, Report, ms};
use crate::stats::percentile;

/// As many as a large installation has.
const WAITERS: usize = 200;
/// How late the server is: long enough for every waiter to have reached its longest pause.
const LATE: Duration = Duration::from_secs(10);

pub(crate) fn measure(report: &mut Report, tool: &Ours) {
    report::table(
        &format!("{WAITERS} waiters, one PostgreSQL that is {} s late", LATE.as_secs()),
        "`db-migrate wait --for database` each, all at once; the server has its default of 100 connections, and logs each \
         with its time. Waiters and server share the machine's cores.",
        &["measured", "value"],
    );
    let plan = PostgresPlan::new().set("log_line_prefix=%n ").set("max_connections=100");
    let call = ours::database(tool.call().args(["wait", "--for", "database"]), plan.port);
    let call = call.env("PREFLIGHT_DEADLINE", "5m");
    let waiting: Vec<_> = (0..WAITERS)
        .map(|_| {
            let running = call.tool().spawn();
            thread::spawn(move || ended(running))
        })
        .collect();
    sleep(LATE);
    let server = plan.start();
    let ends: Vec<(i32, SystemTime)> = waiting.into_iter().filter_map(|thread| thread.join().ok()).collect();
    show(report, &server, &ends);
}

fn ended(running: Running) -> (i32, SystemTime) {
    (running.wait().code, SystemTime::now())
}

fn show(report: &mut Report, server: &Postgres, ends: &[(i32, SystemTime)]) {
    let log = server.log();
    let Some(ready) = times(&log, "ready to accept connections").first().copied() else {
        report.fail("crowd: the server's log does not say when it was ready");
        return;
    };
    let through: Vec<Duration> = ends
        .iter()
        .filter(|(code, _)| *code == 0)
        .filter_map(|(_, at)| at.duration_since(UNIX_EPOCH).ok().map(|at| at.saturating_sub(ready)))
        .collect();
    if through.len() < WAITERS {
        report.fail(&format!("crowd: only {} of {WAITERS} waiters got through", through.len()));
    }
    let received = times(&log, "connection received");
    let full = log.matches("too many clients").count() + log.matches("remaining connection slots").count();
    report::row(&["through", &format!("{} of {WAITERS}", through.len())]);
    report::row(&["connections, in all", &received.len().to_string()]);
    report::row(&["connections in the busiest second", &busiest(&received).to_string()]);
    report::row(&["logins that found all connections in use (53300)", &full.to_string()]);
    report::row(&["half are through, after it is ready", &ms(percentile(&through, 50))]);
    report::row(&["the last is through, after it is ready", &ms(percentile(&through, 100))]);
    let cpu = cpu(server.process.pid()).map_or("?".to_owned(), ms);
    report::row(&["processor time of the server, its start included", &cpu]);
}

/// When, since the epoch, the server logged lines with this in them.
fn times(log: &str, text: &str) -> Vec<Duration> {
    let time = |line: &str| Some(Duration::from_secs_f64(line.split(' ').next()?.parse().ok()?));
    log.lines().filter(|line| line.contains(text)).filter_map(time).collect()
}

/// The most events within one second.
fn busiest(sorted: &[Duration]) -> usize {
    let second = Duration::from_secs(1);
    let within =
        |start: &Duration| sorted.iter().filter(|time| *time >= start && **time < *start + second).count();
    sorted.iter().map(within).max().unwrap_or_default()
}

/// User and system time of a process and of its children that have ended.
fn cpu(pid: u32) -> Option<Duration> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = text.rsplit_once(") ")?.1.split(' ').collect();
    // Fields 14 to 17 of proc(5), in ticks of 10 ms; the first after the name is field 3.
    let ticks: u64 = fields.get(11..15)?.iter().filter_map(|field| field.parse::<u64>().ok()).sum();
    Some(Duration::from_millis(ticks * 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_busiest_second_may_begin_anywhere() {
        let at = |millis: &[u64]| millis.iter().copied().map(Duration::from_millis).collect::<Vec<_>>();
        assert_eq!(busiest(&at(&[0, 900, 1000, 1100, 1899, 1900, 5000])), 4);
        assert_eq!(busiest(&[]), 0);
    }

    #[test]
    fn times_are_taken_from_the_log() {
        let log =
            "1764.250 LOG:  ready to accept connections\n1764.500 LOG:  connection received: host=x\nnoise\n";
        assert_eq!(times(log, "ready to accept"), [Duration::from_millis(1_764_250)]);
        assert_eq!(times(log, "connection received"), [Duration::from_millis(1_764_500)]);
    }

    #[test]
    fn this_process_has_used_time() {
        assert!(cpu(std::process::id()).is_some());
    }
}
