//! The page of one tool.

use std::collections::BTreeSet;

use preflight::Variable;
use states::{Proof, State};

use crate::flags::{cell, flags};
use crate::tool::Tool;

/// Prose, command line, variables, findings.
pub(crate) fn page(tool: &Tool, prose: &str, states: &[State]) -> String {
    let about = tool.command.get_about().map(ToString::to_string).unwrap_or_default();
    let sections = [
        format!(
            "# {}\n\n<!-- Written by docgen; its sources are in crates/{}. -->\n\n{about}",
            tool.name, tool.name
        ),
        without_title(prose),
        flags(&tool.command).trim_end().to_owned(),
        variables(tool.variables),
        findings(states),
    ];
    sections.join("\n\n") + "\n"
}

/// The prose begins below the page's own title.
fn without_title(prose: &str) -> String {
    let prose = prose.trim();
    let text =
        prose.strip_prefix("# ").map_or(prose, |rest| rest.split_once('\n').map_or("", |(_, rest)| rest));
    text.trim().to_owned()
}

fn variables(variables: &[Variable]) -> String {
    let mut text = String::from(
        "## Variables\n\nRead as Dify reads them. Each may also come from the file that `NAME_FILE` names, or from a file \
         `NAME` in the folder of `--env-dir`; only those that are no secret may be given with `-e`.\n\n\
         | variable | default | meaning |\n|---|---|---|\n",
    );
    for variable in variables {
        let default =
            if variable.default.is_empty() { String::new() } else { format!("`{}`", variable.default) };
        let secret = if variable.secret { " (secret)" } else { "" };
        text.push_str(&format!(
            "| `{}` | {} | {}{secret} |\n",
            variable.name,
            cell(&default),
            cell(variable.meaning)
        ));
    }
    text.trim_end().to_owned()
}

fn findings(states: &[State]) -> String {
    let mut text = format!(
        "## Findings and their cures\n\n{} states, each brought about by a test: {} with the real server, {} with a related one in \
         its place, {} with recorded answers, {} without any server. A `*` stands for a name, an address or a number. Exit codes are those of `check`; `wait` goes \
         on for a `not_yet` until the deadline (75), and for a `suspect` until the grace period is over (69).\n",
        states.len(),
        count(states, Proof::Real),
        count(states, Proof::Related),
        count(states, Proof::Recorded),
        count(states, Proof::Local),
    );
    let mut done = BTreeSet::new();
    for first in states {
        if !done.insert(first.server.as_str()) {
            continue;
        }
        text.push_str(&format!(
            "\n### {}\n\n| when | it says | do | class · hop · code · exit |\n|---|---|---|---|\n",
            first.server
        ));
        for state in states.iter().filter(|state| state.server == first.server) {
            text.push_str(&row(state));
        }
    }
    text.trim_end().to_owned()
}

fn row(state: &State) -> String {
    let code = state.code.as_deref().map(|code| format!(" · `{code}`")).unwrap_or_default();
    let warning = state.warning.as_deref().map(|text| format!("; warns: {text}")).unwrap_or_default();
    let proof = if state.proof == Proof::Recorded { " (recorded)" } else { "" };
    format!(
        "| {}{proof} | {}{} | {} | {} · {}{} · {} |\n",
        cell(&state.when),
        star(&state.says),
        star(&warning),
        star(state.hint.as_deref().unwrap_or("")),
        state.class,
        state.hop,
        cell(&code),
        state.exit
    )
}

/// A star would begin emphasis.
fn star(text: &str) -> String {
    cell(text).replace('*', "\\*").replace('<', "&lt;")
}

fn count(states: &[State], proof: Proof) -> usize {
    states.iter().filter(|state| state.proof == proof).count()
}
