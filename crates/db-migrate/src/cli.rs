//! The command line.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::{Args, Parser, Subcommand, ValueEnum};
use preflight::{Check, CommonArgs, ConfigError, Context, Env, Exit, Finding, Program, signal};

use crate::bootstrap::{BootstrapCheck, Wishes};
use crate::database::DatabaseCheck;
use crate::decision::OnAhead;
use crate::engine::{Login, Session};
use crate::graph::Graph;
use crate::install::install;
use crate::revisions;
use crate::run::{self, Job};
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
        /// The command that migrates, such as `flask upgrade-db`.
        #[arg(last = true, required = true, value_name = "COMMAND")]
        command: Vec<OsString>,
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
    #[command(flatten)]
    image: Image,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    Schema,
    Database,
}

/// What was resolved.
pub struct Plan(Act);

enum Act {
    Look { waits: bool, check: Box<dyn Check> },
    Status { session: Session, graph: Graph, on_ahead: OnAhead },
    Run(Job),
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
            Verb::Wait(target) => Act::Look { waits: true, check: check(target, session("wait")?)? },
            Verb::Check(target) => Act::Look { waits: false, check: check(target, session("check")?)? },
            Verb::Status(image) => Act::Status {
                session: session("status")?,
                graph: graph(&image.migrations)?,
                on_ahead: image.on_ahead,
            },
            Verb::Run { image, command } => Act::Run(Job {
                session: session("run")?,
                graph: graph(&image.migrations)?,
                on_ahead: image.on_ahead,
                command: command.clone(),
            }),
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
        Act::Look { waits: true, check } => context.wait(vec![check]).await,
        Act::Look { waits: false, check } => context.check(vec![check]).await,
        Act::Status { session, graph, on_ahead } => status::show(session, &graph, on_ahead, context).await,
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

fn check(target: &Target, session: Session) -> Result<Box<dyn Check>, ConfigError> {
    Ok(match target.what {
        What::Schema => {
            let graph = graph(&target.image.migrations)?;
            Box::new(SchemaCheck::new(session, graph, target.image.on_ahead))
        }
        What::Database => Box::new(DatabaseCheck::new(session)),
    })
}

fn graph(folder: &Path) -> Result<Graph, ConfigError> {
    revisions::read(folder).map_err(|problem| {
        ConfigError::new("--migrations (PREFLIGHT_MIGRATIONS)", problem)
            .hint("run this in Dify's api image, or name the folder that holds its revision files")
    })
}
