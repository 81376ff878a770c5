//! The command line.

use std::rc::Rc;

use clap::builder::FalseyValueParser;
use clap::{Parser, Subcommand};
use preflight::{Check, CommonArgs, ConfigError, Context, Env, Exit, Program};

use crate::stores;

/// Proves that the vector store named by `VECTOR_STORE` is there, is the right product, and accepts Dify's credential.
#[derive(Debug, Parser)]
#[command(name = "vector-probe", version, propagate_version = true)]
pub struct Cli {
    /// The stores to look at, instead of the one in `VECTOR_STORE`. A knowledge base stays in the store that it was made
    /// in, so after a change of `VECTOR_STORE` Dify uses both.
    #[arg(
        long = "store",
        global = true,
        value_name = "NAME",
        env = "PREFLIGHT_VECTOR_STORES",
        value_delimiter = ','
    )]
    stores: Vec<String>,

    /// Fail where only reachability can be proven, because nothing but the vendor's own client can log in.
    #[arg(long, global = true, env = "PREFLIGHT_STRICT", value_parser = FalseyValueParser::new())]
    strict: bool,

    #[command(flatten)]
    common: CommonArgs,

    #[command(subcommand)]
    verb: Verb,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
enum Verb {
    /// Waits until every store is ready, or one is hopeless, or until the deadline.
    Wait,
    /// Looks once and says what it found.
    Check,
}

/// What was resolved.
pub struct Plan {
    verb: Verb,
    stores: Vec<Box<dyn Check>>,
}

impl Program for Cli {
    const NAME: &'static str = "vector-probe";
    type Plan = Plan;

    fn common(&self) -> &CommonArgs {
        &self.common
    }

    fn plan(&self, env: &Env) -> Result<Plan, ConfigError> {
        Ok(Plan { verb: self.verb, stores: stores::configured(env, &self.stores, self.strict)? })
    }

    async fn run(plan: Plan, context: Rc<Context>) -> Exit {
        match plan.verb {
            Verb::Wait => context.wait(plan.stores).await,
            Verb::Check => context.check(plan.stores).await,
        }
    }
}
