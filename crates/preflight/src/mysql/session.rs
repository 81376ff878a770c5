//! A connection that is kept between tries.

use futures_util::TryStreamExt as _;
use sqlx::mysql::{MySqlConnection, MySqlRow};
use sqlx::{AssertSqlSafe, Connection as _, Row as _};

use super::{Fault, Login, Place};
use crate::finding::{Finding, Hop};

/// The rows of an answer, every column as text.
pub type Rows = Vec<Vec<Option<String>>>;

/// One connection that is kept between tries: a server that is up but not ready sees no login for every look.
pub struct Session {
    login: Login,
    /// Empty before the first use, after a broken connection, and while a question is under way: if that is dropped
    /// at its time limit, the connection is closed with it.
    connection: Option<MySqlConnection>,
    /// Counts connections, so that what is tied to one (a lock) is known to be gone with it.
    connections: u32,
}

impl Session {
    /// Nothing is connected yet.
    #[must_use]
    pub fn new(login: Login) -> Self {
        Self { login, connection: None, connections: 0 }
    }

    /// How it logs in.
    #[must_use]
    pub fn login(&self) -> &Login {
        &self.login
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

    /// Asks in the text protocol. A kept connection that turns out to be broken is replaced once.
    pub async fn ask(&mut self, sql: &str) -> Result<Rows, Finding> {
        self.try_ask(sql).await.map_err(|fault| fault.finding)
    }

    /// The same, with the server's code at hand.
    pub async fn try_ask(&mut self, sql: &str) -> Result<Rows, Fault> {
        let kept = self.connection.is_some();
        match self.ask_once(sql).await {
            Err(fault) if kept && fault.is_broken => self.ask_once(sql).await,
            answer => answer,
        }
    }

    /// Closes politely, so that the server does not count an aborted connection.
    pub async fn close(&mut self) {
        if let Some(connection) = self.connection.take() {
            let _ = connection.close().await;
        }
    }

    async fn connected(&mut self) -> Result<(), Fault> {
        if self.connection.is_none() {
            let connection = MySqlConnection::connect_with(&self.login.options()).await;
            self.connection = Some(connection.map_err(|error| Fault::of(&error, self.login.place()))?);
            self.connections += 1;
        }
        Ok(())
    }

    async fn ask_once(&mut self, sql: &str) -> Result<Rows, Fault> {
        self.connected().await?;
        let Some(mut connection) = self.connection.take() else { return Ok(Vec::new()) };
        let answer = all(&mut connection, sql, self.login.place()).await;
        if !answer.as_ref().is_err_and(|fault| fault.is_broken) {
            self.connection = Some(connection);
        }
        answer
    }
}

/// No question of ours has an answer of this size, so whoever gives one is no server of ours.
const LARGEST: usize = 16 << 20;

async fn all(connection: &mut MySqlConnection, sql: &str, place: Place<'_>) -> Result<Rows, Fault> {
    let mut answer = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch(connection);
    let (mut rows, mut size) = (Rows::new(), 0);
    while let Some(row) = answer.try_next().await.map_err(|error| Fault::of(&error, place))? {
        let row = texts(&row);
        size += row.iter().flatten().map(|text| text.len() + size_of::<String>()).sum::<usize>();
        if size > LARGEST {
            let message = format!("{} answers more than was asked for", place.address);
            let finding = Finding::suspect(Hop::State, message).hint(format!("check {}", place.keys.host));
            return Err(Fault { finding, code: None, is_broken: true });
        }
        rows.push(row);
    }
    Ok(rows)
}

/// Every column in the text protocol is text, whatever its type.
fn texts(row: &MySqlRow) -> Vec<Option<String>> {
    (0..row.len())
        .map(|column| {
            let bytes = row.try_get_unchecked::<Option<Vec<u8>>, _>(column).unwrap_or_default();
            bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        })
        .collect()
}
