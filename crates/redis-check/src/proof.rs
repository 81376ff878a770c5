//! What Dify does with a Redis, tried once: `PING`, `SELECT`, a write, the role.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};

use preflight::Finding;
use redis::Value;

use crate::connection::{Refusal, text};
use crate::endpoint::{Endpoint, Usage};
use crate::open::Session;
use crate::refusal;

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
    let written = match &endpoint.usage {
        Usage::Keys { prefix, .. } => write(session, prefix).await,
        Usage::Channels { prefix, sharded } => publish(session, prefix, *sharded).await,
    };
    be_master(session, written, &mut warnings).await?;
    let info = information(session, &mut warnings).await?;
    let version = info.version.or_else(|| session.version.clone());
    judge_version(session, version.as_deref(), endpoint, &mut warnings)?;
    if let (Some(policy), Usage::Keys { .. }) = (info.dangerous_policy, &endpoint.usage) {
        warnings.push(format!(
            "maxmemory-policy {policy} of {} may throw away queued tasks and locks; use noeviction",
            session.server.address
        ));
    }
    let version = version.map(|version| format!("Redis {version}, ")).unwrap_or_default();
    let what = match endpoint.usage {
        Usage::Keys { .. } => "takes writes",
        Usage::Channels { .. } => "takes messages",
    };
    let mut ready = Finding::ready(format!(
        "{} is a master and {what} ({version}database {})",
        session.server.who(),
        endpoint.database
    ));
    ready.warnings = warnings;
    Ok(ready)
}

async fn write(session: &mut Session, prefix: &str) -> Result<(), Finding> {
    let key = scratch(prefix);
    session.ask(redis::cmd("SET").arg(&key).arg("1").arg("EX").arg(SCRATCH_LIFE).arg("NX")).await?;
    session.ask(redis::cmd("DEL").arg(&key)).await?;
    Ok(())
}

async fn publish(session: &mut Session, prefix: &str, sharded: bool) -> Result<(), Finding> {
    let command = if sharded { "SPUBLISH" } else { "PUBLISH" };
    session.ask(redis::cmd(command).arg(scratch(prefix)).arg("1")).await?;
    Ok(())
}

/// A name that nobody else uses.
fn scratch(prefix: &str) -> String {
    let colon = if prefix.is_empty() { "" } else { ":" };
    // Each RandomState is seeded by the operating system.
    let unique = RandomState::new().build_hasher().finish();
    format!("{prefix}{colon}preflight:{unique:016x}")
}

/// A writable replica exists, too: what is written there never reaches the master.
async fn be_master(
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
            Some("slave") => {
                let master = match (role.get(1).and_then(text), role.get(2).and_then(text)) {
                    (Some(host), Some(port)) => Some(format!("{host}:{port}")),
                    _ => None,
                };
                Err(refusal::read_only(&session.server, master.as_deref()).code("READONLY"))
            }
            _ => Err(refusal::is_sentinel(&session.server)),
        },
        Ok(_) => written,
        Err(refusal) => {
            warnings.push(untold("ROLE", &refusal, session));
            written
        }
    }
}

#[derive(Default)]
struct Information {
    version: Option<String>,
    dangerous_policy: Option<String>,
}

async fn information(session: &mut Session, warnings: &mut Vec<String>) -> Result<Information, Finding> {
    match session.try_ask(&redis::cmd("INFO")).await? {
        Ok(reply) => Ok(read_info(&text(&reply).unwrap_or_default())),
        Err(refusal) => {
            warnings.push(untold("INFO", &refusal, session));
            Ok(Information::default())
        }
    }
}

fn read_info(info: &str) -> Information {
    let value = |name: &str| {
        info.lines().find_map(|line| line.trim_end().strip_prefix(name)?.strip_prefix(':').map(str::to_owned))
    };
    let bounded = value("maxmemory").is_some_and(|bytes| bytes != "0");
    Information {
        version: value("redis_version"),
        dangerous_policy: value("maxmemory_policy").filter(|policy| bounded && policy.starts_with("allkeys")),
    }
}

fn untold(command: &str, refusal: &Refusal, session: &Session) -> String {
    let what = match command {
        "ROLE" => "whether it is the master",
        _ => "its version and eviction policy",
    };
    format!("{} refuses {command} ({}): {what} is not known", session.server.address, refusal.code)
}

fn judge_version(
    session: &Session,
    version: Option<&str>,
    endpoint: &Endpoint,
    warnings: &mut Vec<String>,
) -> Result<(), Finding> {
    let Some(version) = version else { return Ok(()) };
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
    fn an_eviction_policy_matters_only_where_memory_is_bounded() {
        let info =
            |max: &str| format!("redis_version:8.0.2\r\nmaxmemory:{max}\r\nmaxmemory_policy:allkeys-lru\r\n");
        assert_eq!(read_info(&info("0")).dangerous_policy, None);
        assert_eq!(read_info(&info("1048576")).dangerous_policy.as_deref(), Some("allkeys-lru"));
        assert_eq!(read_info(&info("0")).version.as_deref(), Some("8.0.2"));
    }

    #[test]
    fn scratch_names_carry_the_prefix_and_differ() {
        assert!(scratch("dify").starts_with("dify:preflight:"));
        assert!(scratch("").starts_with("preflight:"));
        assert_ne!(scratch(""), scratch(""));
    }
}
