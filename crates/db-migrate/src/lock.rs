//! The migration lock: an advisory lock, held by one connection.
//!
//! The server lets it go when that connection ends, however it ends, so a killed migrator blocks nobody. It is a lock
//! of one database: releases that share a server do not wait for each other.
//!
//! On PostgreSQL it belongs to a transaction that stays open on a connection of its own: a pooler that hands every
//! transaction another connection of the server would leave the lock of a session behind at one of them.

use preflight::{Finding, postgres};

use crate::engine::Session;
use crate::mysql;
use crate::mysql::lock::RowLock;
use crate::mysql::product::Product;

/// "dify" and "migr" as the two halves of the key.
const KEY: i64 = 0x6469_6679_6d69_6772;

/// A node that is lost sends no farewell: the server is to notice within a minute, not in the two hours of the default.
/// And nobody is to end a transaction that is meant to stand still.
const PROMPT: &str = "SET LOCAL tcp_keepalives_idle = 30; SET LOCAL tcp_keepalives_interval = 10; \
    SET LOCAL tcp_keepalives_count = 3; \
    SELECT set_config(name, '0', true) FROM pg_settings \
    WHERE name IN ('transaction_timeout', 'idle_in_transaction_session_timeout');";

/// SQL for a text that describes the holder; null if there is none. Its own session counts.
pub(crate) const POSTGRES_HOLDER: &str = "SELECT 'process ' || l.pid || coalesce(' (' || nullif(a.application_name, '') || ')', '') \
     || coalesce(' of user ' || a.usename, '') \
     || coalesce(' since ' || to_char(coalesce(a.xact_start, a.backend_start) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC', '') \
     FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid \
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.classid = 1684629113 AND l.objid = 1835624306 \
     AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) LIMIT 1";

/// Whether the lock is held.
#[derive(Default)]
pub(crate) struct Lock {
    /// PostgreSQL's connection with the open transaction; MySQL's lock is of the session that asks.
    own: Option<postgres::Session>,
    /// What stands for it at `OceanBase`.
    row: Option<RowLock>,
    /// The connection that took it.
    generation: Option<u32>,
}

impl Lock {
    /// Takes it if it is free; true if it is held now.
    pub(crate) async fn take(&mut self, session: &mut Session) -> Result<bool, Finding> {
        let sql = match session {
            Session::Postgres(session) => return self.take_postgres(session.login()).await,
            Session::Mysql(inner) => {
                let version = inner.ask("SELECT VERSION()").await?.into_iter().flatten().next().flatten();
                if Product::of(&version.unwrap_or_default()).0.keeps_locks() {
                    let login = inner.login().clone();
                    return self.row.get_or_insert_with(|| RowLock::new(login)).take().await;
                }
                mysql::lock::take(&inner.login().database)
            }
        };
        if self.is_held(session) {
            return Ok(true);
        }
        self.generation = None;
        if session.ask_one(&sql).await?.as_deref() == Some("true") {
            self.generation = Some(session.generation());
        }
        Ok(self.generation.is_some())
    }

    async fn take_postgres(&mut self, login: &postgres::Login) -> Result<bool, Finding> {
        let own = self.own.get_or_insert_with(|| postgres::Session::new(login.clone()));
        own.open().await?;
        if self.generation == Some(own.generation()) {
            return Ok(true);
        }
        self.generation = None;
        let answer = own.ask(&format!("BEGIN; {PROMPT} SELECT pg_try_advisory_xact_lock({KEY})::text")).await;
        if answer.as_ref().is_ok_and(|rows| says_true(rows)) {
            self.generation = Some(own.generation());
            return Ok(true);
        }
        // Neither a transaction that stands still without the lock, nor a failed one, may stay.
        if own.ask("ROLLBACK").await.is_err() {
            own.close().await;
        }
        answer.map(|_| false)
    }

    /// Whether the connection that took it is still the present one.
    pub(crate) fn is_held(&self, session: &Session) -> bool {
        if let Some(row) = &self.row {
            return row.is_held();
        }
        let present = self.own.as_ref().map_or_else(|| session.generation(), postgres::Session::generation);
        self.generation == Some(present)
    }

    /// Asks the server whether it is still there: a cut connection has lost it.
    pub(crate) async fn is_alive(&mut self, session: &mut Session) -> bool {
        if let Some(row) = &mut self.row {
            return row.is_alive().await;
        }
        let found = match (&mut self.own, &mut *session) {
            (Some(own), _) => {
                let sql = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid() \
                           AND classid = 1684629113 AND objid = 1835624306";
                own.ask(sql).await.is_ok_and(|rows| !rows.is_empty())
            }
            (None, Session::Mysql(inner)) => {
                let sql = mysql::lock::is_mine(&inner.login().database);
                matches!(session.ask_one(&sql).await, Ok(Some(_)))
            }
            (None, Session::Postgres(_)) => false,
        };
        found && self.is_held(session)
    }

    /// Lets it go, politely.
    pub(crate) async fn release(&mut self) {
        if let Some(mut own) = self.own.take() {
            own.close().await;
        }
        if let Some(mut row) = self.row.take() {
            row.release().await;
        }
    }
}

fn says_true(rows: &[Vec<Option<String>>]) -> bool {
    rows.iter().flatten().flatten().any(|text| text == "true")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_halves_of_the_key_are_those_that_the_server_shows() {
        assert_eq!(super::KEY >> 32, 1_684_629_113);
        assert_eq!(super::KEY & 0xffff_ffff, 1_835_624_306);
    }
}
