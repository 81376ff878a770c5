//! The command line.

use std::rc::Rc;

use clap::{Parser, Subcommand, ValueEnum};
use preflight::{Check, CommonArgs, ConfigError, Context, Env, Exit, Program};

use crate::check::RedisCheck;
use crate::config;
use crate::endpoint::Endpoint;

/// Proves that each Redis that Dify uses, alone, behind Sentinels or in a Cluster, accepts the login and takes writes.
///
/// Without --target, the application's Redis is checked, the broker if `CELERY_BROKER_URL` or `PREFLIGHT_BROKER_DB` is
/// set, the event bus if `EVENT_BUS_REDIS_URL` or `PUBSUB_REDIS_URL` is set, and the agent backend's if
/// `DIFY_AGENT_REDIS_URL` is set.
#[derive(Debug, Parser)]
#[command(name = "redis-check", version, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    common: CommonArgs,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Clone, Debug, Subcommand)]
enum Verb {
    /// Waits until every target is ready, or until one is hopeless, or until the deadline.
    Wait(Targets),
    /// Looks once at every target and says what it found.
    Check(Targets),
}

#[derive(Clone, Debug, clap::Args)]
struct Targets {
    /// Which Redis to check; may be given several times.
    #[arg(long = "target", value_enum, value_name = "TARGET")]
    targets: Vec<Target>,
}

/// One of the Redis servers that Dify uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// Cache and locks of api and worker (`REDIS_*`).
    App,
    /// The Celery broker (`CELERY_BROKER_URL`).
    Broker,
    /// Results of Celery's tasks (`CELERY_BACKEND`, at the broker).
    Results,
    /// Events of running workflows (`EVENT_BUS_REDIS_URL`).
    EventBus,
    /// The plugin daemon's, which reads `REDIS_*` in its own way.
    Daemon,
    /// The agent backend's (`DIFY_AGENT_REDIS_URL`).
    Agent,
}

/// What was resolved.
pub struct Plan {
    waits: bool,
    endpoints: Vec<Endpoint>,
}

impl Program for Cli {
    const NAME: &'static str = "redis-check";
    type Plan = Plan;

    fn common(&self) -> &CommonArgs {
        &self.common
    }

    fn plan(&self, env: &Env) -> Result<Plan, ConfigError> {
        let (waits, asked) = match &self.verb {
            Verb::Wait(targets) => (true, targets),
            Verb::Check(targets) => (false, targets),
        };
        Ok(Plan { waits, endpoints: config::endpoints(&asked.targets, env)? })
    }

    async fn run(plan: Plan, context: Rc<Context>) -> Exit {
        let checks = plan.endpoints.into_iter().map(|endpoint| {
            let check: Box<dyn Check> = Box::new(RedisCheck::new(endpoint));
            check
        });
        if plan.waits { context.wait(checks.collect()).await } else { context.check(checks.collect()).await }
    }
}
