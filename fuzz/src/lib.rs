//! What the targets share.

use std::iter::once;

use preflight::{Env, Finding, Program, Variable};

/// Stands in every secret; it must never come out again.
const CANARY: &str = "canary7f3aQ9z";

/// Reads the bytes as variables of a tool and lets it read its input from them.
///
/// A variable is a byte that picks it, then its value up to the next byte 255. In a secret's value the byte 1 stands for
/// the canary.
///
/// # Panics
/// If a secret is in the refusal, or among what `--print-config` shows.
pub fn settings<P: Program>(arguments: &[&str], variables: &[Variable], data: &[u8]) {
    // The fuzzer finds the canary out in the end; in a variable that is no secret it proves nothing.
    if data.windows(CANARY.len()).any(|bytes| bytes == CANARY.as_bytes()) {
        return;
    }
    let mut pairs = Vec::new();
    for part in data.split(|byte| *byte == 255) {
        let Some((pick, value)) = part.split_first() else { continue };
        let Some(variable) = variables.get(usize::from(*pick)) else { continue };
        let Ok(value) = std::str::from_utf8(value) else { continue };
        // A name of a file would be opened.
        if value.contains('/') && !value.contains("//") {
            continue;
        }
        let value = if variable.secret { value.replace('\u{1}', CANARY) } else { value.to_owned() };
        pairs.push((variable.name, value));
    }
    let words = once(P::NAME).chain(arguments.iter().copied());
    let Ok(program) = P::try_parse_from(words) else { panic!("the target's own arguments are wrong") };
    let env = Env::of_pairs(pairs.iter().map(|(name, value)| (*name, value.as_str())));
    let said = match program.plan(&env) {
        Ok(_) => String::new(),
        Err(error) => format!("{:?}", Finding::from(error)),
    };
    assert!(!said.contains(CANARY), "{said}");
    for resolved in env.resolved() {
        assert!(!resolved.shown.contains(CANARY), "{resolved:?}");
    }
}
