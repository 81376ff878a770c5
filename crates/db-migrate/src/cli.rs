//! The command line.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use preflight::{Check, CommonArgs, ConfigError, Context, Env, Exit, Finding, Program, signal};

use crate::bootstrap::{BootstrapCheck, Wishes};
use crate::database::DatabaseCheck;
use crate::decision::OnAhead;
use crate::engine::{Login, Session};
use crate::graph::Graph;
use crate::install::install;
use crate::plugin::PluginCheck;
use crate::repair;
use crate::revisions;
use crate::run::{self, Goal, Job};
use crate::schema::SchemaCheck;
use crate::status;

/// Proves that the schema of Dify's database is at the head of the image's own revision files, or brings it there.
#[derive(Debug, Parser)]
#[command(name = "db-migrate", version, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    common: CommonArgs,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Waits until the schema (or the database) is ready, or until it is hopeless, or until the deadline.
    Wait(Target),
    /// Looks once and says what it found.
    Check(Target),
    /// Shows revisions, decision, lock holder and recorded migrations.
    Status(Image),
    /// Migrates: takes the lock, decides, runs the command, and proves the result.
    Run {
        #[command(flatten)]
        image: Image,
        /// Say what the migration waits for when nothing has changed for so long.
        #[arg(
            long,
            value_name = "DURATION",
            env = "PREFLIGHT_STALL_AFTER",
            default_value = "5m",
            value_parser = preflight::args::positive_duration
        )]
        stall_after: Duration,
        /// Whose tables; of the plugin daemon's no revision is known, so its command always runs.
        #[arg(long = "target", value_enum, value_name = "WHOSE", default_value = "app")]
        whose: Whose,
        /// The command that migrates, such as `flask upgrade-db`, or the plugin daemon's `commandline migrate`.
        #[arg(last = true, required = true, value_name = "COMMAND")]
        command: Vec<OsString>,
    },
    /// Shows the statements that mend a revision which an interrupted migration left half applied; executes them with --yes.
    Repair {
        #[command(flatten)]
        image: Image,
        /// Execute them: with the migration lock, and only while no other transaction is open in the database.
        #[arg(long)]
        yes: bool,
    },
    /// Creates what is missing of databases, role and extensions; never changes what is there.
    Bootstrap,
    /// Copies this program into a folder, so that it can run inside Dify's own image.
    Install {
        /// The folder, such as a volume shared with the next container.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

#[derive(Args, Clone, Debug)]
struct Image {
    /// Folder with the image's revision files.
    #[arg(
        long,
        value_name = "DIR",
        env = "PREFLIGHT_MIGRATIONS",
        default_value = "/app/api/migrations/versions"
    )]
    migrations: PathBuf,

    /// What to do about a schema that is newer than the image.
    #[arg(long, value_enum, value_name = "POLICY", env = "PREFLIGHT_ON_AHEAD", default_value = "allow")]
    on_ahead: OnAhead,
}

#[derive(Args, Clone, Debug)]
struct Target {
    /// What to prove: the schema at the image's head, or only a database in which a migration could work.
    #[arg(long = "for", value_enum, value_name = "WHAT", default_value = "schema")]
    what: What,
    /// Whose database; several are looked at side by side. By default the one that the variables are for.
    #[arg(long = "target", value_enum, value_name = "WHOSE")]
    whose: Vec<Whose>,
    #[command(flatten)]
    image: Image,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Whose {
    /// That of api and worker.
    App,
    /// That of the plugin daemon.
    Daemon,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    Schema,
    Database,
}

/// What was resolved.
pub struct Plan(Act);

enum Act {
    Look { waits: bool, checks: Vec<Box<dyn Check>> },
    Status { session: Session, graph: Graph, on_ahead: OnAhead },
    Run(Job),
    Repair { session: Session, graph: Graph, yes: bool },
    Bootstrap(Wishes),
    Install(PathBuf),
}

impl Program for Cli {
    const NAME: &'static str = "db-migrate";
    /// A migration must be told, and its end awaited.
    const HANDLES_SIGNALS: bool = true;
    type Plan = Plan;

    fn common(&self) -> &CommonArgs {
        &self.common
    }

    fn plan(&self, env: &Env) -> Result<Plan, ConfigError> {
        let session = |purpose| Ok(Session::new(Login::from_env(env, purpose)?));
        Ok(Plan(match &self.verb {
            Verb::Wait(target) => Act::Look { waits: true, checks: checks(target, env, "wait")? },
            Verb::Check(target) => Act::Look { waits: false, checks: checks(target, env, "check")? },
            Verb::Status(image) => Act::Status {
                session: session("status")?,
                graph: graph(&image.migrations)?,
                on_ahead: image.on_ahead,
            },
            Verb::Run { image, stall_after, whose, command } => {
                let (login, goal) = goal(*whose, image, env)?;
                Act::Run(Job { login, goal, command: command.clone(), stall_after: *stall_after })
            }
            Verb::Repair { image, yes } => {
                Act::Repair { session: session("repair")?, graph: graph(&image.migrations)?, yes: *yes }
            }
            Verb::Bootstrap => Act::Bootstrap(Wishes::from_env(env)?),
            Verb::Install { folder } => Act::Install(folder.clone()),
        }))
    }

    async fn run(plan: Plan, context: Rc<Context>) -> Exit {
        // A run passes signals on to its command; everything else can be dropped where it stands.
        let act = match plan.0 {
            Act::Run(job) => return run::run(job, &context).await,
            act => act,
        };
        tokio::select! {
            exit = do_it(act, &context) => exit,
            exit = signal::asked_to_end() => {
                context.reporter.stopped(exit);
                exit
            }
        }
    }
}

async fn do_it(act: Act, context: &Context) -> Exit {
    match act {
        Act::Look { waits: true, checks } => context.wait(checks).await,
        Act::Look { waits: false, checks } => context.check(checks).await,
        Act::Status { session, graph, on_ahead } => status::show(session, &graph, on_ahead, context).await,
        Act::Repair { session, graph, yes } => repair::repair(session, &graph, yes, context).await,
        Act::Bootstrap(wishes) => context.wait(vec![Box::new(BootstrapCheck::new(wishes))]).await,
        Act::Install(folder) => {
            let finding = install(&folder).unwrap_or_else(Finding::from);
            let exit = Exit::of_class(finding.class);
            context.reporter.ended_with(&finding, exit);
            exit
        }
        Act::Run(job) => run::run(job, context).await,
    }
}

fn checks(target: &Target, env: &Env, purpose: &str) -> Result<Vec<Box<dyn Check>>, ConfigError> {
    let asked = |whose| target.whose.contains(&whose);
    let mut checks: Vec<Box<dyn Check>> = Vec::new();
    if !asked(Whose::Daemon) || asked(Whose::App) {
        let name = if asked(Whose::Daemon) { "app" } else { "" };
        let session = Session::new(Login::from_env(env, purpose)?);
        checks.push(match target.what {
            What::Schema => {
                let graph = graph(&target.image.migrations)?;
                Box::new(SchemaCheck::new(session, graph, target.image.on_ahead).named(name))
            }
            What::Database => Box::new(DatabaseCheck::new(session).named(name)),
        });
    }
    if asked(Whose::Daemon) {
        let (login, door) = Login::of_daemon(env, asked(Whose::App), purpose)?;
        checks.push(Box::new(PluginCheck::new(login, &door, target.what == What::Schema)));
    }
    Ok(checks)
}

fn goal(whose: Whose, image: &Image, env: &Env) -> Result<(Login, Goal), ConfigError> {
    Ok(match whose {
        Whose::App => {
            let login = Login::from_env(env, "run")?;
            (login, Goal::Schema { graph: graph(&image.migrations)?, on_ahead: image.on_ahead })
        }
        Whose::Daemon => {
            let (login, default_database) = Login::of_daemon(env, false, "run")?;
            (login, Goal::Tables { default_database })
        }
    })
}

fn graph(folder: &Path) -> Result<Graph, ConfigError> {
    revisions::read(folder).map_err(|problem| {
        ConfigError::new("--migrations (PREFLIGHT_MIGRATIONS)", problem)
            .hint("run this in Dify's api image, or name the folder that holds its revision files")
    })
}
