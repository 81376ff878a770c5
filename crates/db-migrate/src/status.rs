//! `status`: everything at a glance, for a person or a script.

use std::time::Duration;

use preflight::wait::TRY_LIMIT;
use preflight::{Context, Exit, Finding, Hop};
use serde_json::json;

use crate::decision::{Action, Database, OnAhead, State, list};
use crate::engine::{Server, Session};
use crate::graph::Graph;
use crate::lineage::{self, Entry};

/// What was read.
struct Seen {
    server: Server,
    database: Database,
    history: Vec<Entry>,
}

/// Reads and prints. Ends as `check` does: 0 only if Dify may start.
pub async fn show(mut session: Session, graph: &Graph, on_ahead: OnAhead, context: &Context) -> Exit {
    let reporter = &context.reporter;
    let limit: Duration = TRY_LIMIT.min(context.policy.deadline);
    let read = tokio::time::timeout(limit, read(&mut session, graph)).await;
    let seen = read.unwrap_or_else(|_| {
        let message = format!("no answer from {}", session.target());
        Err(Finding::not_yet(Hop::Tcp, message).code("ETIMEDOUT"))
    });
    let seen = match seen {
        Ok(seen) => seen,
        Err(finding) => {
            let exit = Exit::of_class(finding.class);
            reporter.ended_with(&finding, exit);
            return exit;
        }
    };
    session.close().await;
    let state = State::of(graph, &seen.database);
    let rows = &seen.database.rows;
    let waiter = state.for_waiter(graph, rows, on_ahead, seen.server.holder.as_deref());
    let decision = match state.for_migrator(graph, rows, on_ahead) {
        Action::Run(reason) => format!("migrate: {reason}"),
        Action::Nothing(finding) => format!("nothing to do: {finding}"),
        Action::Refuse(finding) => format!("do not touch it: {finding}"),
    };
    let target = session.target();
    if reporter.is_json() {
        let history: Vec<_> = seen.history.iter().map(|entry| json!({
            "revision": entry.revision, "recorded_at": entry.recorded_at, "revisions": entry.ancestors, "tool": entry.tool
        })).collect();
        let line = json!({
            "schema": preflight::report::json::SCHEMA, "tool": "db-migrate", "event": "status", "target": target,
            "server_version": seen.server.version, "database_schema": seen.server.schema,
            "read_only": seen.server.read_only, "may_create": seen.server.may_create,
            "current": rows, "heads": graph.heads(), "image_revisions": graph.len(), "missing": graph.missing(rows),
            "state": state.word(), "decision": decision, "ready": waiter.is_ready(),
            "lock_holder": seen.server.holder, "history": history,
        });
        reporter.result(&line.to_string());
    } else {
        let mut lines = vec![
            format!("database   {target} ({} {})", seen.server.product, seen.server.version),
            format!(
                "schema     {}{}{}",
                seen.server.schema.as_deref().unwrap_or("none that can be used"),
                if seen.server.read_only { ", read-only" } else { "" },
                if seen.server.may_create { "" } else { ", no CREATE privilege" }
            ),
            format!("current    {}", list(rows)),
            format!(
                "image      {} ({} revisions, {} missing)",
                list(graph.heads()),
                graph.len(),
                graph.missing(rows)
            ),
            format!("state      {}", state.word()),
            format!("decision   {decision}"),
            format!("lock       {}", seen.server.holder.as_deref().unwrap_or("free")),
            format!("dify       {}", if waiter.is_ready() { "may start" } else { "has to wait" }),
        ];
        for (number, entry) in seen.history.iter().enumerate() {
            let head = if number == 0 { "history" } else { "" };
            lines.push(format!(
                "{head:<10} {} UTC  {}  ({} revisions, db-migrate {})",
                entry.recorded_at, entry.revision, entry.ancestors, entry.tool
            ));
        }
        lines.extend(
            waiter
                .warnings
                .iter()
                .chain(&seen.server.warning())
                .chain(&seen.server.warnings)
                .map(|text| format!("warning    {text}")),
        );
        reporter.result(&lines.join("\n"));
    }
    Exit::of_class(waiter.class)
}

async fn read(session: &mut Session, graph: &Graph) -> Result<Seen, Finding> {
    let server = Server::read(session).await?;
    let database = server.database(session, graph).await?;
    let history = if server.has_lineage { lineage::entries(session).await? } else { Vec::new() };
    Ok(Seen { server, database, history })
}
