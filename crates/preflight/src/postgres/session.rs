//! A connection that is kept between tries.

use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Connection as _, Row as _};

use super::{Fault, Login, Place, dial};
use crate::address::Address;
use crate::finding::Finding;

/// The rows of an answer, every column as text.
pub type Rows = Vec<Vec<Option<String>>>;

/// One connection that is kept between tries: a server that is up but not ready sees no login for every look.
pub struct Session {
    login: Login,
    /// Empty before the first use, after a broken connection, and while a question is under way: if that is dropped
    /// at its time limit, the connection is closed with it.
    connection: Option<PgConnection>,
    /// Counts connections, so that what is tied to one (a lock) is known to be gone with it.
    connections: u32,
    /// The host of the last connection.
    at: Option<Address>,
}

impl Session {
    /// Nothing is connected yet.
    #[must_use]
    pub fn new(login: Login) -> Self {
        Self { login, connection: None, connections: 0, at: None }
    }

    /// How it logs in.
    #[must_use]
    pub fn login(&self) -> &Login {
        &self.login
    }

    /// Who is logged in where; of several hosts, the one that took us last.
    #[must_use]
    pub fn place(&self) -> Place<'_> {
        self.login.place_at(self.at.as_ref().unwrap_or(&self.login.address))
    }

    /// The number of the present connection.
    #[must_use]
    pub fn generation(&self) -> u32 {
        self.connections
    }

    /// Connects if need be.
    pub async fn open(&mut self) -> Result<(), Finding> {
        self.connected().await.map_err(|fault| fault.finding)
    }

    /// Asks in the simple protocol, which every pooler passes on. A kept connection that turns out to be broken
    /// is replaced once.
    pub async fn ask(&mut self, sql: &str) -> Result<Rows, Finding> {
        self.try_ask(sql).await.map_err(|fault| fault.finding)
    }

    /// The same, with the server's code at hand.
    pub async fn try_ask(&mut self, sql: &str) -> Result<Rows, Fault> {
        Ok(self.fetch(sql).await?.iter().map(texts).collect())
    }

    /// The same, with names and types of the columns.
    pub async fn fetch(&mut self, sql: &str) -> Result<Vec<PgRow>, Fault> {
        let kept = self.connection.is_some();
        match self.fetch_once(sql).await {
            Err(fault) if kept && fault.is_broken => self.fetch_once(sql).await,
            answer => answer,
        }
    }

    /// Closes politely, so that the server's log stays clean.
    pub async fn close(&mut self) {
        if let Some(connection) = self.connection.take() {
            let _ = connection.close().await;
        }
    }

    async fn connected(&mut self) -> Result<(), Fault> {
        if self.connection.is_none() {
            let (connection, address) = dial::any(&self.login).await?;
            self.connection = Some(connection);
            self.connections += 1;
            self.at = Some(address);
        }
        Ok(())
    }

    async fn fetch_once(&mut self, sql: &str) -> Result<Vec<PgRow>, Fault> {
        self.connected().await?;
        let Some(mut connection) = self.connection.take() else { return Ok(Vec::new()) };
        let answer = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await;
        let answer = answer.map_err(|error| Fault::of(&error, self.place()));
        if !answer.as_ref().is_err_and(|fault| fault.is_broken) {
            self.connection = Some(connection);
        }
        answer
    }
}

/// Every column in the simple protocol is text, whatever its type.
fn texts(row: &PgRow) -> Vec<Option<String>> {
    (0..row.len())
        .map(|column| row.try_get_unchecked::<Option<String>, _>(column).unwrap_or_default())
        .collect()
}
