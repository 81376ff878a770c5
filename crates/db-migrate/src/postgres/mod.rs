//! PostgreSQL: one connection, its faults, and what is read over it.

pub mod facts;
pub mod quote;

use preflight::Finding;
use preflight::postgres::Fault;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Connection as _, Row as _};

use crate::settings::Settings;

/// The rows of an answer, every column as text.
pub type Rows = Vec<Vec<Option<String>>>;

/// One connection that is kept between tries: a server that is up but not ready sees no login for every look.
pub struct Session {
    settings: Settings,
    purpose: String,
    /// Empty before the first use, after a broken connection, and while a question is under way: if that is dropped
    /// at its time limit, the connection is closed with it.
    connection: Option<PgConnection>,
    /// Counts connections, so that what is tied to one (a lock) is known to be gone with it.
    connections: u32,
}

impl Session {
    /// Nothing is connected yet. `purpose` is a word for administrators.
    #[must_use]
    pub fn new(settings: Settings, purpose: &str) -> Self {
        Self { settings, purpose: application_name(purpose), connection: None, connections: 0 }
    }

    /// Where it connects to.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
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

    async fn connected(&mut self) -> Result<(), Fault> {
        if self.connection.is_none() {
            let options = self.settings.options(&self.purpose);
            let connection = PgConnection::connect_with(&options).await;
            self.connection = Some(connection.map_err(|error| Fault::of(&error, self.settings.place()))?);
            self.connections += 1;
        }
        Ok(())
    }

    /// Asks in the simple protocol, which every pooler passes on. A kept connection that turns out to be broken
    /// is replaced once.
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

    async fn ask_once(&mut self, sql: &str) -> Result<Rows, Fault> {
        self.connected().await?;
        let Some(mut connection) = self.connection.take() else { return Ok(Rows::new()) };
        match sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await {
            Ok(rows) => {
                self.connection = Some(connection);
                Ok(rows.iter().map(texts).collect())
            }
            Err(error) => {
                let fault = Fault::of(&error, self.settings.place());
                if !fault.is_broken {
                    self.connection = Some(connection);
                }
                Err(fault)
            }
        }
    }

    /// Closes politely, so that the server's log stays clean.
    pub async fn close(&mut self) {
        if let Some(connection) = self.connection.take() {
            let _ = connection.close().await;
        }
    }
}

/// Every column in the simple protocol is text, whatever its type.
fn texts(row: &PgRow) -> Vec<Option<String>> {
    (0..row.len())
        .map(|column| row.try_get_unchecked::<Option<String>, _>(column).unwrap_or_default())
        .collect()
}

/// `db-migrate run@pod`, cut to what the server keeps.
fn application_name(purpose: &str) -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let mut name = format!("db-migrate {purpose}@{}", host.trim());
    name.truncate(63);
    name
}
