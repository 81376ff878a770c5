//! What the revisions of an image and the state of a database mean together.
//!
//! A pure function: [`State::of`] names the case, [`State::for_migrator`] and [`State::for_waiter`] say what the one
//! who migrates and those who wait for it do about it.
//!
//! | state | migrator | waiter |
//! |---|---|---|
//! | image without revisions | error | error (refused when the files are read) |
//! | several heads, database elsewhere | error | error |
//! | empty database | run | wait |
//! | tables but no revision | refuse | wait |
//! | at head | nothing to do | pass |
//! | behind | run | wait |
//! | ahead, proven by recorded lineage | nothing to do | pass with a warning, or fail by option |
//! | ahead, or of another line | nothing to do with a warning, or fail by option | the same |
//! | partly known revisions | refuse | error |
//! | stuck in a half-applied revision | error with the repair | wait, with the repair |

use clap::ValueEnum;
use preflight::{Finding, Hop};

use crate::graph::{Graph, Ids};
use crate::stuck::Stuck;

/// What to do about a database that is ahead of the image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum OnAhead {
    /// Go on with a warning: pods of the release before must be able to restart during an upgrade.
    #[default]
    Allow,
    /// End with exit code 69.
    Fail,
}

/// What was read from a database.
#[derive(Clone, Debug, Default)]
pub struct Database {
    /// The rows of `alembic_version`; empty if there is no such table.
    pub rows: Ids,
    /// Tables of Dify that exist, as far as looked for.
    pub tables: Vec<String>,
    /// What our migrator recorded as coming before these rows.
    pub lineage: Ids,
    /// A known half-applied revision.
    pub stuck: Option<Stuck>,
}

/// The case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The database is what the image needs.
    AtHead,
    /// The image has several heads, and the database is not at them.
    SeveralHeads,
    /// Nothing of Dify is there.
    Empty,
    /// Tables of Dify, but no revision.
    Unversioned(Vec<String>),
    /// So many revisions of the image are missing.
    Behind(usize),
    /// A newer image has migrated it, from the head of this one.
    AheadProven,
    /// It is at a revision that this image does not know.
    Unknown,
    /// Some of its revisions are known and some are not.
    Diverged,
    /// A revision was applied in part, and applying it again fails.
    Stuck(Stuck),
}

/// What the migrator does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Run the command; the text says from where to where.
    Run(String),
    /// Nothing is left to do.
    Nothing(Finding),
    /// Do not touch it.
    Refuse(Finding),
}

impl State {
    /// Names the case.
    #[must_use]
    pub fn of(graph: &Graph, database: &Database) -> Self {
        let rows = &database.rows;
        if rows == graph.heads() {
            return Self::AtHead;
        }
        if graph.heads().len() > 1 {
            return Self::SeveralHeads;
        }
        let known = rows.iter().filter(|row| graph.knows(row)).count();
        if known == rows.len() {
            return match &database.stuck {
                Some(stuck) => Self::Stuck(stuck),
                None if !rows.is_empty() => Self::Behind(graph.missing(rows)),
                None if database.tables.is_empty() => Self::Empty,
                None => Self::Unversioned(database.tables.clone()),
            };
        }
        if known > 0 {
            Self::Diverged
        } else if graph.heads().is_subset(&database.lineage) {
            Self::AheadProven
        } else {
            Self::Unknown
        }
    }

    /// One word for status and JSON.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::AtHead => "at_head",
            Self::SeveralHeads => "several_heads",
            Self::Empty => "empty",
            Self::Unversioned(_) => "unversioned",
            Self::Behind(_) => "behind",
            Self::AheadProven => "ahead",
            Self::Unknown => "unknown_revision",
            Self::Diverged => "diverged",
            Self::Stuck(_) => "stuck",
        }
    }

    /// What the migrator does.
    #[must_use]
    pub fn for_migrator(&self, graph: &Graph, rows: &Ids, on_ahead: OnAhead) -> Action {
        let heads = list(graph.heads());
        match self {
            Self::Empty => Action::Run(format!("the database is empty, the image needs {heads}")),
            Self::Behind(missing) => Action::Run(format!(
                "the schema is at {}, {missing} revision(s) behind {heads}",
                list(rows)
            )),
            Self::Unversioned(tables) => Action::Refuse(unversioned(tables).hint(
                "if this is a Dify database, stamp it with the revision that it has (flask db stamp REVISION); else use an empty database",
            )),
            Self::Stuck(stuck) => Action::Refuse(stuck.finding(rows)),
            Self::AheadProven => {
                Action::Nothing(Finding::ready(ahead(rows, &heads)).warning("a newer image has migrated it; nothing was changed"))
            }
            Self::AtHead | Self::Unknown | Self::SeveralHeads | Self::Diverged => {
                let finding = self.for_waiter(graph, rows, on_ahead, None);
                if finding.is_ready() { Action::Nothing(finding) } else { Action::Refuse(finding) }
            }
        }
    }

    /// What those do who wait. `migrator` describes who holds the migration lock.
    #[must_use]
    pub fn for_waiter(
        &self,
        graph: &Graph,
        rows: &Ids,
        on_ahead: OnAhead,
        migrator: Option<&str>,
    ) -> Finding {
        let heads = list(graph.heads());
        let at = list(rows);
        let progress = |finding: Finding| match migrator {
            Some(migrator) => finding.hint(format!("a migration is running: {migrator}")),
            None => finding.hint("no migration is running: look at the migration Job and its logs"),
        };
        match self {
            Self::AtHead => Finding::ready(format!("the schema is at {heads}")),
            Self::SeveralHeads => Finding::never(
                Hop::Config,
                format!("the image has several heads ({heads}) and the schema is at {at}"),
            )
            .hint("merge the heads in the image (flask db merge heads)"),
            Self::Empty => progress(
                Finding::not_yet(Hop::State, format!("the schema is not there yet, the image needs {heads}"))
                    .code("empty"),
            ),
            Self::Unversioned(tables) => {
                progress(Finding { class: preflight::Class::NotYet, ..unversioned(tables) })
            }
            // The revision as the code, so that each step of a migration is a new state worth a line.
            Self::Behind(missing) => progress(
                Finding::not_yet(
                    Hop::State,
                    format!("the schema is at {at}, {missing} revision(s) behind {heads}"),
                )
                .code(at),
            ),
            Self::Stuck(_) if migrator.is_some() => {
                Self::Behind(graph.missing(rows)).for_waiter(graph, rows, on_ahead, migrator)
            }
            Self::Stuck(stuck) => {
                let finding = stuck.finding(rows);
                Finding { class: preflight::Class::NotYet, ..finding }
            }
            Self::AheadProven => match on_ahead {
                OnAhead::Allow => Finding::ready(ahead(rows, &heads))
                    .warning(format!("the schema {at} is newer than this image, which knows {heads}")),
                OnAhead::Fail => Finding::never(Hop::State, ahead(rows, &heads)).code(at).hint(
                    "use the newer image, or restore the backup from before the migration (--on-ahead=fail)",
                ),
            },
            Self::Unknown => {
                let message =
                    format!("the schema is at {at}, which this image does not know; its own head is {heads}");
                let remedies = "roll forward to the image that has that revision, or restore the backup from before the migration";
                match on_ahead {
                    OnAhead::Allow => {
                        Finding::ready(message.clone()).warning(format!("{message}; {remedies}"))
                    }
                    OnAhead::Fail => Finding::never(Hop::State, message)
                        .code(at)
                        .hint(format!("{remedies} (--on-ahead=fail)")),
                }
            }
            Self::Diverged => {
                let unknown: Ids = rows.iter().filter(|row| !graph.knows(row)).cloned().collect();
                Finding::never(
                    Hop::State,
                    format!(
                        "the schema has diverged: it is at {at}, of which this image does not know {}",
                        list(&unknown)
                    ),
                )
                .code(at)
                .hint("restore a backup, or repair alembic_version by hand")
            }
        }
    }
}

fn ahead(rows: &Ids, heads: &str) -> String {
    format!("the schema is at {}, ahead of this image's {heads}", list(rows))
}

fn unversioned(tables: &[String]) -> Finding {
    Finding::never(
        Hop::State,
        format!("there are tables ({}) but no revision in alembic_version", tables.join(", ")),
    )
    .code("unversioned")
}

/// Revisions as a reader sees them.
#[must_use]
pub fn list(ids: &Ids) -> String {
    if ids.is_empty() {
        return "no revision".to_owned();
    }
    ids.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
