//! What a minute of waiting costs: processor time, and connections begun.

use std::thread;
use std::time::Duration;

use testbed::postgres::{Postgres, PostgresPlan};
use testbed::redis::{Redis, RedisPlan};
use testbed::{Run, Tool};

use crate::call::{Call, on_path};
use crate::doors::{Doors, Ports};
use crate::ours::Ours;
use crate::peers::Peer;
use crate::report::{self, Report};

/// How long each waits.
const WAIT: Duration = Duration::from_mins(1);

/// Waits for that long and prints the processor time of all that ran.
const TIMED: &str =
    "TIMEFORMAT='cost %3U %3S'; time timeout -s TERM \"$LIMIT\" \"$@\" >/dev/null 2>&1; echo \"code $?\"";
/// The same in a network namespace of its own, whose counters tell the connections begun.
const ALONE: &str = "ip link set lo up; TIMEFORMAT='cost %3U %3S'; time timeout -s TERM \"$LIMIT\" \"$@\" >/dev/null 2>&1; \
     echo \"code $?\"; awk '$1 == \"Tcp:\" { opens = $6 } END { print \"opens\", opens }' /proc/net/snmp";

/// One that waits.
struct Waiter {
    name: String,
    server: &'static str,
    call: Call,
    /// Where it waits. If nothing is behind, it waits in a network namespace of its own instead.
    doors: Doors,
    alone: bool,
}

pub(crate) fn measure(report: &mut Report, ours: &[&Ours], peers: &[&Peer]) -> Result<(), String> {
    report::table(
        "A minute of waiting at a port that refuses",
        "Processor time with all that the waiter starts. Each waits in a network namespace of its own, whose counters tell \
         the connections begun; all wait side by side.",
        &["waiter", "server", "processor time", "connections begun"],
    );
    side_by_side(report, &waiters(ours, peers, None)?);

    report::table(
        "A minute of waiting at a server that speaks and is not ready",
        "PostgreSQL answers 57P03 to every login, Redis LOADING to every command. The connections are those that the \
         server's side saw.",
        &["waiter", "server", "processor time", "connections begun"],
    );
    let (postgres, redis) = not_ready()?;
    let ports = Ports { postgres: postgres.port(), redis: redis.port(), s3: 0 };
    let speaks = |server: &str| ["PostgreSQL", "Redis"].contains(&server);
    let ours: Vec<&Ours> = ours.iter().copied().filter(|tool| speaks(tool.server)).collect();
    let peers: Vec<&Peer> = peers.iter().copied().filter(|peer| speaks(peer.server)).collect();
    side_by_side(report, &waiters(&ours, &peers, Some(ports))?);
    Ok(())
}

/// Servers that stay like this for longer than anybody waits here.
fn not_ready() -> Result<(Postgres, Redis), String> {
    let postgres = PostgresPlan::new().standby().set("hot_standby=off").start_alone();
    let mut redis = RedisPlan::new().set("enable-debug-command", "yes").start();
    // With a kilobyte each, Redis looks at its connections after every key.
    if redis.ask(&[&["DEBUG", "POPULATE", "2000", "key", "1024"], &["SAVE"]]) != "+OK" {
        return Err("Redis could not be filled".to_owned());
    }
    redis.restart(&["--key-load-delay", "60000", "--loading-process-events-interval-bytes", "1024"]);
    Ok((postgres, redis))
}

fn waiters(ours: &[&Ours], peers: &[&Peer], servers: Option<Ports>) -> Result<Vec<Waiter>, String> {
    let doors = || -> Result<Doors, String> {
        let mut doors = Doors::closed(servers.unwrap_or_default())?;
        if servers.is_some() {
            doors.open().ok_or("a door does not open")?;
        }
        Ok(doors)
    };
    let alone = servers.is_none();
    let mut all = Vec::new();
    for tool in ours.iter().filter(|tool| tool.server != "files of a Secret") {
        let doors = doors()?;
        // None of ours may end by its own deadline.
        let call = tool.waiting_at(&doors).env("PREFLIGHT_DEADLINE", "10m");
        all.push(Waiter { name: format!("**{}**", tool.name), server: tool.server, call, doors, alone });
    }
    for peer in peers {
        let doors = doors()?;
        if let Some(call) = peer.waiting_at(&doors) {
            all.push(Waiter { name: peer.name.to_owned(), server: peer.server, call, doors, alone });
        }
    }
    Ok(all)
}

fn side_by_side(report: &mut Report, waiters: &[Waiter]) {
    let runs: Vec<Option<Run>> = thread::scope(|scope| {
        let running: Vec<_> =
            waiters.iter().map(|waiter| scope.spawn(|| waiter.tool().map(Tool::run))).collect();
        running.into_iter().map(|thread| thread.join().ok().flatten()).collect()
    });
    for (waiter, run) in waiters.iter().zip(runs) {
        let cells = run.as_ref().and_then(|run| waiter.cells(run));
        let Some([cpu, connections]) = cells else {
            report.fail(&format!("a minute of {}: nothing was measured", waiter.name));
            continue;
        };
        if waiter.name.starts_with('*') && cpu.contains("ended") {
            report.fail(&format!("a minute of {}: {cpu}", waiter.name));
        }
        report::row(&[&waiter.name, waiter.server, &cpu, &connections]);
    }
}

impl Waiter {
    fn tool(&self) -> Option<Tool> {
        let bash = on_path("bash")?.display().to_string();
        let unshare = on_path("unshare")?.display().to_string();
        let script = if self.alone { ALONE } else { TIMED };
        let own_network = [unshare, "--net".to_owned(), "--".to_owned()];
        let shell = [bash, "-c".to_owned(), script.to_owned(), "wait".to_owned()];
        let prefix = own_network.into_iter().filter(|_| self.alone).chain(shell).collect();
        let path = std::env::var("PATH").unwrap_or_default();
        Some(self.call.clone().env("PATH", path).env("LIMIT", WAIT.as_secs()).behind(prefix).tool())
    }

    /// Processor time and connections, from what the script printed.
    fn cells(&self, run: &Run) -> Option<[String; 2]> {
        let printed = run.output();
        let line = |name: &str| printed.lines().find_map(|line| line.strip_prefix(name));
        let cost: f64 = line("cost ")?.split(' ').filter_map(|part| part.parse::<f64>().ok()).sum();
        let connections =
            if self.alone { line("opens ")?.trim().parse().ok()? } else { self.doors.accepted() };
        let code = line("code ")?.trim();
        // 124 is timeout's own word for "it still waited".
        let ended = match code {
            "124" => String::new(),
            code => format!(" (ended by itself with code {code} after {:.1} s)", run.time.as_secs_f64()),
        };
        Some([format!("{:.0} ms{ended}", cost * 1000.0), connections.to_string()])
    }
}
