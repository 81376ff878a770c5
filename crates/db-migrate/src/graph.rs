//! The revisions of an image as a graph.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::mysql::steps::Made;
use crate::revisions::Revision;

/// A set of revision ids.
pub type Ids = BTreeSet<String>;

/// Every revision that an image knows, with what comes before it. Sound by construction: not empty, without
/// cycles, doubles or unknown parents.
#[derive(Clone, Debug)]
pub struct Graph {
    /// What each revision follows or depends on.
    before: BTreeMap<String, Vec<String>>,
    heads: Ids,
    /// What each revision makes, as far as it can be read from its file.
    makes: BTreeMap<String, Vec<Made>>,
}

/// Why a set of revisions is no graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GraphError {
    /// There are no revisions.
    Empty,
    /// Two files give the same id.
    Double(String, [String; 2]),
    /// A file follows a revision that no file gives.
    Unknown(String, String),
    /// These follow one another in a circle.
    Cycle(Vec<String>),
}

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there are no revisions"),
            Self::Double(id, [one, other]) => write!(f, "{one} and {other} both give revision {id}"),
            Self::Unknown(file, parent) => write!(f, "{file} follows revision {parent}, which no file gives"),
            Self::Cycle(ids) => write!(f, "revisions follow one another in a circle: {}", ids.join(", ")),
        }
    }
}

impl Graph {
    /// Builds it from revisions and the names of their files.
    pub fn new(revisions: Vec<(String, Revision)>) -> Result<Self, GraphError> {
        if revisions.is_empty() {
            return Err(GraphError::Empty);
        }
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        for (file, revision) in &revisions {
            if let Some(other) = files.insert(revision.id.clone(), file.clone()) {
                let mut both = [other, file.clone()];
                both.sort();
                return Err(GraphError::Double(revision.id.clone(), both));
            }
        }
        let mut followed = Ids::new();
        let mut before = BTreeMap::new();
        for (file, revision) in revisions {
            let mut all = revision.parents.clone();
            all.extend(revision.depends_on);
            if let Some(unknown) = all.iter().find(|parent| !files.contains_key(*parent)) {
                return Err(GraphError::Unknown(file, unknown.clone()));
            }
            followed.extend(revision.parents);
            before.insert(revision.id, all);
        }
        let heads = before.keys().filter(|id| !followed.contains(*id)).cloned().collect();
        let graph = Self { before, heads, makes: BTreeMap::new() };
        graph.refuse_cycles()?;
        Ok(graph)
    }

    /// Takes away, again and again, what follows nothing that is left; what remains goes in circles.
    fn refuse_cycles(&self) -> Result<(), GraphError> {
        let mut left: BTreeMap<&String, usize> =
            self.before.iter().map(|(id, before)| (id, before.len())).collect();
        let mut after: BTreeMap<&String, Vec<&String>> = BTreeMap::new();
        for (id, before) in &self.before {
            for parent in before {
                after.entry(parent).or_default().push(id);
            }
        }
        let mut free: Vec<&String> =
            left.iter().filter(|(_, count)| **count == 0).map(|(id, _)| *id).collect();
        while let Some(id) = free.pop() {
            left.remove(id);
            for next in after.get(id).into_iter().flatten() {
                if let Some(count) = left.get_mut(*next) {
                    *count -= 1;
                    if *count == 0 {
                        free.push(next);
                    }
                }
            }
        }
        if left.is_empty() { Ok(()) } else { Err(GraphError::Cycle(left.into_keys().cloned().collect())) }
    }

    /// The revisions that nothing follows; one, unless somebody forgot to merge.
    #[must_use]
    pub fn heads(&self) -> &Ids {
        &self.heads
    }

    /// Whether the image knows a revision.
    #[must_use]
    pub fn knows(&self, id: &str) -> bool {
        self.before.contains_key(id)
    }

    /// The number of revisions.
    #[must_use]
    pub fn len(&self) -> usize {
        self.before.len()
    }

    /// Never true; a graph has at least one revision.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.before.is_empty()
    }

    /// These revisions and all that come before them, as far as the image knows them.
    #[must_use]
    pub fn history<'a>(&self, of: impl IntoIterator<Item = &'a String>) -> Ids {
        let mut history = Ids::new();
        let mut open: Vec<&String> = of.into_iter().collect();
        while let Some(id) = open.pop() {
            if let Some(before) = self.before.get(id)
                && history.insert(id.clone())
            {
                open.extend(before);
            }
        }
        history
    }

    /// The revisions that a migration from `rows` would apply first.
    #[must_use]
    pub fn next(&self, rows: &Ids) -> Ids {
        let done = self.history(rows);
        let open = self.before.iter().filter(|(id, _)| !done.contains(*id));
        open.filter(|(_, before)| before.iter().all(|id| done.contains(id)))
            .map(|(id, _)| id.clone())
            .collect()
    }

    /// The same graph, with what each revision makes.
    #[must_use]
    pub fn making(self, makes: BTreeMap<String, Vec<Made>>) -> Self {
        Self { makes, ..self }
    }

    /// What a revision makes, as far as it can be read from its file.
    #[must_use]
    pub fn makes(&self, id: &str) -> &[Made] {
        self.makes.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    /// How many revisions a database at `rows` lacks.
    #[must_use]
    pub fn missing(&self, rows: &Ids) -> usize {
        self.len() - self.history(rows).len()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// `a` alone, or `b:a` for b after a, or `d:b,c` for a merge.
    pub(crate) fn graph(words: &str) -> Result<Graph, GraphError> {
        let revisions = words.split_whitespace().map(|word| {
            let (id, parents) = word.split_once(':').unwrap_or((word, ""));
            let parents = parents.split(',').filter(|parent| !parent.is_empty()).map(str::to_owned).collect();
            (format!("{id}.py"), Revision { id: id.to_owned(), parents, depends_on: Vec::new() })
        });
        Graph::new(revisions.collect())
    }

    pub(crate) fn ids(words: &str) -> Ids {
        words.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn heads_are_what_nothing_follows() {
        assert_eq!(graph("a b:a c:b").unwrap().heads(), &ids("c"));
        assert_eq!(graph("a b:a c:a").unwrap().heads(), &ids("b c"));
        assert_eq!(graph("a b:a c:a d:b,c").unwrap().heads(), &ids("d"));
    }

    #[test]
    fn history_goes_through_merges() {
        let graph = graph("a b:a c:a d:b,c e:d").unwrap();
        assert_eq!(graph.history(&ids("d")), ids("a b c d"));
        assert_eq!(graph.missing(&ids("b")), 3);
        assert_eq!(graph.missing(&Ids::new()), 5);
        assert_eq!(graph.next(&ids("a")), ids("b c"));
        assert_eq!(graph.next(&ids("b c")), ids("d"));
        assert_eq!(graph.next(&Ids::new()), ids("a"));
    }

    #[test]
    fn unsound_sets_are_refused() {
        assert_eq!(graph("").unwrap_err(), GraphError::Empty);
        assert_eq!(graph("a b:x").unwrap_err(), GraphError::Unknown("b.py".to_owned(), "x".to_owned()));
        assert_eq!(
            graph("r a:c b:a c:b").unwrap_err(),
            GraphError::Cycle(["a", "b", "c"].map(str::to_owned).to_vec())
        );
        let twice = graph("a b:a b:a").unwrap_err();
        assert_eq!(twice.to_string(), "b.py and b.py both give revision b");
        assert!(graph("a:a").is_err());
    }
}
