//! The migration lock at MySQL: `GET_LOCK`, held by one session and let go when that ends, however it ends.
//!
//! `OceanBase` knows `GET_LOCK`, but its seekdb was seen to keep such a lock when the session has ended. There it is a
//! row, locked in a transaction that stays open on a connection of its own.

use std::fmt::Write as _;

use preflight::Finding;
use preflight::mysql::{Fault, Login, Session};
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

/// The table with the row.
pub(crate) const TABLE: &str = "dify_preflight_lock";

/// Locks the row, or fails at once.
const LOCK_ROW: &str = "SELECT id FROM dify_preflight_lock WHERE id = 1 FOR UPDATE NOWAIT";

/// Whether somebody else has locked it.
fn is_taken(fault: &Fault) -> bool {
    matches!(fault.code, Some(1205 | 3572))
}

/// Describes who has locked the row, as far as it can be known.
pub(crate) async fn row_holder(session: &mut Session) -> Option<String> {
    // Outside of a transaction it is let go at once.
    let fault = session.try_ask(LOCK_ROW).await.err()?;
    is_taken(&fault).then(|| "another session".to_owned())
}

/// The lock as a row.
pub(crate) struct RowLock {
    session: Session,
    generation: Option<u32>,
}

impl RowLock {
    /// Nothing is taken yet.
    pub(crate) fn new(login: Login) -> Self {
        Self { session: Session::new(login), generation: None }
    }

    /// Takes it if it is free; true if it is held now.
    pub(crate) async fn take(&mut self) -> Result<bool, Finding> {
        self.session.open().await?;
        if self.is_held() {
            return Ok(true);
        }
        self.generation = None;
        // Releases before the fourth ended a transaction after 100 s.
        let _ = self.session.ask("SET SESSION ob_trx_timeout = 86400000000").await;
        if self.lock_row().await? {
            return Ok(true);
        }
        // Only where there is no row yet: the insert would wait for whoever has locked it.
        if self.row_is_there().await? {
            return Ok(false);
        }
        let create = format!("CREATE TABLE IF NOT EXISTS {TABLE} (id int NOT NULL PRIMARY KEY)");
        self.session.ask(&create).await?;
        self.session.ask(&format!("INSERT IGNORE INTO {TABLE} VALUES (1)")).await?;
        self.lock_row().await
    }

    async fn row_is_there(&mut self) -> Result<bool, Finding> {
        match self.session.try_ask(&format!("SELECT id FROM {TABLE} WHERE id = 1")).await {
            Ok(rows) => Ok(!rows.is_empty()),
            Err(fault) if fault.code == Some(1146) => Ok(false),
            Err(fault) => Err(fault.finding),
        }
    }

    /// Begins the transaction that holds it, or leaves none behind.
    async fn lock_row(&mut self) -> Result<bool, Finding> {
        self.session.ask("BEGIN").await?;
        let generation = self.session.generation();
        match self.session.try_ask(LOCK_ROW).await {
            Ok(rows) if !rows.is_empty() && self.session.generation() == generation => {
                self.generation = Some(generation);
                Ok(true)
            }
            answer => {
                self.session.close().await;
                match answer {
                    Err(fault) if !is_taken(&fault) && fault.code != Some(1146) => Err(fault.finding),
                    _ => Ok(false),
                }
            }
        }
    }

    /// Whether the connection that took it is still the present one.
    pub(crate) fn is_held(&self) -> bool {
        self.generation == Some(self.session.generation())
    }

    /// Asks over that connection, which also keeps it from standing idle for too long.
    pub(crate) async fn is_alive(&mut self) -> bool {
        self.session.ask("SELECT 1").await.is_ok() && self.is_held()
    }

    /// Lets it go.
    pub(crate) async fn release(&mut self) {
        self.generation = None;
        self.session.close().await;
    }
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
