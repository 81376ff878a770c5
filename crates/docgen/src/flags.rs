//! The command line as Markdown.

use clap::{Arg, Command};

/// The section "Command line": every verb with its own options, then what all verbs share.
pub(crate) fn flags(command: &Command) -> String {
    let mut built = command.clone();
    built.build();
    let mut text = String::from("## Command line\n\n");
    let verbs: Vec<&Command> = built.get_subcommands().filter(|verb| verb.get_name() != "help").collect();
    if !verbs.is_empty() {
        text.push_str("| verb | what it does |\n|---|---|\n");
        for verb in &verbs {
            text.push_str(&format!("| `{}` | {} |\n", verb.get_name(), cell(&about(verb))));
        }
        text.push('\n');
    }
    let shared: Vec<&Arg> = own(&built).filter(|arg| arg.is_global_set() || verbs.is_empty()).collect();
    for verb in &verbs {
        let options: Vec<&Arg> = own(verb).filter(|arg| !arg.is_global_set()).collect();
        if !options.is_empty() {
            text.push_str(&format!("### {}\n\n{}\n", verb.get_name(), table(&options)));
        }
    }
    text.push_str(&format!(
        "### {}\n\n{}",
        if verbs.is_empty() { "Options" } else { "Every verb" },
        table(&shared)
    ));
    text
}

/// The arguments that are the tool's, not clap's.
fn own(command: &Command) -> impl Iterator<Item = &Arg> {
    command
        .get_arguments()
        .filter(|arg| !matches!(arg.get_id().as_str(), "help" | "version") && !arg.is_hide_set())
}

fn table(options: &[&Arg]) -> String {
    let mut text = String::from("| option | variable | default | meaning |\n|---|---|---|---|\n");
    for arg in options {
        let variable = arg.get_env().map(|name| format!("`{}`", name.to_string_lossy())).unwrap_or_default();
        // clap gives a switch the default "false", which says nothing to a reader.
        let defaults = if arg.get_action().takes_values() { arg.get_default_values() } else { &[] };
        let default: Vec<String> =
            defaults.iter().map(|value| format!("`{}`", value.to_string_lossy())).collect();
        text.push_str(&format!(
            "| {} | {variable} | {} | {} |\n",
            cell(&spelled(arg)),
            cell(&default.join(", ")),
            cell(&meaning(arg))
        ));
    }
    text
}

fn spelled(arg: &Arg) -> String {
    let value = arg
        .get_value_names()
        .unwrap_or_default()
        .iter()
        .map(clap::builder::Str::as_str)
        .collect::<Vec<_>>()
        .join(" ");
    let value = if arg.get_action().takes_values() { format!(" {value}") } else { String::new() };
    match (arg.get_short(), arg.get_long()) {
        (Some(short), Some(long)) => format!("`-{short}`, `--{long}{value}`"),
        (None, Some(long)) => format!("`--{long}{value}`"),
        (Some(short), None) => format!("`-{short}{value}`"),
        (None, None) => format!("`{}`", value.trim()),
    }
}

fn meaning(arg: &Arg) -> String {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let values: Vec<String> = arg
        .get_possible_values()
        .iter()
        .filter(|_| arg.get_action().takes_values())
        .map(|value| format!("`{}`", value.get_name()))
        .collect();
    let help = help.trim_end_matches('.');
    if values.is_empty() { help.to_owned() } else { format!("{help}. One of {}", values.join(", ")) }
}

fn about(command: &Command) -> String {
    command.get_about().map(ToString::to_string).unwrap_or_default()
}

/// A text that may stand in a cell of a table.
pub(crate) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
