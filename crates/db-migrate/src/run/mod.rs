//! `run -- CMD`: migrates under the lock, and proves it.
//!
//! What a command says of itself decides nothing alone: after every run the database is asked. What it is asked depends
//! on the kind of work: [`schema`] or [`tables`].

mod child;
mod held;
mod migrator;
mod schema;
mod signals;
mod stall;
mod tables;
mod tail;

use std::ffi::OsString;
use std::rc::Rc;
use std::time::{Duration, Instant};

use preflight::wait::{self, Outcome, Policy};
use preflight::{Class, Context, Exit, Finding, Hop};
use tokio::sync::Mutex;

use crate::decision::OnAhead;
use crate::engine::{Login, Session};
use crate::graph::Graph;
use crate::plugin::PluginDatabase;
use child::Ended;
pub use child::become_command;
use migrator::{Migrator, MigratorCheck, Proof, Short, Work};
use schema::Schema;
use signals::Signals;
use stall::Stall;
use tables::Tables;

/// Pauses between two runs of the command: each starts the whole application.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// Too little time for another look, which would only say that it was cut short.
const LAST_LOOK: Duration = Duration::from_millis(200);

/// What a run needs.
pub struct Job {
    /// Where to migrate.
    pub login: Login,
    /// What.
    pub goal: Goal,
    /// The command and its arguments.
    pub command: Vec<OsString>,
    /// How long nothing may change before that is told.
    pub stall_after: Duration,
}

/// What is to be there in the end.
pub enum Goal {
    /// The schema that the image's revision files describe.
    Schema {
        /// What the image needs.
        graph: Graph,
        /// See [`OnAhead`].
        on_ahead: OnAhead,
    },
    /// The plugin daemon's tables.
    Tables {
        /// Where the daemon goes when its database is not there.
        default_database: String,
    },
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
    let Job { login, goal, command, stall_after } = job;
    let task = Task { command, stall_after };
    match goal {
        Goal::Schema { graph, on_ahead } => {
            until_proven(login, Schema { graph, on_ahead }, task, context).await
        }
        Goal::Tables { default_database } => {
            let database = PluginDatabase::new(&login, &default_database);
            until_proven(login, Tables { database }, task, context).await
        }
    }
}

struct Task {
    command: Vec<OsString>,
    stall_after: Duration,
}

async fn until_proven<W: Work>(login: Login, work: W, task: Task, context: &Context) -> Exit {
    let session = Session::new(login);
    let target = session.target();
    let migrator = Rc::new(Mutex::new(Migrator::new(session, work)));
    let mut run = Run {
        migrator,
        target,
        task,
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

struct Run<'a, W> {
    migrator: Rc<Mutex<Migrator<W>>>,
    target: String,
    task: Task,
    context: &'a Context,
    signals: Signals,
    start: Instant,
    failing_since: Option<Instant>,
    tries: u32,
    waited: Option<wait::Waited>,
}

impl<W: Work> Run<'_, W> {
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
            let finding = self.migrator.lock().await.conclude(outcome.finding).await;
            return Attempt::Over(finding, Exit::Ready);
        };
        let command: Vec<_> = self.task.command.iter().map(|word| word.to_string_lossy()).collect();
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
        let child = child::run(&self.task.command, json, &self.context.reporter, &mut self.signals);
        let reporter = Rc::clone(&self.context.reporter);
        let migrator = Rc::clone(&self.migrator);
        let watch = async {
            let mut overdue = false;
            let mut stall = Stall::new(self.task.stall_after);
            let start = Instant::now();
            loop {
                let until_deadline = left.saturating_sub(start.elapsed()).max(Duration::from_secs(1));
                tokio::time::sleep(stall.pause().min(until_deadline)).await;
                if !overdue && start.elapsed() >= left {
                    overdue = true;
                    reporter.note("the deadline has passed, but the migration is still running: it is never cut off; waiting for its end");
                }
                let mut migrator = migrator.lock().await;
                migrator.held.watch_lock(&reporter).await;
                if let Some(sentence) = stall.look(&mut migrator.held.session).await {
                    reporter.note(&sentence);
                }
            }
        };
        tokio::select! {
            ended = child => ended,
            () = watch => Err(Finding::not_yet(Hop::State, "unreachable")),
        }
    }

    /// Reads the database again.
    async fn prove(&mut self, ended: &Ended) -> Attempt {
        let migrator = Rc::clone(&self.migrator);
        let read = async { migrator.lock().await.prove(ended.success).await };
        // The server may have gone away with the migration; the next attempt waits for it.
        let proof = match tokio::time::timeout(wait::TRY_LIMIT, read).await {
            Ok(Ok(proof)) => proof,
            Ok(Err(finding)) => return Attempt::Again(finding),
            Err(_) => {
                let finding = Finding::not_yet(Hop::Tcp, "no answer from the database after the migration");
                return Attempt::Again(finding.code("ETIMEDOUT"));
            }
        };
        match proof {
            Proof::Done(mut finding) => {
                if !ended.success {
                    finding = finding
                        .warning(format!("the command {}, although the schema is at the head", ended.how));
                }
                let finding = self.migrator.lock().await.conclude(finding).await;
                Attempt::Over(finding, Exit::Ready)
            }
            Proof::Broken(finding) => Attempt::Over(finding, Exit::Permanent),
            Proof::Short(short) if ended.success => {
                self.failing_since = None;
                let message = format!("the command ended with exit code 0, but {}", short.missing);
                Attempt::Again(Finding::not_yet(Hop::State, message).code("not_migrated").hint(short.hint))
            }
            Proof::Short(short) => self.failed(ended, short),
        }
    }

    /// The command failed, and not all is there.
    fn failed(&mut self, ended: &Ended, short: Short) -> Attempt {
        let mut finding =
            Finding::suspect(Hop::State, format!("{}: the command {}", short.failed, ended.how))
                .code(ended.code.clone());
        finding.warnings.extend(short.left);
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
}
