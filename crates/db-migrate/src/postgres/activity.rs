//! What other sessions of a PostgreSQL are doing.

/// A session as a person sees it: SQL for a text, from a row `a` of `pg_stat_activity`.
const SESSION: &str = "'process ' || a.pid || coalesce(' (' || nullif(a.application_name, '') || ')', '') \
    || coalesce(' of user ' || a.usename, '') || coalesce(', ' || a.state, '') \
    || coalesce(', transaction open since ' \
       || to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC', '')";

/// Every transaction in this database but ours and that of the migration lock. `pg_locks` shows those of all roles,
/// `pg_stat_activity` hides what those of other roles do.
#[must_use]
pub fn others() -> String {
    format!(
        "SELECT {SESSION} FROM pg_stat_activity a \
         WHERE a.datname = current_database() AND a.usename IS NOT NULL AND a.pid <> pg_backend_pid() \
         AND EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'virtualxid' AND l.granted \
                     AND l.mode = 'ExclusiveLock') \
         AND NOT EXISTS (SELECT FROM pg_locks k WHERE k.pid = a.pid AND k.locktype = 'advisory' \
                         AND k.classid = 1684629113 AND k.objid = 1835624306) \
         ORDER BY a.pid LIMIT 5"
    )
}

/// What sessions of our own role are executing, the one that began last first: `(process, since when, seconds,
/// statement, who holds what it waits for)`.
#[must_use]
pub fn running() -> String {
    format!(
        "SELECT w.pid::text, w.query_start::text, round(extract(epoch FROM now() - w.query_start))::text, \
         regexp_replace(left(w.query, 160), '\\s+', ' ', 'g'), \
         (SELECT string_agg({SESSION}, ' and ') FROM pg_stat_activity a WHERE a.pid = ANY (pg_blocking_pids(w.pid))) \
         FROM pg_stat_activity w \
         WHERE w.datname = current_database() AND w.usename = current_user AND w.pid <> pg_backend_pid() \
         AND w.state = 'active' ORDER BY w.backend_start DESC LIMIT 20"
    )
}
