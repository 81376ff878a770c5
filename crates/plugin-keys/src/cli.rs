//! The verbs.

use std::path::PathBuf;
use std::rc::Rc;

use clap::{Args, Parser, Subcommand};
use preflight::tls::{NamedFile, TlsOptions};
use preflight::{Check, CommonArgs, ConfigError, Context, Env, Exit, Program};

use crate::check::{self, Wanted};
use crate::ensure::Ensure;
use crate::generate::{self, Manifest};
use crate::keys;
use crate::kube::Cluster;
use crate::live::{self, Peer};
use crate::rotate::{self, Rotate};

/// The release of Dify, for rules that hold from one on.
const RELEASE: &str = "PREFLIGHT_DIFY_VERSION";

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
    /// Prove once that the keys are good; with --live, that the running components take them.
    Check(Look),
    /// Prove that the keys are good, waiting for those in files to appear and for the components to answer.
    Wait(Look),
    /// Give keys of a Kubernetes Secret new values, where that loses nothing, and say who must be restarted.
    Rotate {
        /// The Secret's name.
        #[arg(long, value_name = "NAME", value_parser = object_name)]
        secret: String,
        #[command(flatten)]
        place: Place,
        /// This key; may be given several times.
        #[arg(long = "key", value_name = "NAME", required_unless_present = "all", conflicts_with = "all")]
        names: Vec<String>,
        /// All keys that the Secret has and that can be rotated.
        #[arg(long)]
        all: bool,
        /// Do it; without this flag it is only said what would be done.
        #[arg(long)]
        yes: bool,
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

/// What is looked at.
#[derive(Args, Clone, Debug)]
struct Look {
    #[command(flatten)]
    keys: Keys,
    /// Keys of a component in place of the own environment: a folder, a file of NAME=value lines, or a Secret or
    /// `ConfigMap` as YAML or JSON, such as plugin-daemon=daemon.env. May be given several times, also for one
    /// component: then the later ones go first.
    #[arg(long = "holder", value_name = "COMPONENT=PATH")]
    holders: Vec<String>,
    /// Ask the running components too whether they take the keys.
    #[arg(long)]
    live: bool,
    /// Ask only this component; may be given several times. By default all whose URL is known.
    #[arg(long = "ask", value_enum, value_name = "COMPONENT")]
    asked: Vec<Peer>,
    /// File with the CA of components that speak HTTPS.
    #[arg(long = "ca", value_name = "PATH")]
    ca: Option<PathBuf>,
}

#[derive(Args, Clone, Debug)]
struct Place {
    /// The namespace; by default the pod's own, or the kubeconfig's.
    #[arg(long, value_name = "NAME", value_parser = object_name)]
    namespace: Option<String>,
}

impl Look {
    fn plan(&self, env: &Env, common: &CommonArgs) -> Result<Vec<Box<dyn Check>>, ConfigError> {
        let release = match env.text(RELEASE)?.filter(|text| !text.trim().is_empty()) {
            Some(text) => Some(text.parse().map_err(|problem: String| {
                ConfigError::new(RELEASE, problem)
                    .hint("write it like the tag of Dify's images, as in 1.16.1")
            })?),
            None => None,
        };
        let wanted = Wanted { names: &self.keys.names, holders: &self.holders, release };
        let (source, mut checks) = check::plan(env, common, &wanted)?;
        if self.live || !self.asked.is_empty() {
            let ca = self.ca.clone().map(|path| NamedFile { key: "--ca".to_owned(), path });
            let tls = TlsOptions { ca, ..TlsOptions::default() };
            checks.extend(live::plan(&source, &self.asked, &tls, release)?);
        }
        Ok(checks)
    }
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
    Rotate(Box<Rotate>),
    Check(Vec<Box<dyn Check>>),
    Wait(Vec<Box<dyn Check>>),
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
                let keys = keys::makeable(&keys.names)?;
                let cluster = Cluster::resolve(env, place.namespace.as_deref())?;
                Action::Ensure(Box::new(Ensure::new(cluster, secret, keys)))
            }
            Verb::Rotate { secret, place, names, yes, .. } => {
                let which = rotate::rotatable(names)?;
                let cluster = Cluster::resolve(env, place.namespace.as_deref())?;
                Action::Rotate(Box::new(Rotate::new(cluster, secret, which, *yes)))
            }
            Verb::Check(look) => Action::Check(look.plan(env, &self.common)?),
            Verb::Wait(look) => Action::Wait(look.plan(env, &self.common)?),
            Verb::Generate { secret, place, keys } => Action::Generate(Manifest::new(
                secret,
                place.namespace.as_deref(),
                keys::makeable(&keys.names)?,
            )),
        };
        Ok(Plan(action))
    }

    async fn run(plan: Plan, context: Rc<Context>) -> Exit {
        match plan.0 {
            Action::Ensure(ensure) => context.wait(vec![ensure as Box<dyn Check>]).await,
            Action::Rotate(rotate) => context.wait(vec![rotate as Box<dyn Check>]).await,
            Action::Check(checks) => context.check(checks).await,
            Action::Wait(checks) => context.wait(checks).await,
            Action::Generate(manifest) => generate::print(&manifest, &context.reporter),
        }
    }
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
