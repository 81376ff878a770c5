//! The verbs, and whose variables are read.

use std::rc::Rc;

use clap::{Parser, Subcommand, ValueEnum};
use preflight::{Check, CommonArgs, ConfigError, Context, Env, Exit, Program};

use crate::scratch::Scratch;
use crate::stores::Task;
use crate::tenant::Tenant;
use crate::{api, daemon};

/// Prove that Dify's file storage can be written, read and deleted from, with Dify's own settings.
#[derive(Parser, Clone, Debug)]
#[command(name = "storage-bootstrap", version)]
pub struct Cli {
    #[command(subcommand)]
    verb: Verb,

    /// Whose variables to read; may be given for both, which are then proven side by side.
    #[arg(long = "for", global = true, value_enum, value_name = "WHO", default_value = "api")]
    sides: Vec<Side>,

    /// A workspace whose private key must be in the api's store; may be repeated. Its ids are what SELECT id FROM tenants
    /// gives; default: `PREFLIGHT_TENANTS`, with commas between.
    #[arg(long = "tenant", global = true, value_name = "ID")]
    tenants: Vec<String>,

    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Subcommand, Clone, Copy, Debug)]
enum Verb {
    /// Prove it, waiting until it is so; a missing bucket or folder is not made.
    Wait,
    /// Prove it once, now; a missing bucket or folder is not made.
    Check,
    /// Make a missing bucket or folder, then prove it, waiting until it is so; an existing one is not changed.
    Ensure,
}

/// The two programs of Dify that keep files; the same name may mean different things to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Side {
    /// The api, its workers and the scheduler.
    Api,
    /// The plugin daemon.
    Daemon,
}

impl Side {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Daemon => "daemon",
        }
    }
}

impl Cli {
    /// Each once, in the order given.
    fn sides(&self) -> Vec<Side> {
        let mut sides = self.sides.clone();
        sides.dedup();
        sides
    }
}

/// What to probe, and how.
pub struct Plan {
    verb: Verb,
    checks: Vec<Box<dyn Check>>,
}

impl Program for Cli {
    const NAME: &'static str = "storage-bootstrap";
    type Plan = Plan;

    fn common(&self) -> &CommonArgs {
        &self.common
    }

    fn plan(&self, env: &Env) -> Result<Plan, ConfigError> {
        let mut checks = Vec::new();
        for side in self.sides() {
            let tenants = match side {
                Side::Api => Tenant::all(&self.tenants, env)?,
                Side::Daemon => Vec::new(),
            };
            let task = Task { make: matches!(self.verb, Verb::Ensure), scratch: Scratch::new()?, tenants };
            checks.push(match side {
                Side::Api => api::resolve(env, &task)?,
                Side::Daemon => daemon::resolve(env, &task)?,
            });
        }
        Ok(Plan { verb: self.verb, checks })
    }

    async fn run(plan: Plan, context: Rc<Context>) -> Exit {
        match plan.verb {
            Verb::Check => context.check(plan.checks).await,
            Verb::Wait | Verb::Ensure => context.wait(plan.checks).await,
        }
    }
}
