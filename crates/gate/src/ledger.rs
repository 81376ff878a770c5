//! What one command said so far, and what that makes of its checks.

use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use preflight::report::json::WaitedLine;
use preflight::report::{Event, Line};
use preflight::wait::{Outcome, Waited};
use preflight::{Exit, Finding, Hop};

use crate::command::Command;

/// The checks of one command.
pub(crate) struct Ledger {
    command: Command,
    checks: Vec<Check>,
    noise: bool,
    end: Option<End>,
    /// Why we asked it to end before it had come to one by itself.
    stopped: Option<Stop>,
    started: Instant,
}

struct Check {
    outcome: Outcome,
    has_result: bool,
}

enum End {
    Code(u8),
    Signal(i32),
    Lost(String),
    NotStarted(String),
}

/// Why a command was asked to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Another one is hopeless.
    Hopeless,
    /// It is still running after the deadline that it was given.
    Late,
}

impl Ledger {
    pub(crate) fn new(command: &Command) -> Self {
        let command = command.clone();
        Self { command, checks: Vec::new(), noise: false, end: None, stopped: None, started: Instant::now() }
    }

    /// The check's name in our own report: `redis-check app`.
    pub(crate) fn name(&self, check: &str) -> String {
        format!("{} {check}", self.command.tool).trim_end().to_owned()
    }

    pub(crate) fn tool(&self) -> &str {
        &self.command.tool
    }

    pub(crate) fn is_running(&self) -> bool {
        self.end.is_none()
    }

    /// Whether it has said anything about a check.
    pub(crate) fn has_spoken(&self) -> bool {
        !self.checks.is_empty()
    }

    pub(crate) fn note_noise(&mut self) {
        self.noise = true;
    }

    pub(crate) fn note_stop(&mut self, stop: Stop) {
        self.stopped.get_or_insert(stop);
    }

    pub(crate) fn note_not_started(&mut self, error: &io::Error) {
        self.end = Some(End::NotStarted(error.to_string()));
    }

    pub(crate) fn note_end(&mut self, status: io::Result<ExitStatus>) {
        self.end = Some(match status {
            Ok(status) => match (status.code(), status.signal()) {
                (Some(code), _) => End::Code(u8::try_from(code).unwrap_or(u8::MAX)),
                (None, Some(signal)) => End::Signal(signal),
                (None, None) => End::Lost(status.to_string()),
            },
            Err(error) => End::Lost(error.to_string()),
        });
    }

    /// Takes note of a line of its report.
    pub(crate) fn note(&mut self, line: &Line) {
        let Some(finding) = &line.finding else { return };
        let check = line.check.clone().unwrap_or_default();
        let name = self.name(&check);
        let has_result = line.event == Event::Result;
        let known = self.checks.iter().position(|known| known.outcome.check == name);
        // A heartbeat does not repeat the target.
        let target = line.target.clone().or_else(|| known.map(|at| self.checks[at].outcome.target.clone()));
        let exit = match line.exit {
            // A result that contradicts itself.
            Some(code) if code == Exit::Ready.code() && !finding.is_ready() => Exit::Internal,
            Some(code) => exit_of(code),
            None if finding.is_ready() => Exit::Ready,
            None => Exit::Deadline,
        };
        let outcome = Outcome {
            check: name,
            target: target.unwrap_or_default(),
            finding: finding.clone(),
            exit,
            elapsed: Duration::from_millis(line.elapsed_ms.unwrap_or_default()),
            tries: line.tries.unwrap_or_default(),
            waited: line.waited.as_ref().map(waited),
        };
        let check = Check { outcome, has_result };
        match known {
            Some(at) => self.checks[at] = check,
            None => self.checks.push(check),
        }
    }

    /// Whether its end means that waiting for the others is in vain.
    pub(crate) fn is_hopeless(&self) -> bool {
        self.stopped.is_none()
            && match &self.end {
                None => false,
                Some(End::Code(code)) => !matches!(exit_of(*code), Exit::Ready | Exit::Deadline),
                Some(End::Signal(_) | End::Lost(_) | End::NotStarted(_)) => true,
            }
    }

    /// The outcomes after its end. Nothing is ready that did not say so itself.
    pub(crate) fn outcomes(self) -> Vec<Outcome> {
        let fault = self.fault();
        let mut outcomes: Vec<Outcome> = self.checks.into_iter().map(|check| check.outcome).collect();
        if let Some((finding, exit)) = fault {
            outcomes.push(Outcome {
                check: self.command.title(),
                target: String::new(),
                finding,
                exit,
                elapsed: self.started.elapsed(),
                tries: 0,
                waited: None,
            });
        }
        outcomes
    }

    /// What has to be said about the command itself, beside its checks.
    fn fault(&self) -> Option<(Finding, Exit)> {
        let tool = &self.command.tool;
        let internal = |what: String, code: &str| {
            let finding = Finding::never(Hop::State, what).code(code);
            (finding.hint("see its own messages in this container's log"), Exit::Internal)
        };
        if self.stopped == Some(Stop::Late) {
            let finding = Finding::not_yet(Hop::State, format!("{tool} had not ended by the deadline"));
            return Some((finding.hint("see its own messages in this container's log"), Exit::Deadline));
        }
        if self.noise {
            return Some(internal(format!("{tool} printed something that is no report"), "no report"));
        }
        if self.stopped == Some(Stop::Hopeless) {
            let finding =
                Finding::not_yet(Hop::State, format!("{tool} was stopped before it found anything"));
            let finding = finding.hint("cure what the others found first");
            return self.checks.is_empty().then_some((finding, Exit::Deadline));
        }
        match &self.end {
            None => Some(internal(format!("{tool} did not end"), "running")),
            Some(End::NotStarted(detail)) => {
                let finding = Finding::never(Hop::Config, format!("{tool} cannot be started: {detail}"));
                let hint = "is it built for this machine, and its interpreter in the image";
                Some((finding.code("start").hint(hint), Exit::Permanent))
            }
            Some(End::Lost(detail)) => Some(internal(format!("{tool} was lost: {detail}"), "lost")),
            // What the kernel does to a container that takes too much memory.
            Some(End::Signal(9)) => {
                let finding = Finding::never(Hop::State, format!("{tool} was killed by signal 9"));
                Some((finding.code("SIGKILL").hint("raise this container's memory limit"), Exit::Internal))
            }
            Some(End::Signal(number)) => {
                Some(internal(format!("{tool} was killed by signal {number}"), &signal_name(*number)))
            }
            Some(End::Code(code)) => self.fault_of_code(*code, internal),
        }
    }

    fn fault_of_code(
        &self,
        code: u8,
        internal: impl Fn(String, &str) -> (Finding, Exit),
    ) -> Option<(Finding, Exit)> {
        let tool = &self.command.tool;
        let exit = exit_of(code);
        let complete = self.checks.iter().all(|check| check.has_result);
        let has_result = complete && !self.checks.is_empty();
        let told = self.checks.iter().any(|check| check.outcome.exit == exit);
        match exit {
            _ if has_result && told => None,
            // A command that makes something and checks nothing.
            Exit::Ready if self.checks.is_empty() && !self.command.proves_something() => {
                Some((Finding::ready("done"), Exit::Ready))
            }
            Exit::Usage if self.checks.is_empty() => {
                let finding = Finding::never(Hop::Config, format!("{tool} refused its command line"));
                Some((finding.code("2").hint("see its own message in this container's log"), Exit::Usage))
            }
            _ => {
                let what = format!("{tool} ended with exit code {code} and no result that explains it");
                Some(internal(what, &code.to_string()))
            }
        }
    }
}

/// What a command comes to that prints these lines and ends with this code.
pub(crate) fn read(lines: &[u8], code: u8) -> Exit {
    let program = "/bin/sh".into();
    let command = Command { tool: "tool".to_owned(), program, arguments: vec!["wait".into()] };
    let mut ledger = Ledger::new(&command);
    for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        match crate::child::report(line) {
            Some(line) => ledger.note(&line),
            None => ledger.note_noise(),
        }
    }
    ledger.note_end(Ok(ExitStatus::from_raw(i32::from(code) << 8)));
    preflight::wait::exit_of(&ledger.outcomes())
}

fn waited(line: &WaitedLine) -> Waited {
    Waited { finding: line.finding.clone(), time: Duration::from_millis(line.time_ms) }
}

/// The exit that a number stands for; numbers that none of our tools uses are faults.
fn exit_of(code: u8) -> Exit {
    [Exit::Ready, Exit::Usage, Exit::Permanent, Exit::Deadline, Exit::Interrupted, Exit::Terminated]
        .into_iter()
        .find(|exit| exit.code() == code)
        .unwrap_or(Exit::Internal)
}

fn signal_name(number: i32) -> String {
    match number {
        2 => "SIGINT".to_owned(),
        4 => "SIGILL".to_owned(),
        6 => "SIGABRT".to_owned(),
        7 => "SIGBUS".to_owned(),
        9 => "SIGKILL".to_owned(),
        11 => "SIGSEGV".to_owned(),
        15 => "SIGTERM".to_owned(),
        other => format!("signal {other}"),
    }
}

#[cfg(test)]
mod tests;
