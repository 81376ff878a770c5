//! Measures the budgets of the binaries, side by side with what a user would pick instead, in one run.
//!
//! `just bench` builds the binaries first. Ends with exit code 1 if a budget is exceeded.

mod abreast;
mod budgets;
mod call;
mod crowd;
mod doors;
mod help_time;
mod latency;
mod memory;
mod ours;
mod peers;
mod pods;
mod proc;
mod report;
mod revisions;
mod servers;
mod signal;
mod size;
mod states;
mod stats;
mod waiting;

use std::process::ExitCode;

use clap::Parser;

use ours::Ours;
use peers::Peer;
use report::Report;

/// What can be measured, in the order in which it is.
const MEASUREMENTS: [&str; 9] =
    ["size", "help", "memory", "signal", "latency", "states", "waiting", "crowd", "pods"];

/// Measure what the binaries cost and how soon they notice, beside what a user would pick instead.
#[derive(Parser)]
#[command(name = "bench")]
struct Cli {
    /// How many starts each latency is measured with.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..))]
    starts: u16,

    /// Only this measurement (size, help, memory, signal, latency, states, waiting, crowd, pods), or only waiters or pods with this
    /// in their name.
    #[arg(long, value_name = "NAME", value_parser = name)]
    only: Option<String>,
}

/// A name that nothing has would measure nothing and say that all is well.
fn name(text: &str) -> Result<String, String> {
    let waiters = ours::ALL.iter().map(|tool| tool.name).chain(peers::ALL.iter().map(|peer| peer.name));
    let names: Vec<&str> = waiters.chain(pods::COMPONENTS).collect();
    if MEASUREMENTS.contains(&text) || names.iter().any(|name| name.contains(text)) {
        return Ok(text.to_owned());
    }
    Err(format!("nothing of that name; there are {}, {}", MEASUREMENTS.join(", "), names.join(", ")))
}

impl Cli {
    fn measures(&self, measurement: &str) -> bool {
        self.only.as_deref().is_none_or(|only| !MEASUREMENTS.contains(&only) || only == measurement)
    }

    /// Whether a waiter or a pod is to be measured.
    fn picks(&self, name: &str) -> bool {
        self.only.as_deref().is_none_or(|only| MEASUREMENTS.contains(&only) || name.contains(only))
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut report = Report::default();
    report::head();
    if let Err(reason) = waiters(&cli, &mut report) {
        report.fail(&reason);
    }
    let components: Vec<&str> = pods::COMPONENTS.into_iter().filter(|name| cli.picks(name)).collect();
    if cli.measures("pods") && !components.is_empty() {
        pods::measure(&mut report, &components);
    }
    report.conclude()
}

fn waiters(cli: &Cli, report: &mut Report) -> Result<(), String> {
    let ours: Vec<&Ours> = ours::ALL.iter().filter(|tool| cli.picks(tool.name)).collect();
    let peers: Vec<&Peer> = peers::ALL.iter().filter(|peer| cli.picks(peer.name)).collect();
    if ours.is_empty() && peers.is_empty() || cli.only.as_deref() == Some("pods") {
        return Ok(());
    }
    let missing: Vec<&str> =
        ours.iter().filter(|tool| !tool.path().is_file()).map(|tool| tool.name).collect();
    if !missing.is_empty() {
        return Err(format!("not built: {}; `just binaries` builds them", missing.join(", ")));
    }
    revisions::write()?;
    peers::say_missing(&peers);
    measure(cli, &ours, &peers, report)
}

fn measure(cli: &Cli, ours: &[&Ours], peers: &[&Peer], report: &mut Report) -> Result<(), String> {
    if cli.measures("size") {
        size::measure(report, ours, peers);
    }
    if cli.measures("help") {
        help_time::measure(report, ours, peers);
    }
    if cli.measures("memory") {
        memory::measure(report, ours, peers)?;
    }
    if cli.measures("signal") {
        signal::measure(report, ours, peers)?;
    }
    if cli.measures("latency") || cli.measures("states") {
        let servers = servers::Servers::start()?;
        if cli.measures("latency") {
            latency::measure(report, &servers, ours, peers, cli.starts);
        }
        if cli.measures("states") {
            states::measure(report, &servers, ours, cli.starts);
        }
    }
    if cli.measures("waiting") {
        waiting::measure(report, ours, peers)?;
    }
    if cli.measures("crowd")
        && let Some(tool) = Ours::named(ours, "db-migrate")
    {
        crowd::measure(report, tool);
    }
    Ok(())
}
