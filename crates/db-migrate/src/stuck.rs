//! Half-applied revisions that are known to block every later migration on PostgreSQL.
//!
//! Three of Dify's revisions leave Alembic's transaction to build an index concurrently. What came before in the
//! same revision is then committed while `alembic_version` still names the revision before; a migration that dies
//! between the two is repeated from there and stops at what exists already. A fourth case is Celery's own tables,
//! which the first revision creates without asking whether they are there.

use preflight::{Finding, Hop};

use crate::decision::list;
use crate::graph::{Graph, Ids};

/// One such case.
#[derive(Debug, PartialEq, Eq)]
pub struct Case {
    /// The revision that the database is left at; none before the first.
    at: Option<&'static str>,
    /// The revision that was applied in part.
    applying: &'static str,
    /// A condition in SQL that is true only in this case.
    sign: &'static str,
    /// What exists already.
    exists: &'static str,
    /// The statements that make the next run succeed.
    repair: &'static str,
}

/// A case that was found.
pub type Stuck = &'static Case;

static CASES: [Case; 4] = [
    Case {
        at: Some("2adcbe1f5dfb"),
        applying: "4474872b0ee6",
        sign: "to_regclass('workflow_node_executions_tenant_id_idx') IS NOT NULL",
        exists: "index workflow_node_executions_tenant_id_idx",
        repair: "DROP INDEX workflow_node_executions_tenant_id_idx",
    },
    Case {
        at: Some("0ec65df55790"),
        applying: "6b5f9f8b1a2c",
        sign: "EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('workflow_draft_variables') \
               AND attname = 'user_id' AND NOT attisdropped)",
        exists: "column user_id of workflow_draft_variables",
        repair: "ALTER TABLE workflow_draft_variables DROP COLUMN user_id",
    },
    Case {
        at: Some("7a1c2d9e4b60"),
        applying: "3c9f8e2a1d7b",
        sign: "to_regclass('workflow_run_archive_bundle_month_id_idx') IS NOT NULL",
        exists: "index workflow_run_archive_bundle_month_id_idx",
        repair: "DROP INDEX IF EXISTS workflow_run_archive_bundle_month_id_idx, \
                 workflow_run_archive_bundle_month_shard_id_idx",
    },
    Case {
        at: None,
        applying: "64b051264f32",
        sign: "to_regclass('task_id_sequence') IS NOT NULL",
        exists: "sequence task_id_sequence",
        repair: "DROP TABLE IF EXISTS celery_taskmeta, celery_tasksetmeta; \
                 DROP SEQUENCE IF EXISTS task_id_sequence, taskset_id_sequence",
    },
];

impl Case {
    /// The case that a database at `rows` may be in, if the image has the revision that would be repeated.
    #[must_use]
    pub fn possible(graph: &Graph, rows: &Ids) -> Option<Stuck> {
        CASES.iter().find(|case| {
            graph.knows(case.applying)
                && match case.at {
                    Some(at) => rows.len() == 1 && rows.contains(at),
                    None => rows.is_empty(),
                }
        })
    }

    /// The condition to ask the database for.
    #[must_use]
    pub fn sign(&self) -> &'static str {
        self.sign
    }

    /// What exists already.
    #[must_use]
    pub fn exists(&self) -> &'static str {
        self.exists
    }

    /// The statements that make the next run succeed.
    #[must_use]
    pub fn repair(&self) -> &'static str {
        self.repair
    }

    /// What happened, without what to do about it.
    #[must_use]
    pub fn left(&self) -> String {
        format!("{}, with {} there already", self.happened(), self.exists)
    }

    fn happened(&self) -> String {
        match self.at {
            Some(_) => format!("an interrupted migration left revision {} half applied", self.applying),
            None => format!("Celery has made its own tables before the first revision {}", self.applying),
        }
    }

    /// What a user is told. A suspect and no more: for a moment it looks like this in the middle of a migration
    /// that somebody runs without our lock.
    #[must_use]
    pub fn finding(&self, rows: &Ids) -> Finding {
        Finding::suspect(
            Hop::State,
            format!(
                "{}: the schema is at {}, but {} exists already",
                self.happened(),
                list(rows),
                self.exists
            ),
        )
        .code("stuck")
        .hint(format!("make sure that no migration is running, then let db-migrate repair --yes execute: {}; and migrate again", self.repair))
    }
}
