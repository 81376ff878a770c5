//! The command line.

use std::rc::Rc;

use clap::{Parser, Subcommand};
use preflight::{Check, CommonArgs, ConfigError, Context, Env, Exit, Program};

use crate::stores;

/// Proves that the vector store named by `VECTOR_STORE` is there, is the right product, and accepts Dify's credential.
#[derive(Debug, Parser)]
#[command(name = "vector-probe", version, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    common: CommonArgs,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
enum Verb {
    /// Waits until the store is ready, or hopeless, or until the deadline.
    Wait,
    /// Looks once and says what it found.
    Check,
}

/// What was resolved.
pub struct Plan {
    verb: Verb,
    store: Box<dyn Check>,
}

impl Program for Cli {
    const NAME: &'static str = "vector-probe";
    type Plan = Plan;

    fn common(&self) -> &CommonArgs {
        &self.common
    }

    fn plan(&self, env: &Env) -> Result<Plan, ConfigError> {
        Ok(Plan { verb: self.verb, store: stores::configured(env)? })
    }

    async fn run(plan: Plan, context: Rc<Context>) -> Exit {
        match plan.verb {
            Verb::Wait => context.wait(vec![plan.store]).await,
            Verb::Check => context.check(vec![plan.store]).await,
        }
    }
}
