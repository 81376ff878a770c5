//! What is read from a PostgreSQL in one look.

use preflight::postgres::{Session, read_only};
use preflight::{Finding, Hop};

use super::quote;
use crate::engine::Server;
use crate::{lineage, lock};

/// Tables that Dify's first revisions create. If one of them is there without a revision, a migration would stop
/// at it, whoever made it.
const TABLES: &str = "'accounts', 'apps', 'datasets', 'dify_setups', 'end_users', 'messages', 'tenants'";

/// Looks at it, in one question.
pub async fn read(session: &mut Session) -> Result<Server, Finding> {
    let sql = format!(
        "SELECT current_setting('server_version'), current_schema(), \
         (pg_is_in_recovery() OR current_setting('transaction_read_only')::bool)::text, \
         coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)::text, \
         to_regclass('alembic_version')::text, \
         (SELECT string_agg(n.nspname, ', ') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
          WHERE c.relname = 'alembic_version' AND c.relkind IN ('r', 'p') AND NOT pg_table_is_visible(c.oid)), \
         to_regclass('{}')::text, \
         (SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class \
          WHERE relname IN ({TABLES}) AND relkind IN ('r', 'p') AND pg_table_is_visible(oid)), \
         ({})",
        lineage::TABLE,
        lock::POSTGRES_HOLDER
    );
    let mut row = session.ask(&sql).await?.pop().unwrap_or_default().into_iter();
    let mut next = || row.next().flatten();
    Ok(Server {
        product: "PostgreSQL",
        version: next().unwrap_or_default(),
        schema: next(),
        read_only: next().as_deref() != Some("false"),
        may_create: next().as_deref() == Some("true"),
        version_table: next(),
        elsewhere: next(),
        has_lineage: next().is_some(),
        tables: next().map(|list| list.split(',').map(str::to_owned).collect()).unwrap_or_default(),
        holder: next(),
        ..Server::default()
    })
}

/// The first thing that would stop Dify from writing, or a migration from making tables.
pub(crate) fn refusal(server: &Server, session: &Session, creates: bool) -> Option<Finding> {
    let login = session.login();
    let (user, target) = (&login.user, login.target());
    if server.read_only {
        return Some(read_only(login.place()));
    }
    let Some(schema) = &server.schema else {
        return Some(
            Finding::suspect(
                Hop::Permission,
                format!("user {user:?} can use no schema of its search path in {target}"),
            )
            .code("3F000")
            .hint("create the schema and grant USAGE and CREATE on it, or check options in DB_EXTRAS"),
        );
    };
    (creates && !server.may_create).then(|| {
        Finding::suspect(
            Hop::Permission,
            format!("user {user:?} may not create tables in schema {schema:?} of {target}"),
        )
        .code("42501")
        .hint(format!(
            "execute as an administrator: GRANT CREATE ON SCHEMA {} TO {}; or make that user the owner of the database",
            quote::name(schema),
            quote::name(user)
        ))
    })
}
