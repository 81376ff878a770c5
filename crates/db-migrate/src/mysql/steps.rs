//! What a revision makes, read from its file: enough to see that it was applied in part. MySQL commits every change of a
//! table by itself, so a migration that breaks off leaves what it has made behind, with the version of before.
//!
//! Nothing is executed. What is not a plain literal is not seen, and no harm is done: this only adds to a sentence.

use preflight::Finding;
use preflight::mysql::Session;

use super::quote;
use crate::graph::{Graph, Ids};

/// A thing that a revision makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// A table.
    Table(String),
    /// A column of a table that was there.
    Column(String, String),
}

/// How many things are named before the rest is counted.
const NAMED: usize = 5;

/// Reads a revision file.
#[must_use]
pub fn made(source: &str) -> Vec<Made> {
    let upgrade = source.split("def downgrade").next().unwrap_or_default();
    let mut made = Vec::new();
    let mut batch = None;
    let mut rest = upgrade;
    while let Some((word, after)) = next_call(rest) {
        rest = after;
        let first = literal(after);
        match (word, first) {
            ("create_table", Some(table)) => made.push(Made::Table(table)),
            ("batch_alter_table", table) => batch = table,
            ("add_column", table) => {
                let column = after.find("Column(").and_then(|at| literal(&after[at + "Column(".len()..]));
                if let (Some(table), Some(column)) = (table.or_else(|| batch.clone()), column) {
                    made.push(Made::Column(table, column));
                }
            }
            _ => {}
        }
    }
    // A column of a table that the same revision makes says nothing of its own.
    let tables = made.clone();
    made.retain(|thing| match thing {
        Made::Table(_) => true,
        Made::Column(table, _) => !tables.contains(&Made::Table(table.clone())),
    });
    made
}

/// The next of the calls that matter, and what stands behind its bracket.
fn next_call(text: &str) -> Option<(&'static str, &str)> {
    let calls = ["create_table", "batch_alter_table", "add_column"].into_iter().filter_map(|word| {
        let at = text.find(&format!("{word}("))?;
        Some((at, word))
    });
    let (at, word) = calls.min()?;
    Some((word, &text[at + word.len() + 1..]))
}

/// A literal at the beginning of a text.
fn literal(text: &str) -> Option<String> {
    let text = text.trim_start();
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let (inner, _) = text[1..].split_once(quote)?;
    let is_plain = !inner.is_empty() && inner.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_plain.then(|| inner.to_owned())
}

/// A sentence about a revision after `rows` of which something is there already.
pub(crate) async fn half_applied(
    session: &mut Session,
    graph: &Graph,
    rows: &Ids,
) -> Result<Option<String>, Finding> {
    for revision in graph.next(rows) {
        let there = already_there(session, graph.makes(&revision)).await?;
        if there.is_empty() {
            continue;
        }
        let mut named = there.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        if there.len() > NAMED {
            named.push_str(&format!(" and {} more", there.len() - NAMED));
        }
        return Ok(Some(format!(
            "a migration that broke off left revision {revision} half applied, for MySQL undoes nothing: there is {named}; when no migration is running, see that no data are in it, drop it, and migrate again"
        )));
    }
    Ok(None)
}

async fn already_there(session: &mut Session, made: &[Made]) -> Result<Vec<String>, Finding> {
    let mut conditions = Vec::new();
    for thing in made {
        conditions.push(match thing {
            Made::Table(table) => format!(
                "SELECT 'table {table}' FROM information_schema.TABLES \
                 WHERE table_schema = DATABASE() AND table_name = {}",
                quote::text(table)
            ),
            Made::Column(table, column) => format!(
                "SELECT 'column {table}.{column}' FROM information_schema.COLUMNS \
                 WHERE table_schema = DATABASE() AND table_name = {} AND column_name = {}",
                quote::text(table),
                quote::text(column)
            ),
        });
    }
    if conditions.is_empty() {
        return Ok(Vec::new());
    }
    let rows = session.ask(&conditions.join(" UNION ALL ")).await?;
    Ok(rows.into_iter().flatten().flatten().collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_revisions_of_alembic_make() {
        let source = "revision = 'aaa'\n\ndef upgrade():\n    op.create_table('one',\n        sa.Column('id', sa.Integer()),\n    )\n\
            \x20   with op.batch_alter_table('two', schema=None) as batch_op:\n        batch_op.add_column(sa.Column('x', sa.String()))\n\
            \x20       batch_op.add_column(\n            sa.Column(\"y\", sa.String()))\n    op.add_column('three', sa.Column('z', sa.Text()))\n\
            \x20   op.add_column('one', sa.Column('late', sa.Text()))\n    op.create_table(NAME)\n\n\
            def downgrade():\n    op.create_table('four')\n";
        let column = |table: &str, column: &str| Made::Column(table.to_owned(), column.to_owned());
        assert_eq!(
            made(source),
            [Made::Table("one".to_owned()), column("two", "x"), column("two", "y"), column("three", "z")]
        );
        assert_eq!(made(""), []);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(create_table\\(|add_column\\(|batch_alter_table\\(|Column\\(|'a'|\"|'|é|[ -~\n]){0,40}") {
            for thing in made(&text) {
                let (Made::Table(name) | Made::Column(name, _)) = thing;
                prop_assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
            }
        }
    }
}
