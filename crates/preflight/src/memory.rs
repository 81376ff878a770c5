//! A limit on what one try may take of memory.
//!
//! Some clients read a message of whatever length the peer announces. A peer that never stops sending must not get the
//! container killed for lack of memory: the try is dropped instead, and with it what it had read.

use std::time::Duration;

/// More than any try needs, and less than what an init container is usually given.
const LIMIT_KIB: u64 = 48 * 1024;
/// How often to look; a try seldom takes so long.
const PAUSE: Duration = Duration::from_millis(20);

/// Returns when this process has grown by more than the limit since it was called.
pub(crate) async fn outgrown() {
    let start = resident().unwrap_or(u64::MAX - LIMIT_KIB);
    loop {
        tokio::time::sleep(PAUSE).await;
        if resident().is_some_and(|now| now > start.saturating_add(LIMIT_KIB)) {
            return;
        }
    }
}

/// What the process has taken for its data at present, in KiB; its code does not count.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_size_of_this_process_is_known() {
        assert!(super::resident().is_some_and(|size| size > 100));
    }
}
