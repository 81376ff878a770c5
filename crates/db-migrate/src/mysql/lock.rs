//! The migration lock at MySQL: `GET_LOCK`, held by one session and let go when that ends, however it ends.

/// Such a lock is one of the whole server, so the name of the database is a part of it: its hash, for the length.
const NAME: &str = "CONCAT('dify-preflight.', SHA1(DATABASE()))";

/// Takes it if it is free: `true` or `false`.
pub(crate) fn take() -> String {
    format!("SELECT IF(GET_LOCK({NAME}, 0) = 1, 'true', 'false')")
}

/// One row if this session holds it.
pub(crate) fn is_mine() -> String {
    format!("SELECT 1 FROM DUAL WHERE IS_USED_LOCK({NAME}) = CONNECTION_ID()")
}

/// A text that describes the holder; no row if there is none. Other users' sessions are seen with PROCESS alone.
pub(crate) fn holder() -> String {
    format!(
        "SELECT CONCAT('connection ', l.id, \
         COALESCE(CONCAT(' of user ', p.user, ' at ', p.host), ' of another user')) \
         FROM (SELECT IS_USED_LOCK({NAME}) AS id) l \
         LEFT JOIN information_schema.PROCESSLIST p ON p.id = l.id WHERE l.id IS NOT NULL"
    )
}
