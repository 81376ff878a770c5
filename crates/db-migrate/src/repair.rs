//! `repair`: undoes what an interrupted migration left half done, so that the next one succeeds.
//!
//! It says first what it would execute, and does so only when told `--yes`, with the migration lock in hand and with no
//! other transaction open in the database. The statements and the look that proves them are those of [`crate::stuck`].

use std::time::Duration;

use preflight::{Class, Context, Exit, Finding, Hop};

use crate::decision::{OnAhead, State};
use crate::engine::{Server, Session};
use crate::graph::Graph;
use crate::lock::Lock;
use crate::postgres::activity;
use crate::stuck::Stuck;

/// More than any of the statements takes when nobody is in its way.
const LIMIT: Duration = Duration::from_mins(1);

/// Looks, says what it would do, and does it if `yes`.
pub async fn repair(mut session: Session, graph: &Graph, yes: bool, context: &Context) -> Exit {
    let limit = LIMIT.min(context.policy.deadline);
    let target = session.target();
    let mut lock = Lock::default();
    let attempt = tokio::time::timeout(limit, attempt(&mut session, &mut lock, graph, yes));
    let finding = attempt.await.map_or_else(
        |_| {
            let message = format!("no answer from {target}; whether something was repaired is not known");
            Finding::not_yet(Hop::Tcp, message).code("ETIMEDOUT").hint("look with db-migrate status")
        },
        |found| found.unwrap_or_else(|finding| finding),
    );
    lock.release().await;
    session.close().await;
    let exit = Exit::of_class(finding.class);
    context.reporter.ended_with(&finding, exit);
    exit
}

async fn attempt(
    session: &mut Session,
    lock: &mut Lock,
    graph: &Graph,
    yes: bool,
) -> Result<Finding, Finding> {
    if let Some(refusal) = Server::read(session).await?.refusal(session, true) {
        return Err(refusal);
    }
    let Some(stuck) = stuck(session, graph).await? else { return nothing_to_repair(session, graph).await };
    if !yes {
        return Err(Finding::never(
            Hop::State,
            format!("{}; nothing was changed, but this would be executed: {}", stuck.left(), stuck.repair()),
        )
        .code("stuck")
        .hint("make sure that no migration is running, then let db-migrate repair --yes execute it"));
    }
    if !lock.take(session).await? {
        let holder = Server::read(session).await?.holder.unwrap_or_default();
        let message = format!("a migration is running: {holder}; nothing was changed");
        return Err(Finding::not_yet(Hop::State, message).code("locked").hint("let it end, then look again"));
    }
    let others = others(session).await?;
    if !others.is_empty() {
        let message =
            format!("other transactions are open in {}: {}; nothing was changed", session.target(), others);
        return Err(Finding::not_yet(Hop::State, message)
            .code("busy")
            .hint("a migration without our lock may be among them: let them end, or stop Dify's pods, then repair again"));
    }
    execute(session, stuck).await?;
    if self::stuck(session, graph).await?.is_some() {
        return Err(Finding::never(
            Hop::State,
            format!("{} is still there after: {}", stuck.exists(), stuck.repair()),
        )
        .code("stuck"));
    }
    Ok(Finding::ready(format!("repaired, by executing: {}; now migrate again", stuck.repair())))
}

async fn stuck(session: &mut Session, graph: &Graph) -> Result<Option<Stuck>, Finding> {
    let database = Server::read(session).await?.database(session, graph).await?;
    Ok(match State::of(graph, &database) {
        State::Stuck(stuck) => Some(stuck),
        _ => None,
    })
}

/// A schema that is in another state: healthy, on its way, or in one that no statement of ours mends.
async fn nothing_to_repair(session: &mut Session, graph: &Graph) -> Result<Finding, Finding> {
    let server = Server::read(session).await?;
    let database = server.database(session, graph).await?;
    let seen = State::of(graph, &database).for_waiter(
        graph,
        &database.rows,
        OnAhead::Allow,
        server.holder.as_deref(),
    );
    if matches!(seen.class, Class::Suspect | Class::Never) {
        return Err(seen);
    }
    Ok(Finding::ready(format!("nothing to repair: {}", seen.message)))
}

/// Transactions of others, whoever they are.
async fn others(session: &mut Session) -> Result<String, Finding> {
    let Session::Postgres(_) = session else { return Ok(String::new()) };
    let rows = session.ask(&activity::others()).await?;
    Ok(rows.into_iter().flatten().flatten().collect::<Vec<_>>().join(", "))
}

async fn execute(session: &mut Session, stuck: Stuck) -> Result<(), Finding> {
    let sql = format!("BEGIN; SET LOCAL lock_timeout = '5s'; {}; COMMIT", stuck.repair());
    let Err(refusal) = session.ask(&sql).await else { return Ok(()) };
    // The transaction that failed would refuse everything else.
    session.close().await;
    let waits = refusal.code.as_deref() == Some("55P03");
    let class = if waits { Class::NotYet } else { refusal.class };
    let hint = "another session uses that table: let it end, or stop Dify's pods, then repair again";
    Err(Finding { class, ..refusal }.hint(if waits { hint } else { "execute it as the owner of the table" }))
}
