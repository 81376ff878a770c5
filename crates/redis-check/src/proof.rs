//! What Dify does with a Redis, tried once: `PING`, `SELECT`, a write, the role.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};

use preflight::Finding;
use redis::Value;

use crate::connection::text;
use crate::endpoint::{Endpoint, Usage};
use crate::information::{Information, complaints, product, untold};
use crate::open::Session;
use crate::refusal::{self, Following};

/// Seconds after which a scratch key that could not be deleted is gone.
const SCRATCH_LIFE: u32 = 60;

/// Goes all steps on an open session.
pub(crate) async fn prove(session: &mut Session, endpoint: &Endpoint) -> Result<Finding, Finding> {
    session.ask(&redis::cmd("PING")).await?;
    // Redis' own clients leave this out for database 0, and so may an ACL.
    if endpoint.database != 0 {
        session.ask(redis::cmd("SELECT").arg(endpoint.database)).await?;
    }
    let mut warnings = endpoint.warnings.clone();
    let name = scratch(endpoint.usage.prefix());
    let written = write(session, &endpoint.usage, &name).await;
    be_master(session, written, &mut warnings).await?;
    let information = Information::of(session, &mut warnings).await?;
    judge_version(session, &information, endpoint, &mut warnings)?;
    warnings.extend(complaints(&information, session, endpoint));
    let what = match endpoint.usage {
        Usage::Channels { .. } => "takes messages",
        _ => "takes writes",
    };
    let ready = Finding::ready(format!(
        "{} is a master and {what} ({}database {})",
        session.server.who(),
        product(&information, session),
        endpoint.database
    ));
    Ok(Finding { warnings, ..ready })
}

/// What Dify does there, once, under a name of its own.
pub(crate) async fn write(session: &mut Session, usage: &Usage, name: &str) -> Result<(), Finding> {
    match usage {
        Usage::Keys { .. } | Usage::Queues { .. } => set(session, name).await,
        Usage::Results { .. } => {
            set(session, name).await?;
            publish(session, "PUBLISH", name).await
        }
        Usage::Channels { sharded, .. } => {
            publish(session, if *sharded { "SPUBLISH" } else { "PUBLISH" }, name).await
        }
    }
}

async fn set(session: &mut Session, key: &str) -> Result<(), Finding> {
    session.ask(redis::cmd("SET").arg(key).arg("1").arg("EX").arg(SCRATCH_LIFE).arg("NX")).await?;
    session.ask(redis::cmd("DEL").arg(key)).await?;
    Ok(())
}

async fn publish(session: &mut Session, command: &str, channel: &str) -> Result<(), Finding> {
    session.ask(redis::cmd(command).arg(channel).arg("1")).await?;
    Ok(())
}

/// A name that nobody else uses.
pub(crate) fn scratch(prefix: &str) -> String {
    let colon = if prefix.is_empty() { "" } else { ":" };
    // Each RandomState is seeded by the operating system.
    let unique = RandomState::new().build_hasher().finish();
    format!("{prefix}{colon}preflight:{unique:016x}")
}

/// A writable replica exists, too: what is written there never reaches the master.
pub(crate) async fn be_master(
    session: &mut Session,
    written: Result<(), Finding>,
    warnings: &mut Vec<String>,
) -> Result<(), Finding> {
    if let Err(finding) = &written
        && finding.code.as_deref() != Some("READONLY")
    {
        return written;
    }
    match session.try_ask(&redis::cmd("ROLE")).await? {
        Ok(Value::Array(role)) => match role.first().and_then(text).as_deref() {
            Some("master") => written,
            Some("slave") => Err(refusal::read_only(&session.server, &following(&role)).code("READONLY")),
            _ => Err(refusal::is_sentinel(&session.server)),
        },
        Ok(_) => written,
        Err(refusal) => {
            warnings.push(untold("ROLE", &refusal, session));
            written
        }
    }
}

/// What `ROLE` of a replica says: `slave`, the master's host and port, the state of the link (`none`, `connect`,
/// `connecting`, `handshake`, `sync` or `connected`), an offset.
fn following(role: &[Value]) -> Following {
    let said = |place: usize| role.get(place).and_then(text);
    Following {
        master: said(1).zip(said(2)).map(|(host, port)| format!("{host}:{port}")),
        cut_off: said(3).is_some_and(|link| link != "connected"),
    }
}

/// Whether Dify's client can speak to this version.
pub(crate) fn judge_version(
    session: &Session,
    information: &Information,
    endpoint: &Endpoint,
    warnings: &mut Vec<String>,
) -> Result<(), Finding> {
    let Some(version) = information.version.as_ref().or(session.version.as_ref()) else { return Ok(()) };
    let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major >= 6) {
        return Ok(());
    }
    if endpoint.usage.needs_hello() {
        return Err(refusal::too_old(&session.server, &format!("it is {version}")));
    }
    warnings.push(format!("{} is Redis {version}; use 6 or newer", session.server.address));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scratch_names_carry_the_prefix_and_differ() {
        assert!(scratch("dify").starts_with("dify:preflight:"));
        assert!(scratch("").starts_with("preflight:"));
        assert_ne!(scratch(""), scratch(""));
    }
}
