//! The migration lock: an advisory lock of PostgreSQL, held by one session.
//!
//! The server lets it go when that session ends, however it ends, so a killed migrator blocks nobody. It is a lock
//! of one database: releases that share a server do not wait for each other.

use preflight::Finding;

use crate::engine::Session;
use crate::mysql;

/// "dify" and "migr" as the two halves of the key.
const KEY: i64 = 0x6469_6679_6d69_6772;

/// A node that is lost sends no farewell: the server is to notice within a minute, not in the two hours of the default.
const PROMPT: &str =
    "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3;";

/// SQL for a text that describes the holder; null if there is none. Its own session counts.
pub(crate) const POSTGRES_HOLDER: &str = "SELECT 'process ' || l.pid || coalesce(' (' || nullif(a.application_name, '') || ')', '') \
     || coalesce(' of user ' || a.usename, '') \
     || coalesce(' since ' || to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC', '') \
     FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid \
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.classid = 1684629113 AND l.objid = 1835624306 \
     AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) LIMIT 1";

/// Whether a session holds the lock.
#[derive(Default)]
pub(crate) struct Lock {
    /// The connection that took it.
    generation: Option<u32>,
}

impl Lock {
    /// Takes it if it is free; true if this session holds it now.
    pub(crate) async fn take(&mut self, session: &mut Session) -> Result<bool, Finding> {
        session.open().await?;
        if self.is_held(session) {
            return Ok(true);
        }
        self.generation = None;
        let answer = match session {
            Session::Postgres(_) => {
                session.ask_one(&format!("{PROMPT} SELECT pg_try_advisory_lock({KEY})::text")).await?
            }
            Session::Mysql(inner) => {
                let sql = mysql::lock::take(&inner.login().database);
                session.ask_one(&sql).await?
            }
        };
        if answer.as_deref() == Some("true") {
            self.generation = Some(session.generation());
        }
        Ok(self.generation.is_some())
    }

    /// Whether the session still has the connection that took it.
    pub(crate) fn is_held(&self, session: &Session) -> bool {
        self.generation == Some(session.generation())
    }

    /// Asks the server whether it is still there: a pooler or a cut connection may have lost it.
    pub(crate) async fn is_alive(&self, session: &mut Session) -> bool {
        let sql = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid() \
                   AND classid = 1684629113 AND objid = 1835624306";
        let sql = match session {
            Session::Postgres(_) => sql,
            Session::Mysql(inner) => &mysql::lock::is_mine(&inner.login().database),
        };
        matches!(session.ask_one(sql).await, Ok(Some(_))) && self.is_held(session)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_halves_of_the_key_are_those_that_the_server_shows() {
        assert_eq!(super::KEY >> 32, 1_684_629_113);
        assert_eq!(super::KEY & 0xffff_ffff, 1_835_624_306);
    }
}
