//! The table of proven migrations, in the language of MySQL.

use super::quote;
use crate::lineage::TABLE;

/// Makes the table.
pub(crate) fn create() -> String {
    format!(
        "CREATE TABLE IF NOT EXISTS {TABLE} (revision varchar(128) NOT NULL PRIMARY KEY, \
         ancestors mediumtext NOT NULL, recorded_at datetime NOT NULL, tool varchar(64) NOT NULL)"
    )
}

/// Writes one entry, or what is new of it.
pub(crate) fn insert(revision: &str, ancestors: &str, tool: &str) -> String {
    format!(
        "INSERT INTO {TABLE} (revision, ancestors, recorded_at, tool) VALUES ({}, {}, UTC_TIMESTAMP(), {}) \
         ON DUPLICATE KEY UPDATE ancestors = VALUES(ancestors)",
        quote::text(revision),
        quote::text(ancestors),
        quote::text(tool),
    )
}

/// The entries, the newest first.
pub(crate) fn entries() -> String {
    format!(
        "SELECT revision, DATE_FORMAT(recorded_at, '%Y-%m-%d %H:%i:%s'), \
         LENGTH(ancestors) - LENGTH(REPLACE(ancestors, ' ', '')) + 1, tool \
         FROM {TABLE} ORDER BY recorded_at DESC LIMIT 20"
    )
}
