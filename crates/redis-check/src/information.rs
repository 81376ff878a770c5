//! What a server says of itself, and what of it Dify will feel later.

use preflight::Finding;

use crate::connection::{Refusal, text};
use crate::endpoint::{Endpoint, Usage};
use crate::open::Session;

/// A share of `maxmemory` from which on it is worth a word.
const NEARLY: u64 = 90;

/// The parts of `INFO`, and of `CONFIG` where that is allowed.
#[derive(Debug, Default)]
pub(crate) struct Information {
    /// `redis_version`, which Valkey gives too, as that of the Redis that it is like.
    pub(crate) version: Option<String>,
    valkey: Option<String>,
    policy: Option<String>,
    maxmemory: u64,
    used: u64,
    appends: bool,
    /// Neither a log nor snapshots; nothing where `CONFIG` may not be asked.
    keeps_nothing: Option<bool>,
    last_save_failed: bool,
    last_append_failed: bool,
}

impl Information {
    /// Asks the server. A refusal is a warning.
    pub(crate) async fn of(session: &mut Session, warnings: &mut Vec<String>) -> Result<Self, Finding> {
        let mut found = match session.try_ask(&redis::cmd("INFO")).await? {
            Ok(reply) => read(&text(&reply).unwrap_or_default()),
            Err(refusal) => {
                warnings.push(untold("INFO", &refusal, session));
                return Ok(Self::default());
            }
        };
        // Managed servers hide CONFIG: then it is not known, and nobody is bothered.
        if let Ok(reply) = session.try_ask(redis::cmd("CONFIG").arg("GET").arg("save")).await? {
            let snapshots = crate::connection::field(&reply, "save").unwrap_or_default();
            found.keeps_nothing = Some(snapshots.is_empty() && !found.appends);
        }
        Ok(found)
    }
}

/// A sentence about a command that the server refuses to a user.
pub(crate) fn untold(command: &str, refusal: &Refusal, session: &Session) -> String {
    let what = match command {
        "ROLE" => "whether it is the master",
        _ => "its version, memory and persistence",
    };
    format!("{} refuses {command} ({}): {what} is not known", session.server.address, refusal.code)
}

fn read(info: &str) -> Information {
    let value = |name: &str| {
        info.lines().find_map(|line| line.trim_end().strip_prefix(name)?.strip_prefix(':').map(str::to_owned))
    };
    let number = |name: &str| value(name).and_then(|text| text.parse().ok()).unwrap_or(0);
    let failed = |name: &str| value(name).is_some_and(|status| status != "ok");
    Information {
        version: value("redis_version"),
        valkey: value("valkey_version"),
        policy: value("maxmemory_policy"),
        maxmemory: number("maxmemory"),
        used: number("used_memory"),
        appends: number("aof_enabled") == 1,
        keeps_nothing: None,
        last_save_failed: failed("rdb_last_bgsave_status"),
        last_append_failed: failed("aof_last_write_status"),
    }
}

/// `Redis 8.0.2, ` or `Valkey 8.1.1, `; nothing where the server does not tell.
pub(crate) fn product(information: &Information, session: &Session) -> String {
    let version = information.version.as_ref().or(session.version.as_ref());
    match (&information.valkey, version) {
        (Some(valkey), _) => format!("Valkey {valkey}, "),
        (None, Some(redis)) => format!("Redis {redis}, "),
        (None, None) => String::new(),
    }
}

/// What does not stop Dify today.
pub(crate) fn complaints(information: &Information, session: &Session, endpoint: &Endpoint) -> Vec<String> {
    let address = &session.server.address;
    let keeps = !matches!(endpoint.usage, Usage::Channels { .. });
    let mut complaints = Vec::new();
    let policy = information.policy.as_deref().unwrap_or_default();
    if keeps && information.maxmemory > 0 && policy.starts_with("allkeys") {
        complaints.push(format!(
            "maxmemory-policy {policy} of {address} may throw away queued tasks and locks; use noeviction"
        ));
    }
    let share = information.used.saturating_mul(100).checked_div(information.maxmemory).unwrap_or(0);
    if share >= NEARLY && !policy.starts_with("allkeys") {
        complaints
            .push(format!("{address} has used {share} % of its maxmemory; then it takes no writes any more"));
    }
    if information.last_save_failed {
        complaints.push(format!("the last snapshot of {address} failed; check its disk and its log"));
    }
    if information.last_append_failed {
        complaints
            .push(format!("the last write of {address} to its append-only file failed; check its disk"));
    }
    if matches!(endpoint.usage, Usage::Queues { .. }) && information.keeps_nothing == Some(true) {
        complaints.push(format!(
            "{address} keeps nothing on disk: queued tasks are lost when it restarts; set appendonly yes"
        ));
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_are_read() {
        let info = read(
            "redis_version:7.2.4\r\nvalkey_version:8.1.1\r\nused_memory:95\r\nmaxmemory:100\r\n\
             maxmemory_policy:allkeys-lru\r\naof_enabled:1\r\nrdb_last_bgsave_status:err\r\naof_last_write_status:ok\r\n",
        );
        assert_eq!(info.version.as_deref(), Some("7.2.4"));
        assert_eq!(info.valkey.as_deref(), Some("8.1.1"));
        assert_eq!((info.used, info.maxmemory), (95, 100));
        assert!(info.appends && info.last_save_failed && !info.last_append_failed);
    }
}
