//! Measures the budgets of the binaries, side by side with what a user would pick instead, in one run.
//!
//! `just bench` builds the binaries first. Ends with exit code 1 if a budget is exceeded.

mod abreast;
mod budgets;
mod call;
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

use std::process::ExitCode;

use clap::Parser;

use ours::Ours;
use peers::Peer;
use report::Report;

/// What can be measured, in the order in which it is.
const MEASUREMENTS: [&str; 7] = ["size", "help", "memory", "signal", "latency", "states", "pods"];

/// Measure what the binaries cost and how soon they notice, beside what a user would pick instead.
#[derive(Parser)]
#[command(name = "bench")]
struct Cli {
    /// How many starts each latency is measured with.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..))]
    starts: u16,

    /// Only this measurement (size, help, memory, signal, latency, states, pods), or only waiters with this in
    /// their name.
    #[arg(long, value_name = "NAME", value_parser = name)]
    only: Option<String>,
}

/// A name that nothing has would measure nothing and say that all is well.
fn name(text: &str) -> Result<String, String> {
    let waiters = ours::ALL.iter().map(|tool| tool.name).chain(peers::ALL.iter().map(|peer| peer.name));
    let known: Vec<&str> = MEASUREMENTS.into_iter().chain(waiters).collect();
    if known.iter().any(|known| known.contains(text)) {
        return Ok(text.to_owned());
    }
    Err(format!("nothing of that name; there are {}", known.join(", ")))
}

impl Cli {
    fn measures(&self, measurement: &str) -> bool {
        match self.only.as_deref() {
            Some(only) if MEASUREMENTS.contains(&only) => only == measurement,
            // A pod is not a waiter.
            Some(_) => measurement != "pods",
            None => true,
        }
    }

    fn waiter(&self, name: &str) -> bool {
        self.only.as_deref().is_none_or(|only| MEASUREMENTS.contains(&only) || name.contains(only))
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let ours: Vec<&Ours> = ours::ALL.iter().filter(|tool| cli.waiter(tool.name)).collect();
    let peers: Vec<&Peer> = peers::ALL.iter().filter(|peer| cli.waiter(peer.name)).collect();
    let missing: Vec<&str> =
        ours.iter().filter(|tool| !tool.path().is_file()).map(|tool| tool.name).collect();
    if !missing.is_empty() {
        report::say(&format!("Not built: {}. `just binaries` builds them.", missing.join(", ")));
        return ExitCode::FAILURE;
    }
    let mut report = Report::default();
    if let Err(reason) = measure(&cli, &ours, &peers, &mut report) {
        report.fail(&reason);
    }
    report.conclude()
}

fn measure(cli: &Cli, ours: &[&Ours], peers: &[&Peer], report: &mut Report) -> Result<(), String> {
    report::head();
    revisions::write()?;
    peers::say_missing(peers);
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
    if cli.measures("pods") {
        pods::measure(report);
    }
    Ok(())
}
