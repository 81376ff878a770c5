//! The migration lock at MySQL: `GET_LOCK`, held by one session and let go when that ends, however it ends.

use std::fmt::Write as _;

use ring::digest::{SHA256, digest};

/// Such a lock is one of the whole server, so the name of the database is a part of it: its hash, for the length, and
/// made here, for no hash function is known to every server of the family.
fn name(database: &str) -> String {
    let hash = digest(&SHA256, database.to_lowercase().as_bytes());
    hash.as_ref().iter().take(20).fold("'dify-preflight.".to_owned(), |mut name, byte| {
        let _ = write!(name, "{byte:02x}");
        name
    }) + "'"
}

/// Takes it if it is free: `true` or `false`.
pub(crate) fn take(database: &str) -> String {
    format!("SELECT IF(GET_LOCK({}, 0) = 1, 'true', 'false')", name(database))
}

/// One row if this session holds it.
pub(crate) fn is_mine(database: &str) -> String {
    format!("SELECT 1 FROM DUAL WHERE IS_USED_LOCK({}) = CONNECTION_ID()", name(database))
}

/// A text that describes the holder; no row if there is none. Other users' sessions are seen with PROCESS alone.
pub(crate) fn holder(database: &str) -> String {
    format!(
        "SELECT CONCAT('connection ', l.id, \
         COALESCE(CONCAT(' of user ', p.user, ' at ', p.host), ' of another user, or ended just now')) \
         FROM (SELECT IS_USED_LOCK({}) AS id) l \
         LEFT JOIN information_schema.PROCESSLIST p ON p.id = l.id WHERE l.id IS NOT NULL",
        name(database)
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_fits_and_is_one_of_the_database() {
        let name = super::name("dify");
        // The server's limit is 64.
        assert!(name.len() <= 66 && name.starts_with("'dify-preflight."), "{name}");
        assert_eq!(name, super::name("DIFY"));
        assert_ne!(name, super::name("other"));
    }
}
