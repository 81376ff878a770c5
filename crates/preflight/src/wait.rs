//! The loop: until everything is ready, until something is hopeless, or until the deadline.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::sync::Notify;

use crate::backoff::{Pauses, Peer};
use crate::check::Check;
use crate::exit::Exit;
use crate::finding::{Class, Finding, Hop};
use crate::memory;
use crate::report::Reporter;

/// A sign of life while nothing changes.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// One try, from the first packet to the verdict.
pub const TRY_LIMIT: Duration = Duration::from_secs(5);

/// How long to wait for what.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Wall-clock limit of the whole wait.
    pub deadline: Duration,
    /// How long a [`Class::Suspect`] finding is retried.
    pub grace: Duration,
}

/// A state that a check was in for some time before it ended.
#[derive(Clone, Debug)]
pub struct Waited {
    /// What was found during that time.
    pub finding: Finding,
    /// How long it lasted.
    pub time: Duration,
}

/// How one check ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The check's name; empty if the tool has only one.
    pub check: String,
    /// What it talked to.
    pub target: String,
    /// The last finding.
    pub finding: Finding,
    /// What the check alone would make the program end with.
    pub exit: Exit,
    /// From the first try to the last.
    pub elapsed: Duration,
    /// Number of tries.
    pub tries: u32,
    /// The state that took longest, if there was anything to wait for.
    pub waited: Option<Waited>,
}

/// The exit code of all outcomes together.
#[must_use]
pub fn exit_of(outcomes: &[Outcome]) -> Exit {
    outcomes.iter().fold(Exit::Ready, |exit, outcome| exit.worse(outcome.exit))
}

/// Looks once at everything, side by side.
pub async fn once(checks: &mut [Box<dyn Check>]) -> Vec<Outcome> {
    join_all(checks.iter_mut().map(|check| async move {
        let start = Instant::now();
        let finding = probe(check.as_mut(), TRY_LIMIT).await;
        Outcome {
            check: check.name().to_owned(),
            target: check.target(),
            exit: Exit::of_class(finding.class),
            finding,
            elapsed: start.elapsed(),
            tries: 1,
            waited: None,
        }
    }))
    .await
}

/// Waits for everything, side by side. One hopeless check ends the others after their current try: what they
/// last saw is still reported.
pub async fn until_ready(checks: &mut [Box<dyn Check>], policy: Policy, reporter: &Reporter) -> Vec<Outcome> {
    reporter
        .waiting_for(checks.iter().map(|check| (check.name().to_owned(), check.target())), policy.deadline);
    let board =
        Board { start: Instant::now(), policy, reporter, hopeless: Cell::new(false), stop: Notify::new() };
    let latest: Vec<RefCell<Option<Finding>>> = checks.iter().map(|_| RefCell::new(None)).collect();
    let names: Vec<String> = checks.iter().map(|check| check.name().to_owned()).collect();
    let loops =
        join_all(checks.iter_mut().zip(&latest).map(|(check, latest)| board.follow(check.as_mut(), latest)));
    let heartbeat = async {
        loop {
            tokio::time::sleep(HEARTBEAT).await;
            for (name, latest) in names.iter().zip(&latest) {
                if let Some(finding) = latest.borrow().as_ref().filter(|finding| !finding.is_ready()) {
                    reporter.still_waiting(name, finding, board.start.elapsed(), board.left());
                }
            }
        }
    };
    tokio::select! {
        outcomes = loops => outcomes,
        () = heartbeat => Vec::new(),
    }
}

/// What the loops of one wait share.
struct Board<'a> {
    start: Instant,
    policy: Policy,
    reporter: &'a Reporter,
    hopeless: Cell<bool>,
    stop: Notify,
}

impl Board<'_> {
    fn left(&self) -> Duration {
        self.policy.deadline.saturating_sub(self.start.elapsed())
    }

    async fn follow(&self, check: &mut dyn Check, latest: &RefCell<Option<Finding>>) -> Outcome {
        let mut pauses = Pauses::new();
        let mut history = History::default();
        let mut suspect_since: Option<Instant> = None;
        let mut tries = 0;
        let exit = loop {
            let limit = TRY_LIMIT.min(self.left());
            let found = probe(check, limit).await;
            tries += 1;
            // A try that the deadline cut short says less than the one before it.
            let cut_short = limit < TRY_LIMIT && self.left().is_zero() && !found.is_ready();
            if !(cut_short && history.current.is_some()) && history.enter(&found) {
                self.reporter.changed(check.name(), &check.target(), &found, self.start.elapsed());
            }
            latest.borrow_mut().clone_from(&history.current);
            match found.class {
                Class::Ready => break Exit::Ready,
                Class::Never => break Exit::Permanent,
                Class::Suspect => {
                    let since = *suspect_since.get_or_insert_with(Instant::now);
                    if since.elapsed() >= self.policy.grace {
                        break Exit::Permanent;
                    }
                }
                Class::NotYet => suspect_since = None,
            }
            if self.left().is_zero() || self.hopeless.get() {
                break Exit::Deadline;
            }
            let pause = pauses.next(peer(&found)).min(self.left());
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.stop.notified() => {}
            }
        };
        if exit == Exit::Permanent {
            self.hopeless.set(true);
            self.stop.notify_waiters();
        }
        let waited = history.longest();
        Outcome {
            check: check.name().to_owned(),
            target: check.target(),
            finding: history.current.unwrap_or_else(|| Finding::not_yet(Hop::Tcp, "nothing was tried")),
            exit,
            elapsed: self.start.elapsed(),
            tries,
            waited,
        }
    }
}

/// One try within its limit.
async fn probe(check: &mut dyn Check, limit: Duration) -> Finding {
    let target = check.target();
    let bounded = async {
        tokio::select! {
            finding = check.probe() => finding,
            () = memory::outgrown() => Finding::suspect(Hop::Tcp, format!("{target} sends an answer without end"))
                .code("EMSGSIZE")
                .hint("something else than the expected server answers there: check host and port"),
        }
    };
    match tokio::time::timeout(limit, bounded).await {
        Ok(finding) => {
            tracing::debug!(check = check.name(), target, class = %finding.class, hop = %finding.hop, "{finding}");
            finding
        }
        Err(_) => Finding::not_yet(Hop::Tcp, format!("no answer from {target} within {}", seconds(limit)))
            .code("ETIMEDOUT")
            .hint("the server hangs, or a firewall or NetworkPolicy drops the packets"),
    }
}

/// Seconds as a user reads them: `0.4s`, `12.3s`, `10m 5s`.
#[must_use]
pub fn seconds(time: Duration) -> String {
    if time < Duration::from_secs(100) {
        let tenths = format!("{:.1}s", time.as_secs_f64());
        return tenths.strip_suffix(".0s").map_or(tenths.clone(), |whole| format!("{whole}s"));
    }
    humantime::format_duration(Duration::from_secs(time.as_secs())).to_string()
}

fn peer(finding: &Finding) -> Peer {
    match finding.hop {
        Hop::Dns | Hop::Tcp | Hop::Config => Peer::Silent,
        _ => Peer::Spoke,
    }
}

/// The states that one check went through.
#[derive(Default)]
struct History {
    current: Option<Finding>,
    since: Option<Instant>,
    past: Vec<Waited>,
}

impl History {
    /// Takes note of a finding; true if it is a new state.
    fn enter(&mut self, finding: &Finding) -> bool {
        let changed = !self.current.as_ref().is_some_and(|current| current.same_state(finding));
        if changed {
            let now = Instant::now();
            if let (Some(past), Some(since)) = (self.current.take(), self.since.replace(now)) {
                self.past.push(Waited { finding: past, time: now - since });
            }
            self.since = Some(now);
        }
        self.current = Some(finding.clone());
        changed
    }

    fn longest(&self) -> Option<Waited> {
        let open = self
            .current
            .iter()
            .zip(self.since)
            .map(|(finding, since)| Waited { finding: finding.clone(), time: since.elapsed() });
        self.past
            .iter()
            .cloned()
            .chain(open)
            .filter(|waited| !waited.finding.is_ready())
            .max_by_key(|waited| waited.time)
    }
}

#[cfg(test)]
mod tests;
