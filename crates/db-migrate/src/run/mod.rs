//! `run -- CMD`: migrates under the lock, and proves it.
//!
//! Dify's own `flask upgrade-db` exits with 0 when it did nothing because somebody holds its Redis lock, and old
//! releases exit with 0 after an error and with 1 after a success. So its exit code decides nothing: after every run
//! the database is asked.

mod child;
mod migrator;
mod signals;
mod stall;
mod tail;

use std::ffi::OsString;
use std::rc::Rc;
use std::time::{Duration, Instant};

use preflight::wait::{self, Outcome, Policy};
use preflight::{Class, Context, Exit, Finding, Hop};
use tokio::sync::Mutex;

use crate::decision::{OnAhead, State, list};
use crate::engine::{Server, Session};
use crate::graph::Graph;
use crate::lineage;
use child::Ended;
pub use child::become_command;
use migrator::{Migrator, MigratorCheck};
use signals::Signals;
use stall::Stall;

/// Pauses between two runs of the command: each starts the whole application.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// Too little time for another look, which would only say that it was cut short.
const LAST_LOOK: Duration = Duration::from_millis(200);

/// What a run needs.
pub struct Job {
    /// Where to migrate.
    pub session: Session,
    /// What the image needs.
    pub graph: Graph,
    /// See [`OnAhead`].
    pub on_ahead: OnAhead,
    /// The command and its arguments.
    pub command: Vec<OsString>,
    /// How long nothing may change before that is told.
    pub stall_after: Duration,
}

/// How an attempt ended.
enum Attempt {
    /// It is over.
    Over(Finding, Exit),
    /// Worth another one.
    Again(Finding),
}

/// Waits for the lock, decides, runs, proves.
pub async fn run(job: Job, context: &Context) -> Exit {
    let Job { session, graph, on_ahead, command, stall_after } = job;
    let target = session.target();
    let migrator = Rc::new(Mutex::new(Migrator::new(session, graph, on_ahead)));
    let mut run = Run {
        migrator,
        target,
        command,
        stall_after,
        context,
        signals: Signals::listen(),
        start: Instant::now(),
        failing_since: None,
        tries: 0,
        waited: None,
    };
    let (finding, exit) = run.until_over().await;
    if matches!(exit, Exit::Terminated | Exit::Interrupted) {
        context.reporter.stopped(exit);
        return exit;
    }
    let outcome = Outcome {
        check: String::new(),
        target: run.target,
        finding,
        exit,
        elapsed: run.start.elapsed(),
        tries: run.tries,
        waited: run.waited,
    };
    context.reporter.finished(&[outcome], exit);
    exit
}

struct Run<'a> {
    migrator: Rc<Mutex<Migrator>>,
    target: String,
    command: Vec<OsString>,
    stall_after: Duration,
    context: &'a Context,
    signals: Signals,
    start: Instant,
    failing_since: Option<Instant>,
    tries: u32,
    waited: Option<wait::Waited>,
}

impl Run<'_> {
    fn left(&self) -> Duration {
        self.context.policy.deadline.saturating_sub(self.start.elapsed())
    }

    async fn until_over(&mut self) -> (Finding, Exit) {
        let mut pause = FIRST_PAUSE;
        loop {
            let finding = match self.attempt().await {
                Attempt::Over(finding, exit) => return (finding, exit),
                Attempt::Again(finding) => finding,
            };
            if self.left().is_zero() {
                return (finding, Exit::Deadline);
            }
            let pause_now = pause.min(self.left());
            self.context.reporter.note(&format!("{finding}; next try in {}", wait::seconds(pause_now)));
            pause = (pause * 2).min(LONGEST_PAUSE);
            tokio::select! {
                () = tokio::time::sleep(pause_now) => {}
                exit = self.signals.next() => return (finding, exit),
            }
            if self.left() < LAST_LOOK {
                return (finding, Exit::Deadline);
            }
        }
    }

    async fn attempt(&mut self) -> Attempt {
        let outcome = match self.ready_to_run().await {
            Ok(outcome) => outcome,
            Err(exit) => {
                return Attempt::Over(Finding::not_yet(Hop::State, "stopped before the migration"), exit);
            }
        };
        self.tries += outcome.tries;
        if let Some(waited) = outcome.waited {
            self.waited.get_or_insert(waited);
        }
        if outcome.exit != Exit::Ready {
            return Attempt::Over(outcome.finding, outcome.exit);
        }
        let Some(reason) = self.migrator.lock().await.wants_to_run.take() else {
            return Attempt::Over(self.recorded(outcome.finding).await, Exit::Ready);
        };
        let command: Vec<_> = self.command.iter().map(|word| word.to_string_lossy()).collect();
        self.context.reporter.note(&format!("{reason}; running {}", command.join(" ")));
        let ended = self.run_child().await;
        match ended {
            Ok(ended) => match ended.stopped {
                Some(exit) => {
                    Attempt::Over(Finding::not_yet(Hop::State, "stopped during the migration"), exit)
                }
                None => self.prove(&ended).await,
            },
            Err(finding) => Attempt::Over(finding, Exit::Permanent),
        }
    }

    /// Connects, takes the lock and decides, in the common loop. An error is a signal.
    async fn ready_to_run(&mut self) -> Result<Outcome, Exit> {
        let policy =
            Policy { deadline: self.left().max(Duration::from_millis(1)), grace: self.context.policy.grace };
        let check = MigratorCheck { migrator: Rc::clone(&self.migrator), target: self.target.clone() };
        let mut checks: Vec<Box<dyn preflight::Check>> = vec![Box::new(check)];
        tokio::select! {
            mut outcomes = wait::until_ready(&mut checks, policy, &self.context.reporter) => {
                outcomes.pop().ok_or(Exit::Internal)
            }
            exit = self.signals.next() => Err(exit),
        }
    }

    /// Runs the command to its own end, whatever the deadline says: a migration cut off in its middle may leave a
    /// schema that no later one can repair.
    async fn run_child(&mut self) -> Result<Ended, Finding> {
        let json = self.context.reporter.is_json();
        let left = self.left();
        let child = child::run(&self.command, json, &self.context.reporter, &mut self.signals);
        let reporter = Rc::clone(&self.context.reporter);
        let migrator = Rc::clone(&self.migrator);
        let watch = async {
            let mut overdue = false;
            let mut stall = Stall::new(self.stall_after);
            let start = Instant::now();
            loop {
                let until_deadline = left.saturating_sub(start.elapsed()).max(Duration::from_secs(1));
                tokio::time::sleep(stall.pause().min(until_deadline)).await;
                if !overdue && start.elapsed() >= left {
                    overdue = true;
                    reporter.note("the deadline has passed, but the migration is still running: it is never cut off; waiting for its end");
                }
                let mut migrator = migrator.lock().await;
                migrator.watch_lock(&reporter).await;
                if let Some(sentence) = stall.look(&mut migrator.session).await {
                    reporter.note(&sentence);
                }
            }
        };
        tokio::select! {
            ended = child => ended,
            () = watch => Err(Finding::not_yet(Hop::State, "unreachable")),
        }
    }

    /// Reads the database again: only that counts.
    async fn prove(&mut self, ended: &Ended) -> Attempt {
        let migrator = Rc::clone(&self.migrator);
        let read = async { migrator.lock().await.state().await };
        // The server may have gone away with the migration; the next attempt waits for it.
        let (state, rows) = match tokio::time::timeout(wait::TRY_LIMIT, read).await {
            Ok(Ok(found)) => found,
            Ok(Err(finding)) => return Attempt::Again(finding),
            Err(_) => {
                let finding = Finding::not_yet(Hop::Tcp, "no answer from the database after the migration");
                return Attempt::Again(finding.code("ETIMEDOUT"));
            }
        };
        let heads = self.migrator.lock().await.graph.heads().clone();
        if state == State::AtHead {
            let mut finding = Finding::ready(format!("migrated; the schema is at {}", list(&heads)));
            if !ended.success {
                finding =
                    finding.warning(format!("the command {}, although the schema is at the head", ended.how));
            }
            return Attempt::Over(self.recorded(finding).await, Exit::Ready);
        }
        if let State::Stuck(stuck) = state {
            // With the lock in hand and the command at its end, nobody is in the middle of it.
            let finding = Finding { class: Class::Never, ..stuck.finding(&rows) };
            return Attempt::Over(finding, Exit::Permanent);
        }
        if ended.success {
            self.failing_since = None;
            return Attempt::Again(
                Finding::not_yet(
                    Hop::State,
                    format!(
                        "the command ended with exit code 0, but the schema is at {} and not at {}",
                        list(&rows),
                        list(&heads)
                    ),
                )
                .code("not_migrated")
                .hint("another migration may hold Dify's Redis lock db_upgrade_lock"),
            );
        }
        let left = async { self.migrator.lock().await.left_behind(&rows).await };
        let left = tokio::time::timeout(wait::TRY_LIMIT, left).await.ok().flatten();
        self.failed(ended, &list(&rows), left)
    }

    /// The command failed and the schema is not at the head.
    fn failed(&mut self, ended: &Ended, at: &str, left: Option<String>) -> Attempt {
        let mut finding =
            Finding::suspect(Hop::State, format!("the migration failed at {at}: the command {}", ended.how))
                .code(ended.code.clone());
        finding.warnings.extend(left);
        let finding = match ended.tail.as_str() {
            "" => finding.hint("the command printed nothing; read its own logs"),
            tail => finding.hint(format!("its last lines: {tail}")),
        };
        if ended.not_runnable {
            let finding = Finding { class: Class::Never, hop: Hop::Config, ..finding };
            return Attempt::Over(finding, Exit::Permanent);
        }
        let since = *self.failing_since.get_or_insert_with(Instant::now);
        if since.elapsed() >= self.context.policy.grace {
            return Attempt::Over(finding, Exit::Permanent);
        }
        Attempt::Again(finding)
    }

    /// Notes the lineage of a proven schema; not being able to is no more than a warning.
    async fn recorded(&self, finding: Finding) -> Finding {
        let mut migrator = self.migrator.lock().await;
        let Migrator { session, graph, lock, .. } = &mut *migrator;
        if !finding.is_ready() {
            return finding;
        }
        let recorded =
            if at_head(session, graph).await { lineage::record(session, graph).await } else { Ok(()) };
        session.close().await;
        lock.release().await;
        match recorded {
            Ok(()) => finding,
            Err(error) => finding.warning(format!(
                "cannot record the lineage ({error}); older images will not know this schema as newer"
            )),
        }
    }
}

/// A database that is ahead has its lineage from whoever brought it there.
async fn at_head(session: &mut Session, graph: &Graph) -> bool {
    let Ok(server) = Server::read(session).await else { return false };
    server.revisions(session).await.is_ok_and(|rows| &rows == graph.heads())
}
