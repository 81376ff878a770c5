//! What became of each key, and why.

use std::fmt::Write as _;

/// What became of a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fate {
    /// It needs a decision.
    Refused,
    /// It stands under another name.
    Renamed(String),
    /// It stands under its own name.
    Carried,
    /// The old file does not say it, and the new one must.
    Added,
    /// It is not needed here.
    Dropped,
}

impl Fate {
    fn word(&self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Renamed(_) => "renamed",
            Self::Carried => "carried",
            Self::Added => "added",
            Self::Dropped => "dropped",
        }
    }
}

/// One key.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Its path in the old file, or in the new one if it was added.
    pub(crate) path: String,
    /// What became of it.
    pub(crate) fate: Fate,
    /// Why, or what to know about it.
    pub(crate) note: String,
}

/// All keys.
#[derive(Debug, Default)]
pub(crate) struct Report {
    lines: Vec<Line>,
}

impl Report {
    pub(super) fn add(&mut self, path: &str, fate: Fate, note: impl Into<String>) {
        self.lines.push(Line { path: path.to_owned(), fate, note: note.into() });
    }

    pub(super) fn dropped(&mut self, path: &str, why: impl Into<String>) {
        self.add(path, Fate::Dropped, why);
    }

    pub(super) fn refused_key(&mut self, path: &str, why: impl Into<String>) {
        self.add(path, Fate::Refused, why);
    }

    /// Whether something was said of this key.
    pub(super) fn has(&self, path: &str) -> bool {
        self.lines.iter().any(|line| line.path == path)
    }

    /// All lines, in the order of the old file.
    #[cfg(test)]
    pub(crate) fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// How many keys need a decision.
    pub(crate) fn refused(&self) -> usize {
        self.lines.iter().filter(|line| line.fate == Fate::Refused).count()
    }

    /// The table: what needs a decision first. Neighbours that share fate and reason stand in one line.
    pub(crate) fn table(&self) -> String {
        let mut lines = self.lines.clone();
        lines.sort_by_key(|line| line.fate.word() != "refused");
        let folded = fold(&lines);
        let width = folded.iter().map(|(_, path, _)| path.len()).max().unwrap_or(0).min(60);
        let mut text = String::new();
        for (word, path, note) in folded {
            let _ = writeln!(text, "{}", format!("{word:<8} {path:<width$}  {note}").trim_end());
        }
        let count = |word: &str| self.lines.iter().filter(|line| line.fate.word() == word).count();
        let _ = write!(
            text,
            "{} carried, {} renamed, {} added, {} dropped, {} refused",
            count("carried"),
            count("renamed"),
            count("added"),
            count("dropped"),
            count("refused")
        );
        text
    }
}

/// Runs of dropped keys below one section become one line with their number: a whole copy of the old chart's values has
/// hundreds of them.
fn fold(lines: &[Line]) -> Vec<(&'static str, String, String)> {
    let mut folded = Vec::new();
    let together = |one: &Line, next: &Line| {
        one.fate == Fate::Dropped
            && next.fate == Fate::Dropped
            && one.note == next.note
            && top(one) == top(next)
    };
    for run in lines.chunk_by(together) {
        if run.len() > 3 {
            folded.push(("dropped", format!("{} ({} keys)", common(run), run.len()), run[0].note.clone()));
            continue;
        }
        for line in run {
            let path = match &line.fate {
                Fate::Renamed(to) => format!("{} -> {to}", line.path),
                _ => line.path.clone(),
            };
            folded.push((line.fate.word(), path, line.note.clone()));
        }
    }
    folded
}

fn top(line: &Line) -> &str {
    line.path.split('.').next().unwrap_or_default()
}

/// The path that all of these begin with.
fn common(run: &[Line]) -> String {
    let mut parts: Vec<&str> = run[0].path.split('.').collect();
    for line in run {
        let same = parts.iter().zip(line.path.split('.')).take_while(|(one, other)| **one == *other).count();
        parts.truncate(same);
    }
    parts.join(".")
}
