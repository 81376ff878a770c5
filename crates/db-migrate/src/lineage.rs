//! A small table of proven migrations: what came before each revision that the database was brought to.
//!
//! An image can read from it that a database which it does not know is a later state of its own line, so that pods of
//! the release before can restart in the middle of an upgrade, or after a rollback of the images.

use preflight::Finding;

use crate::engine::Session;
use crate::graph::{Graph, Ids};
use crate::mysql;
use crate::postgres::quote;

/// Its name; it lives beside `alembic_version`.
pub const TABLE: &str = "dify_preflight_lineage";

/// One entry.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The revision that was reached.
    pub revision: String,
    /// When, in UTC.
    pub recorded_at: String,
    /// How many revisions led to it.
    pub ancestors: String,
    /// Version of db-migrate.
    pub tool: String,
}

/// Writes that the database is at the heads of the image.
pub async fn record(session: &mut Session, graph: &Graph) -> Result<(), Finding> {
    if matches!(session, Session::Mysql(_)) {
        session.ask(&mysql::lineage::create()).await?;
        for head in graph.heads() {
            let history: Vec<String> = graph.history([head]).into_iter().collect();
            let tool = env!("CARGO_PKG_VERSION");
            session.ask(&mysql::lineage::insert(head, &history.join(" "), tool)).await?;
        }
        return Ok(());
    }
    let mut sql = format!(
        "CREATE TABLE IF NOT EXISTS {TABLE} (revision varchar(255) PRIMARY KEY, ancestors text NOT NULL, \
         recorded_at timestamptz NOT NULL DEFAULT now(), tool text NOT NULL);"
    );
    for head in graph.heads() {
        let history: Vec<String> = graph.history([head]).into_iter().collect();
        sql.push_str(&format!(
            "INSERT INTO {TABLE} (revision, ancestors, tool) VALUES ({}, {}, {}) \
             ON CONFLICT (revision) DO UPDATE SET ancestors = EXCLUDED.ancestors \
             WHERE {TABLE}.ancestors <> EXCLUDED.ancestors;",
            quote::text(head),
            quote::text(&history.join(" ")),
            quote::text(env!("CARGO_PKG_VERSION")),
        ));
    }
    session.ask(&sql).await.map(|_| ())
}

/// Everything that is recorded as coming before these rows, the rows themselves included.
pub async fn ancestors(session: &mut Session, rows: &Ids) -> Result<Ids, Finding> {
    let quoted: fn(&str) -> String = match session {
        Session::Postgres(_) => quote::text,
        Session::Mysql(_) => mysql::quote::text,
    };
    let wanted: Vec<String> = rows.iter().map(|row| quoted(row)).collect();
    let sql = format!("SELECT ancestors FROM {TABLE} WHERE revision IN ({})", wanted.join(", "));
    let answer = session.ask(&sql).await?;
    Ok(answer
        .into_iter()
        .flatten()
        .flatten()
        .flat_map(|list| list.split(' ').map(str::to_owned).collect::<Vec<_>>())
        .collect())
}

/// The entries, the newest first.
pub async fn entries(session: &mut Session) -> Result<Vec<Entry>, Finding> {
    let sql = match session {
        Session::Postgres(_) => format!(
            "SELECT revision, to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), \
             array_length(string_to_array(ancestors, ' '), 1)::text, tool FROM {TABLE} ORDER BY recorded_at DESC LIMIT 20"
        ),
        Session::Mysql(_) => mysql::lineage::entries(),
    };
    let answer = session.ask(&sql).await?;
    Ok(answer
        .into_iter()
        .map(|row| {
            let mut row = row.into_iter().map(Option::unwrap_or_default);
            let mut next = || row.next().unwrap_or_default();
            Entry { revision: next(), recorded_at: next(), ancestors: next(), tool: next() }
        })
        .collect())
}
