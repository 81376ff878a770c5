//! The verbs.

use std::rc::Rc;

use clap::{Args, Parser, Subcommand};
use preflight::{Check, CommonArgs, ConfigError, Context, Env, Exit, Program};

use crate::check::{self, KeyCheck};
use crate::ensure::Ensure;
use crate::generate::{self, Manifest};
use crate::keys;
use crate::kube::Cluster;

/// Prove that the keys which Dify's components share are there, well-formed, equal and secret; and make missing ones.
#[derive(Parser, Clone, Debug)]
#[command(name = "plugin-keys", version)]
pub struct Cli {
    #[command(subcommand)]
    verb: Verb,

    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Subcommand, Clone, Debug)]
enum Verb {
    /// Make a Kubernetes Secret, or the keys that an existing one lacks; a key that is there is never changed.
    Ensure {
        /// The Secret's name.
        #[arg(long, value_name = "NAME", value_parser = object_name)]
        secret: String,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        keys: Keys,
    },
    /// Prove once that the keys in the environment are good.
    Check {
        #[command(flatten)]
        keys: Keys,
    },
    /// Prove that the keys in the environment are good, waiting for those in files (--env-dir) to appear.
    Wait {
        #[command(flatten)]
        keys: Keys,
    },
    /// Print a Secret with new keys as YAML, or as JSON with --output json.
    Generate {
        /// The Secret's name.
        #[arg(long, value_name = "NAME", default_value = "dify-keys", value_parser = object_name)]
        secret: String,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        keys: Keys,
    },
}

#[derive(Args, Clone, Debug)]
struct Keys {
    /// Only this key; may be given several times. All by default.
    #[arg(long = "key", value_name = "NAME")]
    names: Vec<String>,
}

#[derive(Args, Clone, Debug)]
struct Place {
    /// The namespace; by default the pod's own, or the kubeconfig's.
    #[arg(long, value_name = "NAME", value_parser = object_name)]
    namespace: Option<String>,
}

/// Names are put into paths and manifests: nothing but what Kubernetes allows.
fn object_name(text: &str) -> Result<String, String> {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    let edges = text.starts_with(['-', '.']) || text.ends_with(['-', '.']);
    if text.is_empty() || text.len() > 253 || edges || !text.chars().all(good) {
        return Err("must be lower-case letters, digits, - and .".to_owned());
    }
    Ok(text.to_owned())
}

/// What to do.
pub struct Plan(Action);

enum Action {
    Ensure(Box<Ensure>),
    Check(Vec<KeyCheck>),
    Wait(Vec<KeyCheck>),
    Generate(Manifest),
}

impl Program for Cli {
    const NAME: &'static str = "plugin-keys";
    type Plan = Plan;

    fn common(&self) -> &CommonArgs {
        &self.common
    }

    fn plan(&self, env: &Env) -> Result<Plan, ConfigError> {
        let action = match &self.verb {
            Verb::Ensure { secret, place, keys } => {
                let keys = keys::chosen(&keys.names)?;
                let cluster = Cluster::resolve(env, place.namespace.as_deref())?;
                Action::Ensure(Box::new(Ensure::new(cluster, secret, keys)))
            }
            Verb::Check { keys } => Action::Check(check::plan(env, &self.common, &keys.names)?),
            Verb::Wait { keys } => Action::Wait(check::plan(env, &self.common, &keys.names)?),
            Verb::Generate { secret, place, keys } => Action::Generate(Manifest::new(
                secret,
                place.namespace.as_deref(),
                keys::chosen(&keys.names)?,
            )),
        };
        Ok(Plan(action))
    }

    async fn run(plan: Plan, context: Rc<Context>) -> Exit {
        match plan.0 {
            Action::Ensure(ensure) => context.wait(vec![ensure as Box<dyn Check>]).await,
            Action::Check(checks) => context.check(boxed(checks)).await,
            Action::Wait(checks) => context.wait(boxed(checks)).await,
            Action::Generate(manifest) => generate::print(&manifest, &context.reporter),
        }
    }
}

fn boxed(checks: Vec<KeyCheck>) -> Vec<Box<dyn Check>> {
    checks.into_iter().map(|check| Box::new(check) as Box<dyn Check>).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_would_break_out_of_a_path_or_manifest_is_refused() {
        for name in ["", "a/b", "A", "a b", "-a", "a-", "..", "a\n", "a?x", "a\"", &"a".repeat(254)] {
            assert!(object_name(name).is_err(), "{name:?}");
        }
        assert!(object_name("dify-keys.v2").is_ok());
    }
}
