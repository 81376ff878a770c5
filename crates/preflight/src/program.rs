//! The frame of a `main`: parse, resolve, run, exit code, signals.

use std::process::ExitCode;
use std::rc::Rc;

use clap::Parser;
use clap::error::ErrorKind;

use crate::args::CommonArgs;
use crate::check::Check;
use crate::env::{ConfigError, Env};
use crate::exit::Exit;
use crate::finding::Finding;
use crate::log;
use crate::redact::Redactor;
use crate::report::{Reporter, Termination};
use crate::signal;
use crate::wait::{self, Policy};

/// What a run has at hand.
pub struct Context {
    /// Where findings go.
    pub reporter: Rc<Reporter>,
    /// How long to wait.
    pub policy: Policy,
}

impl Context {
    /// Waits for all checks, reports, and says how to end.
    pub async fn wait(&self, mut checks: Vec<Box<dyn Check>>) -> Exit {
        let outcomes = wait::until_ready(&mut checks, self.policy, &self.reporter).await;
        self.conclude(&outcomes)
    }

    /// Looks once at all checks, reports, and says how to end.
    pub async fn check(&self, mut checks: Vec<Box<dyn Check>>) -> Exit {
        let outcomes = wait::once(&mut checks).await;
        self.conclude(&outcomes)
    }

    fn conclude(&self, outcomes: &[wait::Outcome]) -> Exit {
        let exit = wait::exit_of(outcomes);
        self.reporter.finished(outcomes, exit);
        exit
    }
}

/// A binary: its command line, what it resolves from its input, and what it then does.
///
/// Input is read in [`Program::plan`] alone, so that `--print-config` can show all of it without doing anything.
pub trait Program: Parser {
    /// The name of the binary.
    const NAME: &'static str;
    /// Everything that was resolved from flags and environment.
    type Plan;

    /// The flags that every binary has.
    fn common(&self) -> &CommonArgs;

    /// Reads and checks all input. No network, no writing.
    fn plan(&self, env: &Env) -> Result<Self::Plan, ConfigError>;

    /// Does it. Dropped at an await point when a signal arrives, unless [`Program::HANDLES_SIGNALS`].
    fn run(plan: Self::Plan, context: Rc<Context>) -> impl Future<Output = Exit>;

    /// Whether `run` listens to signals by itself, because it has a child to pass them to.
    const HANDLES_SIGNALS: bool = false;
}

/// The body of a `main`.
#[must_use]
pub fn main<P: Program>() -> ExitCode {
    // The payload of a panic may hold anything; its place is enough to find the bug.
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        complain(P::NAME, &format!("internal error at {place}; report it with the command that led here"));
        std::process::exit(i32::from(Exit::Internal.code()));
    }));
    match P::try_parse() {
        Ok(program) => start(&program).into(),
        Err(error) => usage(&error),
    }
}

fn usage(error: &clap::Error) -> ExitCode {
    // Writing help to a closed pipe is no fault.
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Ready.into(),
        _ => Exit::Usage.into(),
    }
}

fn start<P: Program>(program: &P) -> Exit {
    let common = program.common().clone();
    let redactor = Redactor::default();
    if common.verbose {
        log::start(P::NAME, &redactor);
    }
    let env = Env::from_process(&common.overrides, common.env_dir.as_deref(), &redactor);
    let termination = match Termination::open(common.termination_log.as_deref()) {
        Ok(termination) => termination,
        Err(error) => {
            complain(P::NAME, &error.to_string());
            return Exit::Usage;
        }
    };
    let reporter = Rc::new(Reporter::new(P::NAME, common.output, redactor, termination));
    let plan = match program.plan(&env) {
        Ok(plan) => plan,
        Err(error) => {
            reporter.ended_with(&Finding::from(error), Exit::Permanent);
            return Exit::Permanent;
        }
    };
    if common.print_config {
        print_config(&env, &common, &reporter);
        return Exit::Ready;
    }
    let policy = Policy { deadline: common.deadline, grace: common.grace };
    let context = Rc::new(Context { reporter: Rc::clone(&reporter), policy });
    run::<P>(plan, context, &reporter)
}

fn run<P: Program>(plan: P::Plan, context: Rc<Context>, reporter: &Reporter) -> Exit {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(P::NAME, &format!("cannot start: {error}"));
            return Exit::Internal;
        }
    };
    let exit = runtime.block_on(async {
        if P::HANDLES_SIGNALS {
            return P::run(plan, context).await;
        }
        tokio::select! {
            exit = P::run(plan, context) => exit,
            exit = signal::asked_to_end() => {
                reporter.stopped(exit);
                exit
            }
        }
    });
    // A name look-up that hangs in the C library must not hold up the end of the process.
    runtime.shutdown_background();
    exit
}

fn print_config(env: &Env, common: &CommonArgs, reporter: &Reporter) {
    let mut lines = vec![
        format!(
            "--deadline={}  # {}",
            humantime::format_duration(common.deadline),
            "how long to wait in all"
        ),
        format!(
            "--grace={}  # {}",
            humantime::format_duration(common.grace),
            "how long a suspect is retried"
        ),
    ];
    lines.extend(
        env.resolved().iter().map(|value| format!("{}={}  # {}", value.name, value.shown, value.source)),
    );
    reporter.result(&lines.join("\n"));
}

fn complain(tool: &str, message: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{tool}: {message}");
}
