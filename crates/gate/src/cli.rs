//! The command line: common flags, then commands separated by `--`.

use std::ffi::OsString;
use std::rc::Rc;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches, Parser};
use preflight::{CommonArgs, ConfigError, Context, Env, Exit, Program};

use crate::command::{self, Command, Settings};
use crate::run;

/// Prove several things at once: run commands side by side and merge what they find into one report.
///
/// Write each command behind a `--` of its own:
/// gate -- redis-check wait -- storage-bootstrap wait -- db-migrate install /preflight
#[derive(Parser, Clone, Debug)]
#[command(name = "gate", version)]
pub struct Cli {
    #[command(flatten)]
    common: CommonArgs,

    #[command(flatten)]
    commands: Commands,
}

/// Words of each command; none is empty.
#[derive(Clone, Debug)]
struct Commands(Vec<Vec<OsString>>);

/// By hand, because a missing command between two `--` has to be an error of usage.
impl FromArgMatches for Commands {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let words: Vec<OsString> = matches.get_many("commands").into_iter().flatten().cloned().collect();
        let commands: Vec<Vec<OsString>> =
            words.split(|word| word == "--").map(<[OsString]>::to_vec).collect();
        if commands.iter().any(Vec::is_empty) {
            return Err(clap::Error::raw(
                ErrorKind::ValueValidation,
                "a command is empty: two -- in a row, or one at the end\n",
            ));
        }
        Ok(Self(commands))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Commands {
    fn augment_args(command: clap::Command) -> clap::Command {
        command.arg(
            Arg::new("commands")
                .value_name("COMMAND")
                .help("Commands with their arguments, separated by --")
                .last(true)
                .required(true)
                .num_args(1..)
                .action(ArgAction::Append)
                .value_parser(clap::value_parser!(OsString)),
        )
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

/// What to start, and how.
pub struct Plan {
    pub(crate) commands: Vec<Command>,
    pub(crate) settings: Settings,
}

impl Program for Cli {
    const NAME: &'static str = "gate";
    /// Signals are passed on, and the children waited for.
    const HANDLES_SIGNALS: bool = true;
    type Plan = Plan;

    fn common(&self) -> &CommonArgs {
        &self.common
    }

    fn plan(&self, env: &Env) -> Result<Plan, ConfigError> {
        if let Some((name, _)) = self.common.overrides.first() {
            return Err(ConfigError::new("--env", format!("cannot set {name} for every command"))
                .hint("give -e to the command that it is meant for"));
        }
        if let Some(folder) = self.common.env_dir.as_deref() {
            std::fs::read_dir(folder).map_err(|error| {
                ConfigError::new("--env-dir", format!("cannot read {}: {error}", folder.display()))
                    .hint("mount the Secret there, and let the pod's user read it (fsGroup)")
            })?;
        }
        let path = env.text_or("PATH", "")?;
        let commands =
            self.commands.0.iter().map(|words| command::find(words, &path)).collect::<Result<_, _>>()?;
        let settings = Settings {
            deadline: self.common.deadline,
            grace: self.common.grace,
            env_dir: self.common.env_dir.clone(),
        };
        Ok(Plan { commands, settings })
    }

    async fn run(plan: Plan, context: Rc<Context>) -> Exit {
        run::all(plan, &context).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Vec<Vec<OsString>>, ErrorKind> {
        Cli::try_parse_from([&["gate"], words].concat())
            .map(|cli| cli.commands.0)
            .map_err(|error| error.kind())
    }

    #[test]
    fn commands_are_split_at_each_separator() {
        let commands = parse(&["--deadline", "5s", "--", "a", "wait", "-v", "--", "b"]).unwrap();
        assert_eq!(commands, [vec!["a", "wait", "-v"], vec!["b"]]);
    }

    #[test]
    fn an_empty_command_is_an_error_of_usage() {
        for words in [&["--"][..], &["--", "--", "a"], &["--", "a", "--"], &["--", "a", "--", "--", "b"], &[]]
        {
            assert!(parse(words).is_err(), "{words:?}");
        }
    }
}
