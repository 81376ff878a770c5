//! Manual pages and completions.

use std::path::PathBuf;

use clap::Command;
use clap_complete::{Shell, generate};

use crate::File;
use crate::tool::Tool;

/// One manual page for the tool and each of its verbs, and completions for three shells.
pub(crate) fn files(tool: &Tool) -> Result<Vec<File>, String> {
    let mut files = Vec::new();
    let mut command = tool.command.clone().disable_help_subcommand(true);
    command.build();
    manual(&command, tool.name, &mut files)?;
    for (shell, name) in [
        (Shell::Bash, format!("{}.bash", tool.name)),
        (Shell::Zsh, format!("_{}", tool.name)),
        (Shell::Fish, format!("{}.fish", tool.name)),
    ] {
        let mut text = Vec::new();
        generate(shell, &mut tool.command.clone(), tool.name, &mut text);
        files.push((PathBuf::from("docs/completions").join(name), utf8(text)?));
    }
    Ok(files)
}

fn manual(command: &Command, name: &str, files: &mut Vec<File>) -> Result<(), String> {
    let mut text = Vec::new();
    let page = clap_mangen::Man::new(command.clone().display_name(name)).title(name.to_owned());
    page.render(&mut text).map_err(|error| error.to_string())?;
    files.push((PathBuf::from(format!("docs/man/{name}.1")), utf8(text)?));
    for verb in command.get_subcommands() {
        manual(verb, &format!("{name}-{}", verb.get_name()), files)?;
    }
    Ok(())
}

fn utf8(text: Vec<u8>) -> Result<String, String> {
    String::from_utf8(text).map_err(|error| error.to_string())
}
