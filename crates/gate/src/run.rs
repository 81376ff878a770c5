//! All commands together: start them, pass on what they say and what we are told, end with the worst.

use std::pin::pin;
use std::time::{Duration, Instant};

use preflight::report::{Event, Line};
use preflight::wait::{Outcome, exit_of};
use preflight::{Context, Exit, Finding, Hop, signal};
use rustix::process::Signal;
use tokio::sync::mpsc::unbounded_channel;

use crate::child::{self, Handle, Said};
use crate::cli::Plan;
use crate::ledger::{Ledger, Stop};

/// After one command has ended for good, how long the others have to say what they see.
const LAST_WORDS: Duration = Duration::from_secs(6);
/// A command with several checks has begun to speak: how long the rest of its checks have.
const SETTLE: Duration = Duration::from_millis(500);
/// Every command is given our deadline; so much later it is asked to end.
const LATE: Duration = Duration::from_secs(2);
/// Then so much later it is killed.
const KILL: Duration = Duration::from_secs(2);

/// How often the clock is looked at.
const TICK: Duration = Duration::from_millis(100);

/// Runs all commands to their ends.
pub(crate) async fn all(plan: Plan, context: &Context) -> Exit {
    let mut asked = pin!(signal::asked_to_end());
    // Handlers first: process 1 has no default action for a signal.
    tokio::select! {
        biased;
        exit = &mut asked => return stopped(context, exit),
        () = std::future::ready(()) => {}
    }
    let names = plan.commands.iter().map(|command| (command.title(), String::new()));
    context.reporter.waiting_for(names, plan.settings.deadline);
    let (said, mut inbox) = unbounded_channel();
    let mut crew = Crew::new(context, plan.settings.deadline);
    for (index, command) in plan.commands.iter().enumerate() {
        let mut ledger = Ledger::new(command);
        match child::start(command, &plan.settings, index, said.clone()) {
            Ok(handle) => crew.add(ledger, Some(handle)),
            Err(error) => {
                ledger.note_not_started(&error);
                crew.add(ledger, None);
            }
        }
    }
    let mut told = None;
    let mut clock = tokio::time::interval(TICK);
    while crew.is_working() {
        tokio::select! {
            exit = &mut asked, if told.is_none() => {
                crew.pass_on(if exit == Exit::Interrupted { Signal::INT } else { Signal::TERM });
                told = Some(exit);
            }
            Some((index, said)) = inbox.recv() => crew.hear(index, said),
            _ = clock.tick(), if told.is_none() => crew.look_at_the_clock(),
        }
    }
    if let Some(exit) = told {
        return stopped(context, exit);
    }
    let outcomes = crew.outcomes();
    let exit = exit_of(&outcomes);
    context.reporter.finished(&outcomes, exit);
    exit
}

fn stopped(context: &Context, exit: Exit) -> Exit {
    context.reporter.stopped(exit);
    exit
}

/// One command at work.
struct Member {
    ledger: Ledger,
    handle: Option<Handle>,
    spoke_at: Option<Instant>,
    stopped_at: Option<Instant>,
}

/// Everything that is at work.
struct Crew<'a> {
    context: &'a Context,
    members: Vec<Member>,
    start: Instant,
    deadline: Duration,
    hopeless_since: Option<Instant>,
}

impl<'a> Crew<'a> {
    fn new(context: &'a Context, deadline: Duration) -> Self {
        Self { context, members: Vec::new(), start: Instant::now(), deadline, hopeless_since: None }
    }

    fn add(&mut self, ledger: Ledger, handle: Option<Handle>) {
        if ledger.is_hopeless() {
            self.hopeless_since.get_or_insert_with(Instant::now);
        }
        self.members.push(Member { ledger, handle, spoke_at: None, stopped_at: None });
    }

    fn is_working(&self) -> bool {
        self.members.iter().any(|member| member.ledger.is_running())
    }

    fn pass_on(&self, signal: Signal) {
        for handle in self.members.iter().filter_map(|member| member.handle.as_ref()) {
            handle.signal(signal);
        }
    }

    fn hear(&mut self, index: usize, said: Said) {
        let now = Instant::now();
        let Some(member) = self.members.get_mut(index) else { return };
        match said {
            Said::Noise => member.ledger.note_noise(),
            Said::Line(line) => {
                member.ledger.note(&line);
                if member.ledger.has_spoken() {
                    member.spoke_at.get_or_insert(now);
                }
                self.pass_line_on(index, &line);
            }
            Said::Ended(status) => {
                tracing::debug!(tool = member.ledger.tool(), ?status, "ended");
                member.ledger.note_end(status);
                if member.ledger.is_hopeless() {
                    self.hopeless_since.get_or_insert(now);
                }
            }
        }
    }

    /// Tells our own reader what changed, in our own name for the check.
    fn pass_line_on(&self, index: usize, line: &Line) {
        let reporter = &self.context.reporter;
        let ledger = &self.members[index].ledger;
        let name = ledger.name(line.check.as_deref().unwrap_or_default());
        let elapsed = Duration::from_millis(line.elapsed_ms.unwrap_or_default());
        match (line.event, &line.finding) {
            (Event::Change, Some(finding)) => {
                reporter.changed(&name, line.target.as_deref().unwrap_or_default(), finding, elapsed);
            }
            (Event::Heartbeat, Some(finding)) => {
                let left = Duration::from_millis(line.left_ms.unwrap_or_default());
                reporter.still_waiting(&name, finding, elapsed, left);
            }
            (Event::Note, _) => {
                if let Some(message) = &line.message {
                    reporter.note(&format!("{}: {message}", ledger.tool()));
                }
            }
            _ => {}
        }
    }

    /// Asks to end who works in vain or too long.
    fn look_at_the_clock(&mut self) {
        let now = Instant::now();
        let late = self.start.elapsed() > self.deadline + LATE;
        for member in self.members.iter_mut().filter(|member| member.ledger.is_running()) {
            let Some(handle) = &member.handle else { continue };
            if let Some(asked) = member.stopped_at {
                if now.duration_since(asked) > KILL {
                    handle.signal(Signal::KILL);
                }
                continue;
            }
            let settled = member.spoke_at.is_some_and(|spoke| now.duration_since(spoke) > SETTLE);
            let in_vain =
                self.hopeless_since.is_some_and(|since| settled || now.duration_since(since) > LAST_WORDS);
            if late || in_vain {
                member.ledger.note_stop(if in_vain { Stop::Hopeless } else { Stop::Late });
                member.stopped_at = Some(now);
                handle.signal(Signal::TERM);
            }
        }
    }

    fn outcomes(self) -> Vec<Outcome> {
        let mut outcomes: Vec<Outcome> =
            self.members.into_iter().flat_map(|member| member.ledger.outcomes()).collect();
        if outcomes.is_empty() {
            let finding = Finding::never(Hop::State, "no command said anything");
            outcomes.push(nothing(finding));
        }
        outcomes
    }
}

fn nothing(finding: Finding) -> Outcome {
    Outcome {
        check: String::new(),
        target: String::new(),
        finding,
        exit: Exit::Internal,
        elapsed: Duration::ZERO,
        tries: 0,
        waited: None,
    }
}
