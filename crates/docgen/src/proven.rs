//! The page that says which systems were had, and which were stood in for.

use states::{Proof, Table};

use crate::flags::cell;

/// One line for each system of each tool.
pub(crate) fn page(tables: &[(&str, Table)]) -> String {
    let all: usize = tables.iter().map(|(_, table)| table.states.len()).sum();
    let real =
        tables.iter().flat_map(|(_, table)| &table.states).filter(|state| state.proof == Proof::Real).count();
    let mut text = format!(
        "# What was proven against what\n\n<!-- Written by docgen from the states.toml of each tool. -->\n\n\
         {all} states in all, {real} of them brought about in the real server. A related server speaks \
         the same protocol and was had in place of the one that is named. Recorded answers stand in for what cannot be had: they \
         are what the vendor's documentation, or the real server at another time, was seen to answer.\n\n\
         | tool | system | states | proven against | date |\n|---|---|---|---|---|\n"
    );
    for (tool, table) in tables {
        let mut servers: Vec<&str> = Vec::new();
        for state in &table.states {
            if !servers.contains(&state.server.as_str()) {
                servers.push(&state.server);
            }
        }
        for server in servers {
            let count =
                |proof| table.states.iter().filter(|row| row.server == server && row.proof == proof).count();
            let kinds = [Proof::Real, Proof::Related, Proof::Recorded, Proof::Local]
                .map(|proof| (count(proof), proof.as_str()));
            let total: usize = kinds.iter().map(|(count, _)| count).sum();
            let shown: Vec<String> = kinds
                .iter()
                .filter(|(count, _)| *count > 0)
                .map(
                    |(count, name)| {
                        if *count == total { (*name).to_owned() } else { format!("{name} ({count})") }
                    },
                )
                .collect();
            text.push_str(&format!(
                "| [{tool}]({tool}.md) | {} | {total} | {} | {} |\n",
                cell(server),
                shown.join(", "),
                table.date
            ));
        }
    }
    text
}
